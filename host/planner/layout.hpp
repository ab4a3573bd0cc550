// SPDX-License-Identifier: Apache-2.0
// A problem laid out for the search: goals, lane-days, and the steps at which each can air.
//
// A lane is a campaign on a channel, a lane-day is what it does on one day, a step is a break in
// which it may stand then. Whatever depends on one lane alone (class, dates, windows, what is
// fixed) is decided here, once; what depends on others (room, topics) is the board's.
//
// Costs are numbers of paces: 1 is a day's pace missed by one airing of a campaign of weight one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
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
  std::vector<int> most;                    ///< by day: no more, with what is fixed
  std::vector<int> fixed;                   ///< by day: airings that stand already
  double weight = 1;                        ///< of its campaign
  std::vector<std::vector<int>> lane_days;  ///< by day
  int all_lane_days = 0;                    ///< so many in all
};

/// A legal minimum as the search counts it: in airings, or in nanoseconds.
struct Asked {
  std::int64_t least = 0;
  bool is_time = false;
  std::int64_t amount(std::int64_t length_ns) const { return is_time ? length_ns : 1; }
  /// In airings; so much time as a spot usually takes is one.
  double airings(std::int64_t amount) const {
    return static_cast<double>(amount) / (is_time ? usual_spot_ns : 1.0);
  }
  static constexpr double usual_spot_ns = 15e9;
};

/// What an airing saves of each legal minimum of its channel and day.
struct MinimumGains {
  std::array<float, max_minima_a_day> each{};
  bool is_any = false;  ///< is one of them not 0?
  float of(unsigned minima) const {
    float sum = 0;
    for (std::size_t i = 0; minima != 0; ++i, minima >>= 1)
      if ((minima & 1U) != 0) sum += each[i];
    return sum;
  }
};

struct LaneDay {
  int goal = 0, campaign = 0, channel = 0, day = 0;
  std::size_t first = 0;  ///< of its steps
  int steps = 0;
  int most = 0;                 ///< airings that separation and a cap let it hold
  int before = -1, after = -1;  ///< the same lane's lane-day on the day before and after
  std::size_t minimum = 0;      ///< the first of its channel and day, in Layout::minima
  unsigned minima = 0;          ///< those that any of its steps counts for
  std::int64_t shortest_ns = 0, longest_ns = 0;
  std::size_t asset = 0;  ///< the first of its campaign on its channel, in Layout::lengths_ns
  int assets = 0;
  double gap_weight = 0;  ///< what an even gap costs; 0: gaps cost nothing here
  std::int64_t even_s = 1, from_s = 0, to_s = 0;  ///< the even gap; where airings can stand
  double per_even = 1;                            ///< 1 / even_s
};

/// Where a goal can air.
struct Spot {
  int lane_day = 0, step = 0;
  bool operator==(const Spot &) const = default;
};

struct Layout {
  Layout(const Problem &problem, const Costs &costs);

  const Problem &problem;
  const Costs &costs;
  std::vector<Goal> goals;
  std::vector<LaneDay> lane_days;
  std::vector<Asked> minima;  ///< by channel and day
  /// By campaign, channel and asset; negative: not aired there.
  std::vector<std::int64_t> lengths_ns;
  /// What it costs to air nothing at all, but for what is missing: gaps as long as the days, and
  /// what was published and is not kept. The search counts gaps and changes from there.
  double idle = 0;

  // By step.
  std::vector<int> in_break;
  std::vector<float> cost;          ///< of an airing there, whatever else is planned
  std::vector<std::int16_t> reach;  ///< so many of the lane-day's steps are far enough before it
  std::vector<std::int64_t> start_ns;
  std::vector<std::int64_t> next_ns;    ///< when the lane's next airing may start at the earliest;
                                        ///< grows with the steps of a lane-day, as start_ns does
  std::vector<std::int64_t> window_s;   ///< its second among the windows of its campaign
  std::vector<std::uint8_t> in_minima;  ///< a bit for each of its channel and day it counts for

  /// The goal's step in that break; nothing if it can never air there.
  std::optional<Spot> spot(int goal, int in_break) const;
  std::int64_t length_ns(const LaneDay &lane_day, int asset) const {
    return lengths_ns[lane_day.asset + at_index(asset)];
  }
  /// What it costs when a goal has `had` airings; of a daily goal on a day of that quota.
  double missing_cost(const Goal &goal, int had, int wanted) const;
  double pace_cost(const Goal &goal, int day, int had) const;

  /// Of all goals; 1 if there is none.
  double average_weight() const;

  // By campaign. Who leaves no bit that the other minds excludes nothing of it.
  std::vector<std::uint64_t> leaves, minds;
  std::vector<int> topics;

  /// May these campaigns not stand in one break?
  bool excludes(int campaign, int other) const {
    const int topic = topics[at_index(campaign)];
    if (topic >= 0 && topic == topics[at_index(other)]) return true;
    return !pairs_.empty() && pairs_[at_index(campaign) * topics.size() + at_index(other)];
  }

 private:
  void set_exclusions();
  std::vector<bool> pairs_;  ///< by campaign and campaign; empty if no pair is excluded
};

}  // namespace civicast::planner
