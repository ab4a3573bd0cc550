// SPDX-License-Identifier: Apache-2.0
#include "host/planner/check.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "host/planner/faults.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::planner {
namespace {

class Checking {
 public:
  Checking(const Problem &problem, const std::vector<Placement> &placements)
      : problem_(problem), placements_(placements) {}

  Faults run() && {
    for (const Placement &spot : placements_) {
      if (!is_known(spot)) {
        tell(faults::planner_unknown, spot);
        continue;
      }
      known_.push_back(&spot);
      look_at(spot);
    }
    if (!problem_.measures_breaks) look_at_overlaps();
    look_at_breaks();
    look_at_separation();
    look_at_targets();
    return std::move(faults_);
  }

 private:
  static bool is_in(int index, std::size_t size) {
    return index >= 0 && static_cast<std::size_t>(index) < size;
  }
  bool is_known(const Placement &spot) const {
    return is_in(spot.in_break, problem_.breaks.size()) &&
           is_in(spot.campaign, problem_.campaigns.size()) &&
           is_in(spot.asset, campaign(spot).assets.size()) && length_of(spot) >= 0;
  }
  const Break &break_of(const Placement &spot) const {
    return problem_.breaks.at(static_cast<std::size_t>(spot.in_break));
  }
  const Campaign &campaign(const Placement &spot) const {
    return problem_.campaigns.at(static_cast<std::size_t>(spot.campaign));
  }
  std::int64_t length_of(const Placement &spot) const {
    return campaign(spot)
        .assets.at(static_cast<std::size_t>(spot.asset))
        .duration_ns.at(static_cast<std::size_t>(break_of(spot).channel));
  }
  /// The instant by which windows and separation are judged.
  std::int64_t judged_ns(const Placement &spot) const {
    return problem_.measures_breaks ? break_of(spot).start_ns : spot.start_ns;
  }

  std::string name(const Placement &spot) const {
    const bool has_id = is_in(spot.in_break, problem_.break_ids.size());
    const bool has_campaign = is_in(spot.campaign, problem_.campaigns.size());
    return (has_id ? problem_.break_ids.at(static_cast<std::size_t>(spot.in_break))
                   : std::to_string(spot.in_break)) +
           " " + (has_campaign ? campaign(spot).id : std::to_string(spot.campaign)) + " " +
           rfc3339(spot.start_ns).substr(0, 19) + "Z";
  }
  void tell(const FaultKind &kind, const Placement &spot) {
    faults_.push_back(Fault(kind, {{"spot", name(spot)}}));
  }
  void tell(const FaultKind &kind, const Placement &spot, const Placement &other) {
    faults_.push_back(Fault(kind, {{"spot", name(spot)}, {"other", name(other)}}));
  }

  void look_at(const Placement &spot) {
    const Break &here = break_of(spot);
    const Campaign &of = campaign(spot);
    if (((here.classes >> of.ad_class) & 1U) == 0) tell(faults::planner_class_refused, spot);
    if (here.day < of.first_day || here.day > of.last_day)
      tell(faults::planner_outside_dates, spot);
    if (spot.end_ns - spot.start_ns != length_of(spot)) tell(faults::planner_wrong_length, spot);
    if (spot.start_ns < here.start_ns || spot.end_ns > here.start_ns + here.length_ns)
      tell(faults::planner_outside_break, spot);
    const std::int64_t second_ns = 1'000'000'000;
    const auto of_day_ns = here.second_of_day * second_ns + judged_ns(spot) - here.start_ns;
    bool is_inside = false;
    for (const Window &window : of.windows)
      is_inside |= of_day_ns >= window.from_s * second_ns && of_day_ns < window.to_s * second_ns;
    if (!is_inside) tell(faults::planner_outside_windows, spot);
  }

  void look_at_overlaps() {
    std::map<int, std::vector<const Placement *>> by_channel;
    for (const auto *spot : known_) by_channel[break_of(*spot).channel].push_back(spot);
    for (auto &[channel, spots] : by_channel) {
      std::sort(spots.begin(), spots.end(), [](const auto *a, const auto *b) {
        return std::tie(a->start_ns, a->end_ns) < std::tie(b->start_ns, b->end_ns);
      });
      for (std::size_t i = 1; i < spots.size(); ++i)
        if (spots[i]->start_ns < spots[i - 1]->end_ns)
          tell(faults::planner_overlap, *spots[i], *spots[i - 1]);
    }
  }

  void look_at_breaks() {
    std::map<int, std::vector<const Placement *>> by_break;
    for (const auto *spot : known_) by_break[spot->in_break].push_back(spot);
    for (const auto &[index, spots] : by_break) {
      const Break &here = break_of(*spots.front());
      std::int64_t used_ns = 0;
      for (const auto *spot : spots) used_ns += length_of(*spot);
      if (used_ns > here.length_ns) tell(faults::planner_outside_break, *spots.back());
      if (here.max_items > 0 && spots.size() > static_cast<std::size_t>(here.max_items))
        faults_.push_back(
            Fault(faults::planner_too_many_items,
                  {{"spot", name(*spots.back())}, {"limit", std::to_string(here.max_items)}}));
      for (std::size_t i = 0; i < spots.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) look_at_pair(*spots[i], *spots[j]);
    }
  }

  void look_at_pair(const Placement &spot, const Placement &other) {
    if (spot.campaign == other.campaign)
      tell(faults::planner_campaign_twice, spot);
    else if (campaign(spot).topic >= 0 && campaign(spot).topic == campaign(other).topic)
      tell(faults::planner_topic_twice, spot, other);
    else if (is_excluded(spot.campaign, other.campaign))
      tell(faults::planner_pair_excluded, spot, other);
  }
  bool is_excluded(int one, int other) const {
    const auto names = [&](int from, int to) {
      const auto &all = problem_.campaigns.at(static_cast<std::size_t>(from)).not_with;
      return std::find(all.begin(), all.end(), to) != all.end();
    };
    return names(one, other) || names(other, one);
  }

