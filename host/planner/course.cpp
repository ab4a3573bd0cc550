// SPDX-License-Identifier: Apache-2.0
#include "host/planner/course.hpp"

#include <algorithm>
#include <cmath>

namespace civicast::planner {
namespace {

/// Whoever watches is told about so often, unless that would be too often or too seldom.
constexpr std::int64_t looks = 100, least_between = 200, most_between = 20'000;

/// What the airings on the board pay beyond what they cost.
double surcharge(const Board &board) {
  const Layout &layout = board.layout();
  double sum = 0;
  for (std::size_t i = 0; i < layout.lane_days.size(); ++i)
    for (const Airing &airing : board.airings(static_cast<int>(i))) {
      const std::size_t step = layout.lane_days[i].first + at_index(airing.step);
      sum += static_cast<double>(board.step_cost(step) - layout.cost[step]);
    }
  return sum;
}

}  // namespace

Course::Course(const Board &first, const Observer &observer, std::int64_t moves)
    : observer_(observer),
      best_(first),
      least_(first.energy()),
      look_every_(std::clamp(moves / looks, least_between, most_between)),
      until_look_(look_every_) {}

double Course::remember(const Board &board, bool is_firm) {
  const double cost = board.energy() - surcharge(board);
  if (is_firm && cost < least_) {
    best_.take(board);
    least_ = cost;
  }
  return cost;
}

bool Course::look(const Board &board, bool is_firm) {
  until_look_ = look_every_;
  const double cost = remember(board, is_firm);
  if (observer_ && !is_stopped_)
    is_stopped_ =
        !observer_({std::min(done_, of_), of_, plan_cost(cost), plan_cost(least_), plan_bound()});
  return !is_stopped_;
}

std::int64_t Course::plan_cost(double energy) const {
  return std::llround((energy + best_.layout().idle) * 1000);
}

std::int64_t Course::plan_bound() const {
  return std::max<std::int64_t>(0, plan_cost(bound_));
}

void Course::take_best(Board &board) {
  board.charge(board.layout().cost, {});
  best_.charge(board.layout().cost, {});
  if (best_.energy() < board.energy()) board.take(best_);
}

}  // namespace civicast::planner
