// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <tuple>

#include "host/planner/check.hpp"
#include "host/planner/planner.hpp"
#include "tests/unit/planner/problems.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace civicast::planner::test;

namespace {

std::uint64_t first_seed() {
  const char *given = std::getenv("CIVICAST_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 500;
}

Options options_for(std::uint64_t seed) {
  Options options;
  options.seed = seed;
  options.moves = 8'000;
  return options;
}

using Shape = std::vector<std::tuple<int, int, int, std::int64_t>>;
Shape shape(const Plan &plan) {
  Shape out;
  for (const auto &one : plan.placements)
    out.emplace_back(one.campaign, one.asset, one.in_break, one.start_ns);
  return out;
}

/// Half of them with a published plan of which some is missing.
Problem problem_for(std::uint64_t seed) {
  Problem problem = random_problem(seed);
  if (seed % 2 == 0) return problem;
  for (const auto &one : make_plan(problem, options_for(seed)).placements)
    if (problem.published.size() % 9 != 8)
      problem.published.push_back({one.campaign, one.asset, one.in_break});
  return problem;
}

}  // namespace

TEST_CASE("stopped at any time there is a valid plan, and no dearer one than the best known then") {
  const std::uint64_t begin = first_seed();
  int stopped = 0;
  for (std::uint64_t seed = begin; seed < begin + 16; ++seed) {
    const Problem problem = problem_for(seed);
    Options options = options_for(seed);
    options.moves = 0;
    const std::int64_t first_cost = make_plan(problem, options).cost;
    options = options_for(seed);
    for (int stop = 1;; stop += 1 + stop / 2) {
      INFO("seed " << seed << ", stopped at call " << stop);
      int calls = 0;
      std::int64_t best = first_cost;
      options.observer = [&](const Progress &progress) {
        best = progress.best;
        return ++calls < stop;
      };
      const Plan plan = make_plan(problem, options);
      for (const Fault &fault : check(problem, plan.placements)) FAIL_CHECK(fault.text());
      CHECK(calls <= stop);
      CHECK(plan.cost <= first_cost);
      CHECK(plan.cost <= best + 2);  // of the energy's small change
      CHECK(plan.is_stopped == (calls == stop));
      if (!plan.is_stopped) break;
      ++stopped;
    }
  }
  CHECK(stopped > 60);
}

TEST_CASE("who only watches changes nothing, and sees the work go on and the best get better") {
  const std::uint64_t begin = first_seed();
  for (std::uint64_t seed = begin; seed < begin + 16; ++seed) {
    INFO("seed " << seed);
    const Problem problem = problem_for(seed);
    Options options = options_for(seed);
    const Plan alone = make_plan(problem, options);
    std::vector<Progress> seen;
    options.observer = [&](const Progress &progress) {
      seen.push_back(progress);
      return true;
    };
    const Plan watched = make_plan(problem, options);
    CHECK(shape(watched) == shape(alone));
    CHECK(watched.cost == alone.cost);
    CHECK_FALSE(watched.is_stopped);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      CHECK(seen[i].done <= seen[i].of);
      CHECK(seen[i].best >= watched.cost - 2);
      CHECK(seen[i].bound <= std::max<std::int64_t>(0, seen[i].best) + 2);
      if (i == 0) continue;
      CHECK(seen[i].done >= seen[i - 1].done);
      CHECK(seen[i].best <= seen[i - 1].best);
      CHECK(seen[i].bound >= seen[i - 1].bound);
    }
  }
}