  void look_at_separation() {
    using Start = std::pair<std::int64_t, const Placement *>;  // no placement: it is fixed
    std::map<std::pair<int, int>, std::vector<Start>> starts;
    for (const auto *spot : known_)
      starts[{spot->campaign, break_of(*spot).channel}].emplace_back(judged_ns(*spot), spot);
    for (const Fixed &fixed : problem_.fixed)
      starts[{fixed.campaign, fixed.channel}].emplace_back(fixed.start_ns, nullptr);
    for (auto &[key, all] : starts) {
      std::sort(all.begin(), all.end());
      const auto asked_ns =
          problem_.campaigns.at(static_cast<std::size_t>(key.first)).separation_ns;
      for (std::size_t i = 1; i < all.size(); ++i) {
        const auto gap_ns = all[i].first - all[i - 1].first;
        const Placement *blamed = all[i].second != nullptr ? all[i].second : all[i - 1].second;
        if (blamed == nullptr || gap_ns >= asked_ns) continue;
        faults_.push_back(Fault(faults::planner_too_close, {{"spot", name(*blamed)},
                                                            {"gap", seconds(gap_ns)},
                                                            {"separation", seconds(asked_ns)}}));
      }
    }
  }

  static std::string seconds(std::int64_t ns) { return std::to_string(ns / 1'000'000'000); }

  struct Count {
    int fixed = 0, planned = 0;
  };
  using Counts = std::map<std::tuple<int, int, int>, Count>;  ///< by campaign, channel, day

  void look_at_caps(const Counts &counts) {
    for (std::size_t i = 0; i < problem_.campaigns.size(); ++i)
      for (const Target &target : problem_.campaigns[i].targets)
        for (int day = 0; day < problem_.days; ++day) {
          Count all;
          for (const int channel : target.channels) {
            const auto found = counts.find({static_cast<int>(i), channel, day});
            if (found == counts.end()) continue;
            look_at_cap(i, channel, day, found->second, target.channel_day_most);
            all.fixed += found->second.fixed;
            all.planned += found->second.planned;
          }
          if (!target.channels.empty())
            look_at_cap(i, target.channels.front(), day, all, target.day_most);
        }
  }

  void look_at_cap(std::size_t campaign, int channel, int day, const Count &count, int cap) {
    if (cap <= 0 || count.planned == 0 || count.fixed + count.planned <= cap) return;
    faults_.push_back(Fault(faults::planner_over_cap,
                            {{"campaign", problem_.campaigns[campaign].id},
                             {"channel", problem_.channels.at(static_cast<std::size_t>(channel))},
                             {"day", std::to_string(day + 1)},
                             {"planned", std::to_string(count.fixed + count.planned)},
                             {"cap", std::to_string(cap)}}));
  }

  void look_at_targets() {
    Counts counts;
    for (const auto *spot : known_)
      ++counts[{spot->campaign, break_of(*spot).channel, break_of(*spot).day}].planned;
    for (const Fixed &fixed : problem_.fixed)
      if (fixed.day >= 0) ++counts[{fixed.campaign, fixed.channel, fixed.day}].fixed;
    look_at_caps(counts);
    for (std::size_t i = 0; i < problem_.campaigns.size(); ++i) {
      std::map<int, int> target_of;
      const Campaign &of = problem_.campaigns[i];
      for (std::size_t t = 0; t < of.targets.size(); ++t)
        for (const int channel : of.targets[t].channels) target_of[channel] = static_cast<int>(t);
      // A total is kept over all days; a daily target on each.
      std::map<std::pair<int, int>, Count> sums;
      auto from = counts.lower_bound({static_cast<int>(i), -1, -1});
      for (; from != counts.end() && std::get<0>(from->first) == static_cast<int>(i); ++from) {
        const auto &[campaign_index, channel, day] = from->first;
        const auto target = target_of.find(channel);
        const int index = target == target_of.end() ? -1 : target->second;
        const bool is_daily = index >= 0 && of.targets[static_cast<std::size_t>(index)].is_daily;
        Count &sum = sums[{index, is_daily ? day : -1}];
        sum.fixed += from->second.fixed;
        sum.planned += from->second.planned;
      }
      for (const auto &[key, sum] : sums)
        look_at_sum(of, key.first, key.second, sum.fixed, sum.planned);
    }
  }

  void look_at_sum(const Campaign &of, int target, int day, int fixed, int planned) {
    int wanted = 0;
    std::string channel;
    if (target >= 0) {
      const Target &its = of.targets[static_cast<std::size_t>(target)];
      wanted = its.is_daily ? its.quota.at(static_cast<std::size_t>(day)) : its.most;
      channel = problem_.channels.at(static_cast<std::size_t>(its.channels.front()));
    }
    if (planned == 0 || fixed + planned <= wanted) return;
    faults_.push_back(
        Fault(faults::planner_over_target, {{"campaign", of.id},
                                            {"channel", channel},
                                            {"planned", std::to_string(fixed + planned)},
                                            {"wanted", std::to_string(wanted)}}));
  }

  const Problem &problem_;
  const std::vector<Placement> &placements_;
  std::vector<const Placement *> known_;
  Faults faults_;
};

}  // namespace

Faults check(const Problem &problem, const std::vector<Placement> &placements) {
  return Checking(problem, placements).run();
}

}  // namespace civicast::planner
