// SPDX-License-Identifier: Apache-2.0
// Grids and campaigns become placements. Pure: the same problem and options give the same plan.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "host/planner/problem.hpp"

namespace civicast::planner {

struct Placement {
  int campaign = 0, asset = 0, in_break = 0;
  std::int64_t start_ns = 0, end_ns = 0;  ///< laid end to end from the break's start
};

/// How far one target was met, over the horizon and with what was fixed already. `asked` is less
/// than `wanted` where a day had begun before it was planned.
struct Outcome {
  int campaign = 0, target = 0;
  int wanted = 0, asked = 0, planned = 0;
  std::int64_t planned_ns = 0;  ///< air time, of what is fixed too
  int in_position = 0;          ///< new placements that stand in their break where they wished to
};

struct Plan {
  std::vector<Placement> placements;  ///< new ones, by channel and start
  std::vector<Outcome> outcomes;      ///< every target of every campaign, in order
  std::int64_t cost = 0;    ///< what the search minimised; 1,000 is a day's pace missed by one
  std::int64_t bound = 0;   ///< no plan costs less; 0: nobody looked
  bool is_stopped = false;  ///< the observer ended the search; it is the best plan until then
};

/// What a departure costs, in thousandths, times the campaign's weight.
struct Costs {
  std::int64_t missing = 10'000;  ///< an airing short of the target
  std::int64_t fairness = 2;  ///< a target that gets nothing costs so many times more at the end
  std::int64_t pace = 1'000;  ///< an airing more or fewer than a day's quota
  std::int64_t pace_growth = 1'000;  ///< at twice the quota, or none of it, so much of a pace more
  std::int64_t spacing = 100;        ///< a gap as long as the even gap; grows with its square
  std::int64_t audience = 100;       ///< an airing that nobody sees
  std::int64_t minimum = 200'000;    ///< an airing short of a legal minimum; has no weight
  std::int64_t change = 300;         ///< a published placement that is not kept
};

/// How far a plan is. Costs are as Plan::cost.
struct Progress {
  std::int64_t done = 0, of = 0;  ///< moves, and work on the bound as so many moves
  std::int64_t cost = 0;          ///< of what is in hand, which may have to be cleared first
  std::int64_t best = 0;          ///< of the best plan so far
  std::int64_t bound = 0;         ///< no plan costs less; 0: nobody looked yet
};
/// Is told now and then, after a number of moves. False: the search ends here.
using Observer = std::function<bool(const Progress &)>;

struct Options {
  std::uint64_t seed = 1;
  std::int64_t moves = 200'000;  ///< tried after the first plan; 0 keeps that
  Costs costs;
  /// A published plan that still makes up most of each day is mended: only what is short, off its
  /// pace or new is planned again, in much fewer moves. Nobody looks for a bound then.
  bool mends = true;
  Observer observer = {};  ///< changes nothing unless it ends the search
};

/// Keeps every hard rule (see check.hpp), meets the targets as far as they can be met, evenly over
/// the days and inside each day. The problem must be well formed, as problem_of makes it.
Plan make_plan(const Problem &problem, const Options &options);

/// What these placements, and what is fixed, give every target of every campaign, in order.
std::vector<Outcome> outcomes_of(const Problem &problem, const std::vector<Placement> &placements);

}  // namespace civicast::planner
