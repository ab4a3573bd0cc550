// SPDX-License-Identifier: Apache-2.0
#include "host/planner/minima.hpp"

#include <algorithm>
#include <unordered_map>

#include "host/rules/judge.hpp"

namespace civicast::planner {
namespace {

using campaigns::AdClass;

class Asking {
 public:
  Asking(const Question &question, const Zone &zone, const Problem &problem)
      : question_(question), zone_(zone), problem_(problem) {}

  std::vector<Minimum> run() && {
    lay_out_days();
    for (const grids::GridDay &grid : question_.grid_days) add_log(grid);
    for (const Standing &one : question_.standing)
      if (one.is_frozen && !one.has_failed) add_frozen(one);
    for (const Campaign &campaign : problem_.campaigns) add_commercials_of(campaign);
    for (const Break &one : problem_.breaks) day(one.channel, one.day).breaks.push_back(&one);
    for (std::size_t c = 0; c < question_.channels.size(); ++c)
      for (int d = 0; d < question_.days; ++d) ask(static_cast<int>(c), d);
    return std::move(minima_);
  }

 private:
  struct Day {
    rules::ChannelDay there;
    std::vector<const Break *> breaks;
  };

  Day &day(int channel, int index) {
    return days_[static_cast<std::size_t>(channel) * static_cast<std::size_t>(question_.days) +
                 static_cast<std::size_t>(index)];
  }
  /// Null outside the question.
  Day *find(const std::string &channel, Date date) {
    const auto found = channel_index_.find(channel);
    const int index = days_between(question_.first, date);
    if (found == channel_index_.end() || index < 0 || index >= question_.days) return nullptr;
    return &day(found->second, index);
  }

  void lay_out_days() {
    for (std::size_t c = 0; c < question_.channels.size(); ++c) {
      channel_index_.emplace(question_.channels[c], static_cast<int>(c));
      Date date = question_.first;
      for (int d = 0; d < question_.days; ++d, date = next_day(date))
        days_.push_back({{question_.channels[c], question_.media[c], date, 0, {}}, {}});
    }
  }

  void add_log(const grids::GridDay &grid) {
    Day *there = find(grid.channel, grid.date);
    if (there == nullptr) return;
    for (const auto &commercials : grid.commercials)
      there->there.commercial_ns += commercials.length_ns;
  }

  bool is_planned(const std::string &id) const {
    return std::any_of(problem_.campaigns.begin(), problem_.campaigns.end(),
                       [&](const Campaign &campaign) { return campaign.id == id; });
  }

  void add_frozen(const Standing &one) {
    Day *there = find(one.channel, one.date);
    if (there == nullptr) return;
    // A commercial campaign's day is counted whole, with what is frozen of it.
    if (one.ad_class == AdClass::commercial && is_planned(one.campaign)) return;
    there->there.spots.push_back({one.ad_class, zone_.second_of_day(one.start_ns), one.length_ns});
  }

  /// Commercials that this plan has still to place count as their day's quota, each as long as
  /// their longest asset: what is asked for is never too little but where a day takes more than its
  /// pace. The plan itself is judged by what it holds.
  void add_commercials_of(const Campaign &campaign) {
    if (campaign.ad_class != static_cast<int>(AdClass::commercial)) return;
    for (const Target &target : campaign.targets)
      for (const int channel : target.channels) {
        std::int64_t longest_ns = 0;
        for (const Asset &asset : campaign.assets)
          longest_ns = std::max(longest_ns, asset.duration_ns[static_cast<std::size_t>(channel)]);
        for (int d = 0; d < question_.days; ++d)
          day(channel, d).there.commercial_ns +=
              longest_ns * target.quota[static_cast<std::size_t>(d)];
      }
  }

  void ask(int channel, int index) {
    const Day &of = day(channel, index);
    for (const rules::Verdict &verdict : rules::judge(question_.rules, of.there)) {
      const bool is_open = std::any_of(of.breaks.begin(), of.breaks.end(), [&](const Break *one) {
        return one->second_of_day >= verdict.from_s && one->second_of_day < verdict.to_s;
      });
      if (verdict.is_met() || !is_open) continue;
      Minimum minimum{channel, index, verdict.from_s, verdict.to_s, 0};
      if (verdict.is_time)
        minimum.least_ns = verdict.missing();
      else
        minimum.least = static_cast<int>(verdict.missing());
      minimum.classes = 0;
      for (const AdClass ad_class : verdict.counts)
        minimum.classes |= std::uint32_t{1} << static_cast<int>(ad_class);
      minima_.push_back(minimum);
    }
  }

  const Question &question_;
  const Zone &zone_;
  const Problem &problem_;
  std::unordered_map<std::string, int> channel_index_;
  std::vector<Day> days_;  ///< by channel and day
  std::vector<Minimum> minima_;
};

}  // namespace

std::vector<Minimum> minima_of(const Question &question, const Zone &zone, const Problem &problem) {
  if (question.rules.empty()) return {};
  return Asking(question, zone, problem).run();
}

}  // namespace civicast::planner
