// SPDX-License-Identifier: Apache-2.0
// A problem laid out for the search: goals, lane-days, and the steps at which each can air.
//
// A lane is a campaign on a channel, a lane-day is what it does on one day, a step is a break in
// which it may stand then. Whatever depends on one lane alone (class, dates, windows, what is
// fixed) is decided here, once; what depends on others (room, topics) is the board's.
//
// Costs are numbers of paces: 1 is a day's pace missed by one airing of a campaign of weight one.
#pragma once

#include <cstdint>
#include <vector>

#include "host/planner/planner.hpp"

namespace civicast::planner {

constexpr std::size_t at_index(int index) {
  return static_cast<std::size_t>(index);
}

/// So many airings on some channels together.
struct Goal {
  int campaign = 0, target = 0;
  int cap = 0;                              ///< no more in all
  bool is_daily = false;                    ///< each day's quota is its cap
  std::vector<int> quota;                   ///< by day
  std::vector<int> fixed;                   ///< by day: airings that stand already
  double weight = 1;                        ///< of its campaign
  std::vector<std::vector<int>> lane_days;  ///< by day
};

struct LaneDay {
  int goal = 0, campaign = 0, channel = 0, day = 0;
  std::size_t first = 0;  ///< of its steps
  int steps = 0;
  int most = 0;                 ///< airings that separation lets it hold
  int before = -1, after = -1;  ///< the same lane's lane-day on the day before and after
  int minimum = -1;             ///< of its channel and day; negative: none
  std::int64_t shortest_ns = 0;
  double gap_weight = 0;  ///< what an even gap costs; 0: gaps cost nothing here
  std::int64_t even_s = 1, from_s = 0, to_s = 0;  ///< the even gap; where airings can stand
};

struct Layout {
  Layout(const Problem &problem, const Costs &costs);

  const Problem &problem;
  const Costs &costs;
  std::vector<Goal> goals;
  std::vector<LaneDay> lane_days;

  // By step.
  std::vector<int> in_break;
  std::vector<float> cost;          ///< of an airing there, whatever else is planned
  std::vector<std::int16_t> reach;  ///< so many of the lane-day's steps are far enough before it
  std::vector<std::int64_t> start_ns;
  std::vector<std::int64_t> next_ns;   ///< when the lane's next airing may start at the earliest
  std::vector<std::int64_t> window_s;  ///< its second among the windows of its campaign
  std::vector<bool> is_in_minimum;

  /// What it costs when a goal has `had` airings; of a daily goal on a day of that quota.
  double missing_cost(const Goal &goal, int had, int wanted) const;
  double pace_cost(const Goal &goal, int day, int had) const;

  /// Two campaigns without a bit in common exclude nothing of each other.
  std::uint64_t topic_bit(int campaign) const {
    const int topic = problem.campaigns[at_index(campaign)].topic;
    return topic < 0 ? 0 : std::uint64_t{1} << (topic % 64);
  }
  /// May these campaigns not stand in one break?
  bool excludes(int campaign, int other) const {
    const int topic = problem.campaigns[at_index(campaign)].topic;
    return topic >= 0 && topic == problem.campaigns[at_index(other)].topic;
  }
};

}  // namespace civicast::planner
