// SPDX-License-Identifier: Apache-2.0
#include "host/planner/board.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "host/planner/dice.hpp"
#include "host/planner/moves.hpp"
#include "tests/unit/planner/problems.hpp"

namespace civicast::planner {
namespace {

/// What a board costs on which nothing stands: its gaps are where counting begins.
double what_is_missing(const Layout &layout) {
  double sum = 0;
  for (const Goal &goal : layout.goals) {
    int had = 0;
    for (std::size_t day = 0; day < goal.fixed.size(); ++day) {
      sum += layout.pace_cost(goal, static_cast<int>(day), goal.fixed[day]);
      had += goal.fixed[day];
    }
    if (!goal.is_daily) sum += layout.missing_cost(goal, had, goal.cap);
  }
  return sum;
}

}  // namespace

TEST_CASE("what a board costs is the same counted move by move and counted anew") {
  const char *given = std::getenv("CIVICAST_SEED");
  const std::uint64_t base = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
  int moved = 0;
  for (std::uint64_t seed = base; seed < base + 20; ++seed) {
    INFO("CIVICAST_SEED=" << seed);
    const Problem problem = test::random_problem(seed);
    const Costs costs;
    const Layout layout(problem, costs);
    if (layout.lane_days.empty()) continue;
    Board board(layout);
    const double nothing = board.energy();
    CHECK(nothing == Approx(what_is_missing(layout)).margin(0.05));
    Dice dice(seed);
    Moves moves(board, dice);
    const std::vector<float> room_price(problem.breaks.size(), 0.1F);
    for (const bool is_firm : {false, true}) {
      if (is_firm) {
        moves.clear();
        board.charge(layout.cost, {});
      } else {
        board.charge(layout.cost, {0.1F, 2, 3});
      }
      for (int move = 0; move < 300; ++move) {
        moves.renew(1, is_firm);
        moves.shift(1, is_firm);
        if (is_firm) moves.oust(1, room_price);
        if (is_firm) moves.share(1);
      }
      const double counted = board.energy();
      board.recount();
      CHECK(board.energy() == Approx(counted).margin(0.05));
      if (counted != nothing) ++moved;
    }
  }
  CHECK(moved > 0);
}

}  // namespace civicast::planner
