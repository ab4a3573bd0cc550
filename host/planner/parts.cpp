// SPDX-License-Identifier: Apache-2.0
#include "host/planner/parts.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "host/planner/layout.hpp"
#include "host/planner/share.hpp"

namespace civicast::planner {
namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;

/// Which channels stay together.
class Groups {
 public:
  explicit Groups(std::size_t channels) : leader_(channels), size_(channels, 1) {
    std::iota(leader_.begin(), leader_.end(), 0);
  }
  int leader(int channel) {
    while (leader_[at_index(channel)] != channel)
      channel = leader_[at_index(channel)] = leader_[at_index(leader_[at_index(channel)])];
    return channel;
  }
  int size(int channel) { return size_[at_index(leader(channel))]; }

  void unite(const std::vector<int> &channels, int most) {
    int all = 0;
    std::vector<int> leaders;
    for (const int channel : channels) leaders.push_back(leader(channel));
    std::sort(leaders.begin(), leaders.end());
    leaders.erase(std::unique(leaders.begin(), leaders.end()), leaders.end());
    for (const int each : leaders) all += size_[at_index(each)];
    if (all > most) return;
    for (const int each : leaders) leader_[at_index(each)] = leaders.front();
    size_[at_index(leaders.front())] = all;
  }

 private:
  std::vector<int> leader_, size_;
};

/// By channel: its part. Small targets first, so that most stay whole.
std::vector<int> parts_of(const Problem &problem, int most_channels, int &count) {
  Groups groups(problem.channels.size());
  std::vector<const Target *> targets;
  for (const Campaign &campaign : problem.campaigns)
    for (const Target &target : campaign.targets)
      if (target.channels.size() > 1) targets.push_back(&target);
  std::stable_sort(targets.begin(), targets.end(), [](const Target *a, const Target *b) {
    return a->channels.size() < b->channels.size();
  });
  for (const Target *target : targets)
    if (target->day_most > 0) groups.unite(target->channels, std::numeric_limits<int>::max());
  for (const Target *target : targets) groups.unite(target->channels, most_channels);
  std::vector<int> part(problem.channels.size(), -1);
  count = 0;
  std::vector<int> room;  // by part
  std::map<int, int> part_of_group;
  for (int channel = 0; channel < static_cast<int>(part.size()); ++channel) {
    const int size = groups.size(channel);
    const auto [found, is_new] = part_of_group.try_emplace(groups.leader(channel), 0);
    if (is_new) {
      const auto free =
          std::find_if(room.begin(), room.end(), [&](int left) { return left >= size; });
      found->second = static_cast<int>(free - room.begin());
      if (free == room.end()) room.push_back(std::max(most_channels, size));
      room[at_index(found->second)] -= size;
    }
    part[at_index(channel)] = found->second;
  }
  count = static_cast<int>(room.size());
  return part;
}

class Cutting {
 public:
  Cutting(const Problem &problem, int most_channels) : whole_(problem) {
    int count = 0;
    part_of_ = parts_of(problem, most_channels, count);
    parts_.resize(at_index(count));
    index_.assign(part_of_.size(), 0);
    for (Part &part : parts_) {
      part.problem.days = problem.days;
      part.problem.measures_breaks = problem.measures_breaks;
    }
    for (std::size_t channel = 0; channel < part_of_.size(); ++channel) {
      Part &part = part_at(static_cast<int>(channel));
      index_[channel] = static_cast<int>(part.channels.size());
      part.channels.push_back(static_cast<int>(channel));
      part.problem.channels.push_back(problem.channels[channel]);
    }
  }

  std::vector<Part> run() && {
    cut_breaks();
    for (const Minimum &one : whole_.minima) {
      part_at(one.channel).problem.minima.push_back(one);
      part_at(one.channel).problem.minima.back().channel = index_[at_index(one.channel)];
    }
    for (const Fixed &one : whole_.fixed)
      if (one.day >= 0 && one.day < whole_.days) ++fixed_[{one.campaign, one.channel, one.day}];
    campaign_index_.assign(parts_.size(), std::vector<int>(whole_.campaigns.size(), -1));
    for (std::size_t i = 0; i < whole_.campaigns.size(); ++i) cut_campaign(static_cast<int>(i));
    cut_standing();
    for (std::size_t p = 0; p < parts_.size(); ++p) keep_exclusions(p);
    return std::move(parts_);
  }

 private:
  Part &part_at(int channel) { return parts_[at_index(part_of_[at_index(channel)])]; }

