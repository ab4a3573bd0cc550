// SPDX-License-Identifier: Apache-2.0
// What a change of a finished plan would cost, by the measure of the search. The plan stays as it
// is.
#pragma once

#include <optional>
#include <vector>

#include "host/planner/board.hpp"

namespace civicast::planner {

/// An airing put elsewhere.
struct Move {
  int in_break = 0;
  double cost = 0;  ///< what the plan costs more for it
};

/// One airing gives way to another.
struct Swap {
  int rival = 0;             ///< its campaign
  std::optional<int> moves;  ///< the break that is next best for it; none: it is lost
  double cost = 0;           ///< what the plan costs more for that
  double net = 0;            ///< the same, with the other one in its place
};

class Weighing {
 public:
  /// Breaks of a channel that start before its `closed_before_ns` are no place to move to.
  Weighing(const Problem &problem, const Costs &costs, const std::vector<Placement> &placements,
           std::vector<std::int64_t> closed_before_ns);

  const Layout &layout() const { return layout_; }
  /// What the whole plan costs; less what the search could not have placed.
  double cost() const { return board_.energy(); }
  /// Nothing if the search would never put the campaign there, whatever stands there.
  std::optional<Spot> spot(int campaign, int in_break) const;
  bool is_taken(const Spot &spot) const;
  /// Would the search put one more there, by its goal and its own neighbours alone?
  bool is_open(const Spot &spot) const { return board_.is_open(spot.lane_day, spot.step); }

  /// What the plan costs more with one more airing there, whether or not there is room; less if
  /// negative.
  double adding(const Spot &spot);
  /// What it costs more without the airing there.
  double leaving(const Spot &spot);
  /// The cheapest break that is free for the airing, of all its goal's breaks.
  std::optional<Move> elsewhere(const Spot &spot);
  /// Which of those in the break could give way, each alone; the cheapest first.
  std::vector<Swap> swaps(const Spot &wanted);

 private:
  int in_break(const Spot &spot) const {
    return layout_.in_break[layout_.lane_days[at_index(spot.lane_day)].first + at_index(spot.step)];
  }
  Airings lift(const Spot &spot);
  void put(const Spot &spot, const Airings &airings);
  std::optional<Move> cheapest(const Spot &but);
  bool is_closed(int in_break) const;

  Problem problem_;  ///< as if nothing had been published before
  Costs costs_;
  Layout layout_;
  Board board_;
  std::vector<std::int64_t> closed_before_ns_;
};

}  // namespace civicast::planner
