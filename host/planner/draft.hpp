// SPDX-License-Identifier: Apache-2.0
// A plan in the making: every question that the search asks is answered in a few steps, and every
// change tells what it costs. Keeps all hard rules: what it refuses is never in it.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "host/planner/planner.hpp"

namespace civicast::planner {

/// One campaign on one channel, and the breaks that it may stand in.
struct Lane {
  int campaign = 0, target = 0, channel = 0;  ///< target: index into Draft's flat list
  std::int64_t shortest_ns = 0;               ///< its shortest asset there
  std::size_t word = 0;                       ///< where its bits begin
  std::vector<int> eligible;                  ///< ordinals of breaks of the channel, in order
  /// By day: the even gap, and the window seconds between which airings can stand.
  struct Day {
    std::int64_t even_s = 1, from_s = 0, to_s = 0;
  };
  std::vector<Day> days;
};

class Draft {
 public:
  Draft(const Problem &problem, const Costs &costs);

  const std::vector<Lane> &lanes() const { return lanes_; }
  /// The break behind an ordinal of a lane's channel.
  int break_at(const Lane &lane, int ordinal) const {
    return channel_breaks_[static_cast<std::size_t>(lane.channel)]
                          [static_cast<std::size_t>(ordinal)];
  }
  /// Where a break lies among its day's windows of the lane's campaign, in seconds.
  std::int64_t window_second(const Lane &lane, int ordinal) const;

  bool holds(const Lane &lane, int ordinal) const;
  /// The asset that may be added now (the one furthest behind its share), or −1. The ordinal must
  /// be eligible.
  int asset_for(const Lane &lane, int ordinal) const;
  /// Whether not even the lane's shortest asset fits beside what is there.
  bool is_full(const Lane &lane, int ordinal) const;
  /// Whether the day and the target want one more, as far as hard limits go.
  bool is_wanted(const Lane &lane, int day) const;
  int missing_on(const Lane &lane, int day) const;

  /// Each returns the change of cost. add needs an asset from asset_for; remove needs holds.
  std::int64_t add(const Lane &lane, int ordinal, int asset);
  std::int64_t remove(const Lane &lane, int ordinal);

  /// A neighbour's ordinal before or after, over all days; −1 if none.
  int before(const Lane &lane, int ordinal) const;
  int after(const Lane &lane, int ordinal) const;

  struct Entry {
    int lane = 0, asset = 0;
  };
  const std::vector<Entry> &entries(int in_break) const {
    return entries_[static_cast<std::size_t>(in_break)];
  }
  int ordinal_of(int in_break) const { return ordinals_[static_cast<std::size_t>(in_break)]; }
  /// The lane of a campaign on a channel, or −1.
  int lane_of(int campaign, int channel) const;

  /// Takes back everything since `earlier`, a copy of this draft, was made.
  void restore(const Draft &earlier);

  std::int64_t cost() const { return cost_; }
  int planned(int flat_target) const { return totals_[static_cast<std::size_t>(flat_target)]; }
  std::size_t flat_target(int campaign, int target) const {
    return first_target_[static_cast<std::size_t>(campaign)] + static_cast<std::size_t>(target);
  }
  const Problem &problem() const { return problem_; }

 private:
  void make_targets();
  void make_lanes();
  void make_lane(int campaign, int target, int channel);
  void make_lane_days(Lane &lane) const;
  void count_fixed();
  bool may_hold(const Lane &lane, const Break &at, const std::vector<std::int64_t> &fixed_ns) const;
  std::vector<std::int64_t> fixed_starts(const Lane &lane) const;
  bool is_apart(const Lane &lane, int ordinal) const;
  std::int64_t latest_offset_ns(const Lane &lane, const Break &at) const;
  std::int64_t missing_cost(int weight, int have, int wanted) const;
  std::int64_t pace_step(const Lane &lane, int day, int step) const;
  std::int64_t spacing_step(const Lane &lane, int ordinal) const;
  std::int64_t gap_cost(const Lane &lane, const Lane::Day &day, std::int64_t from_s,
                        std::int64_t to_s, bool is_edge) const;
  const Campaign &campaign(const Lane &lane) const {
    return problem_.campaigns[static_cast<std::size_t>(lane.campaign)];
  }
  const Break &at(const Lane &lane, int ordinal) const {
    return problem_.breaks[static_cast<std::size_t>(break_at(lane, ordinal))];
  }
  int &day_count(int flat_target, int day) {
    return day_counts_[static_cast<std::size_t>(flat_target) *
                           static_cast<std::size_t>(problem_.days) +
                       static_cast<std::size_t>(day)];
  }
  int day_count(int flat_target, int day) const {
    return const_cast<Draft *>(this)->day_count(flat_target, day);
  }
  int &asset_count(const Lane &lane, int asset);

  const Problem &problem_;
  const Costs &costs_;
  std::int64_t cost_ = 0;
  std::vector<std::vector<int>> channel_breaks_;  ///< by channel, by start
  std::vector<int> ordinals_;                     ///< by break
  std::vector<std::size_t> first_target_;         ///< by campaign
  std::vector<const Target *> targets_;
  std::vector<int> totals_, caps_, day_counts_;
  std::vector<Lane> lanes_;
  std::vector<int> lane_of_;              ///< by campaign × channel
  std::vector<std::uint64_t> held_;       ///< by lane, a bit for each break of its channel
  std::vector<std::uint64_t> published_;  ///< the same, for what was published
  std::vector<std::int64_t> used_ns_;     ///< by break
  std::vector<std::vector<Entry>> entries_;
  std::vector<std::size_t> first_asset_;  ///< by lane
  std::vector<int> asset_counts_;
};

}  // namespace civicast::planner