  void cut_breaks() {
    by_day_.resize(whole_.channels.size() * at_index(whole_.days));
    for (std::size_t b = 0; b < whole_.breaks.size(); ++b) {
      const Break &one = whole_.breaks[b];
      Part &part = part_at(one.channel);
      break_index_.push_back(static_cast<int>(part.breaks.size()));
      part.breaks.push_back(static_cast<int>(b));
      part.problem.breaks.push_back(one);
      part.problem.breaks.back().channel = index_[at_index(one.channel)];
      part.problem.break_ids.push_back(whole_.break_ids[b]);
      by_day_[day_of(one.channel, one.day)].push_back(&one);
    }
  }
  std::size_t day_of(int channel, int day) const {
    return at_index(channel) * at_index(whole_.days) + at_index(day);
  }

  /// The campaign in a part, with no targets yet; its channels are the part's.
  Campaign &campaign_in(std::size_t part_index, int campaign) {
    Part &part = parts_[part_index];
    int &index = campaign_index_[part_index][at_index(campaign)];
    if (index >= 0) return part.problem.campaigns[at_index(index)];
    index = static_cast<int>(part.campaigns.size());
    part.campaigns.push_back(campaign);
    Campaign copy = whole_.campaigns[at_index(campaign)];
    copy.targets.clear();
    for (Asset &asset : copy.assets) {
      const Asset whole = asset;
      asset.duration_ns.clear();
      asset.counted.clear();
      for (const int channel : part.channels) {
        asset.duration_ns.push_back(whole.duration_ns[at_index(channel)]);
        if (!whole.counted.empty()) asset.counted.push_back(whole.counted[at_index(channel)]);
      }
    }
    part.problem.campaigns.push_back(std::move(copy));
    return part.problem.campaigns.back();
  }

  void cut_campaign(int campaign) {
    for (const Target &target : whole_.campaigns[at_index(campaign)].targets) {
      std::map<int, Target> pieces;  // by part
      for (const int channel : target.channels) {
        const auto [piece, is_new] = pieces.try_emplace(part_of_[at_index(channel)], target);
        if (is_new) piece->second.channels.clear();
        piece->second.channels.push_back(index_[at_index(channel)]);
      }
      if (pieces.size() > 1) deal_out(campaign, target, pieces);
      for (auto &[part, piece] : pieces)
        campaign_in(at_index(part), campaign).targets.push_back(std::move(piece));
    }
  }

  /// A target in the course of being dealt out.
  struct Dealing {
    int campaign = 0;
    const Target &target;
    std::map<int, Target> &pieces;  ///< by part
    std::vector<Sharer> sharers;    ///< by channel of the target
    std::vector<int> room;          ///< by channel: what it could still take
    std::vector<int> left;          ///< by day: what no channel can take on it
  };

  void deal_out(int campaign, const Target &target, std::map<int, Target> &pieces) const {
    const std::size_t channels = target.channels.size();
    Dealing dealing{campaign,
                    target,
                    pieces,
                    std::vector<Sharer>(channels),
                    std::vector<int>(channels, 0),
                    std::vector<int>(target.quota.size(), 0)};
    double mean = 0;
    for (const int channel : target.channels)
      mean += counted_on(campaign, channel) / static_cast<double>(channels);
    for (std::size_t i = 0; i < channels; ++i)
      dealing.sharers[i].behind = arrears(mean, counted_on(campaign, target.channels[i]));
    for (auto &[part, piece] : pieces) piece.quota.assign(target.quota.size(), 0);
    deal_days(dealing);
    deal_rest(dealing);
    for (auto &[part, piece] : pieces)
      piece.most = piece.wanted = std::accumulate(piece.quota.begin(), piece.quota.end(), 0);
  }

  void give(Dealing &to, std::size_t channel, int day, int airings) const {
    const int part = part_of_[at_index(to.target.channels[channel])];
    to.pieces.at(part).quota[at_index(day)] += airings;
    to.room[channel] -= airings;
  }

  void deal_days(Dealing &of) const {
    int over = 0;  // what stands already beyond the days' quotas
    for (int day = 0; day < whole_.days; ++day) {
      std::vector<Sharer *> on_air;
      int open = of.target.quota[at_index(day)] - (of.target.is_daily ? 0 : over);
      for (std::size_t i = 0; i < of.sharers.size(); ++i) {
        Sharer &one = of.sharers[i];
        const auto fixed = fixed_.find({of.campaign, of.target.channels[i], day});
        one.due = fixed == fixed_.end() ? 0 : fixed->second;
        one.most = one.due + most_on(of.campaign, of.target, of.target.channels[i], day);
        of.room[i] += one.most;
        open -= one.due;
        if (one.most > 0) on_air.push_back(&one);
      }
      over = std::max(0, -open);
      of.left[at_index(day)] = deal(std::max(0, open), on_air);
      for (std::size_t i = 0; i < of.sharers.size(); ++i) give(of, i, day, of.sharers[i].due);
    }
  }

