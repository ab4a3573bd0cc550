// SPDX-License-Identifier: Apache-2.0
// Of a lane-day with a price on each step: the cheapest way to air once, twice, … as often as can
// be, no two airings too close. One pass over the steps finds them all.
#pragma once

#include <cstdint>
#include <vector>

#include "host/planner/layout.hpp"

namespace civicast::planner {

using Steps = std::vector<std::int16_t>;

struct Airing {
  std::int16_t step = 0, asset = 0;
  bool operator==(const Airing &) const = default;
};
using Airings = std::vector<Airing>;

/// Some steps of a lane-day that lie together; the airings around them stay where they are.
struct Stretch {
  int from = 0, to = 0;  ///< from ≤ step < to
  std::int64_t left_s = 0,
               right_s = 0;  ///< window seconds of the airings around it, or the day's ends
  bool has_left = false, has_right = false;
};

class Paths {
 public:
  /// More than any way that is open costs.
  static constexpr float closed = 1e9F;

  /// `price[i]` is that of step `stretch.from` + i; `closed` forbids it, as the caller must where
  /// the airings around are too near.
  void find(const Layout &layout, const LaneDay &lane_day, const Stretch &stretch,
            const float *price, int most);
  /// The same of the whole day, as if gaps cost nothing.
  void find_without_gaps(const Layout &layout, const LaneDay &lane_day, const float *price,
                         int most);

  /// What `airings` (0 to most) cost at least; `closed` or more if so many cannot be.
  float cost(int airings) const { return totals_[at_index(airings)]; }
  /// One of the ways that cost so much, in order. There must be one.
  void take(int airings, Steps &out) const;

 private:
  void begin(const Layout &layout, const LaneDay &lane_day, const Stretch &stretch, int most);
  void find_near(const std::int16_t *reach, const float *price);
  void find_even(const Layout &layout, const LaneDay &lane_day, const float *price);
  void take_near(int airings, Steps &out) const;
  void take_even(int airings, Steps &out) const;

  Stretch stretch_;
  const std::int16_t *reach_ = nullptr;
  int steps_ = 0, most_ = 0, width_ = 0;
  bool minds_gaps_ = false;
  std::vector<float> rows_;  ///< by step and airings
  std::vector<std::int16_t> came_from_, last_;
  std::vector<float> totals_;  ///< by airings
};

/// What an empty time between two airings costs. At the edge of the day half a gap is even, so it
/// is measured twice as long and counts half.
double gap_cost(const LaneDay &lane_day, std::int64_t from_s, std::int64_t to_s, bool is_edge);

/// What all gaps of the day cost at least with so many airings, wherever they stand, less the one
/// gap of a day without any.
double least_gaps_cost(const LaneDay &lane_day, int airings);

/// All gaps between these airings of a stretch and those around it.
double gaps_cost(const Layout &layout, const LaneDay &lane_day, const Stretch &stretch,
                 const Airing *first, const Airing *end);

}  // namespace civicast::planner