  /// What a day has no room for is owed by the channels that have some on another.
  void deal_rest(Dealing &of) const {
    for (int day = 0; day < whole_.days; ++day) {
      if (of.left[at_index(day)] <= 0) continue;
      std::vector<Sharer> spare(of.sharers.size());
      std::vector<Sharer *> all;
      for (std::size_t i = 0; i < spare.size(); ++i) {
        spare[i].most = of.room[i];
        all.push_back(&spare[i]);
      }
      const int lost = deal(of.left[at_index(day)], all);
      for (std::size_t i = 0; i < spare.size(); ++i) give(of, i, day, spare[i].due);
      give(of, 0, day, lost);
    }
  }

  int counted_on(int campaign, int channel) const {
    int airings = 0;
    for (const Asset &asset : whole_.campaigns[at_index(campaign)].assets)
      if (!asset.counted.empty()) airings += asset.counted[at_index(channel)];
    return airings;
  }

  /// About so many, were the campaign alone there.
  int most_on(int campaign, const Target &target, int channel, int day) const {
    const Campaign &of = whole_.campaigns[at_index(campaign)];
    if (day < of.first_day || day > of.last_day) return 0;
    std::int64_t shortest_ns = std::numeric_limits<std::int64_t>::max();
    for (const Asset &asset : of.assets)
      if (asset.duration_ns[at_index(channel)] >= 0)
        shortest_ns = std::min(shortest_ns, asset.duration_ns[at_index(channel)]);
    int most = 0;
    std::int64_t next_ns = std::numeric_limits<std::int64_t>::min();
    for (const Break *one : by_day_[day_of(channel, day)]) {
      const bool is_inside =
          std::any_of(of.windows.begin(), of.windows.end(), [&](const Window &window) {
            return window.from_s <= one->second_of_day && one->second_of_day < window.to_s;
          });
      if (!is_inside || (one->classes >> of.ad_class & 1U) == 0 || one->length_ns < shortest_ns ||
          one->start_ns < next_ns)
        continue;
      ++most;
      next_ns = one->start_ns + std::max(of.separation_ns, ns_per_second);
    }
    return target.channel_day_most > 0 ? std::min(most, target.channel_day_most) : most;
  }

  void cut_standing() {
    for (const Fixed &one : whole_.fixed) {
      const auto p = at_index(part_of_[at_index(one.channel)]);
      campaign_in(p, one.campaign);
      Fixed mine = one;
      mine.campaign = campaign_index_[p][at_index(one.campaign)];
      mine.channel = index_[at_index(one.channel)];
      parts_[p].problem.fixed.push_back(mine);
    }
    for (const Published &one : whole_.published) {
      const int channel = whole_.breaks[at_index(one.in_break)].channel;
      const auto p = at_index(part_of_[at_index(channel)]);
      campaign_in(p, one.campaign);
      parts_[p].problem.published.push_back({campaign_index_[p][at_index(one.campaign)], one.asset,
                                             break_index_[at_index(one.in_break)]});
    }
  }

  void keep_exclusions(std::size_t p) {
    for (Campaign &campaign : parts_[p].problem.campaigns) {
      std::vector<int> here;
      for (const int other : campaign.not_with)
        if (campaign_index_[p][at_index(other)] >= 0)
          here.push_back(campaign_index_[p][at_index(other)]);
      campaign.not_with = std::move(here);
    }
  }

  const Problem &whole_;
  std::vector<Part> parts_;
  std::vector<int> part_of_, index_;              ///< by channel: its part, and its index there
  std::vector<int> break_index_;                  ///< by break: its index in its part
  std::vector<std::vector<int>> campaign_index_;  ///< by part and campaign; negative: not there
  std::vector<std::vector<const Break *>> by_day_;
  std::map<std::tuple<int, int, int>, int> fixed_;  ///< by campaign, channel and day
};

}  // namespace

std::vector<Part> cut(const Problem &problem, int most_channels) {
  return Cutting(problem, most_channels).run();
}

Plan join(const Problem &problem, const std::vector<Part> &parts, const std::vector<Plan> &plans) {
  Plan whole;
  bool is_bounded = true;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (Placement one : plans[p].placements) {
      one.campaign = parts[p].campaigns[at_index(one.campaign)];
      one.in_break = parts[p].breaks[at_index(one.in_break)];
      whole.placements.push_back(one);
    }
    whole.cost += plans[p].cost;
    whole.bound += plans[p].bound;
    is_bounded = is_bounded && (plans[p].bound > 0 || plans[p].cost == 0);
  }
  if (!is_bounded) whole.bound = 0;
  std::stable_sort(whole.placements.begin(), whole.placements.end(),
                   [&](const Placement &a, const Placement &b) {
                     const int left = problem.breaks[at_index(a.in_break)].channel;
                     const int right = problem.breaks[at_index(b.in_break)].channel;
                     return std::pair(left, a.start_ns) < std::pair(right, b.start_ns);
                   });
  whole.outcomes = outcomes_of(problem, whole.placements);
  return whole;
}

}  // namespace civicast::planner
