// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <utility>

#include "host/planner/check.hpp"
#include "host/planner/planner.hpp"
#include "tests/unit/planner/problems.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace civicast::planner::test;

namespace {

/// Three days of quarter hours; as many campaigns as leave some room.
Problem busy_days() {
  Problem problem = even_breaks(3, 900, 60);
  for (int i = 0; i < 12; ++i) {
    const std::string id(1, static_cast<char>('a' + i));
    problem.campaigns.push_back(simple_campaign(id, 15, {20, 20, 20}));
    problem.campaigns.back().topic = i % 5;
    problem.campaigns.back().weight = 1 + i % 3;
    problem.campaigns.back().separation_ns = 1'800 * second_ns;
  }
  return problem;
}

void publish(Problem &problem, const Plan &plan) {
  for (const auto &one : plan.placements)
    problem.published.push_back({one.campaign, one.asset, one.in_break});
}

void lose(Problem &problem, int in_break) {
  problem.breaks.erase(problem.breaks.begin() + in_break);
  problem.break_ids.erase(problem.break_ids.begin() + in_break);
  std::erase_if(problem.published, [&](const auto &one) { return one.in_break == in_break; });
  for (Published &one : problem.published)
    if (one.in_break > in_break) --one.in_break;
}

Options quick() {
  Options options;
  options.moves = 50'000;
  return options;
}

Plan checked_plan(const Problem &problem, const Options &options = quick()) {
  Plan plan = make_plan(problem, options);
  for (const Fault &fault : check(problem, plan.placements)) FAIL_CHECK(fault.text());
  return plan;
}

int planned(const Plan &plan, int campaign) {
  return static_cast<int>(std::count_if(plan.placements.begin(), plan.placements.end(),
                                        [&](const auto &one) { return one.campaign == campaign; }));
}

/// Published airings that are not where they were.
int moved(const Problem &problem, const Plan &plan) {
  std::set<std::pair<int, int>> stands;
  for (const auto &one : plan.placements) stands.emplace(one.campaign, one.in_break);
  return static_cast<int>(
      std::count_if(problem.published.begin(), problem.published.end(), [&](const auto &one) {
        return stands.count({one.campaign, one.in_break}) == 0;
      }));
}

}  // namespace

TEST_CASE("a lost break's airings find other places, and next to nothing else moves") {
  Problem problem = busy_days();
  publish(problem, checked_plan(problem));
  const std::size_t before = problem.published.size();
  REQUIRE(before == 12 * 60);
  for (const std::size_t chosen : {std::size_t{5}, before / 2, before - 1}) {
    const int lost = problem.published[chosen].in_break;
    INFO("break " << lost);
    Problem without = problem;
    lose(without, lost);
    REQUIRE(without.published.size() < before);
    const Plan plan = checked_plan(without);
    CHECK(plan.placements.size() == before);
    CHECK(moved(without, plan) * 100 <= static_cast<int>(before));
  }
}

TEST_CASE("an emergency campaign is on the air at once, and next to nothing else moves") {
  Problem problem = busy_days();
  publish(problem, checked_plan(problem));
  problem.campaigns.push_back(simple_campaign("emergency", 15, {24, 24, 24}));
  problem.campaigns.back().weight = 10;
  const Plan plan = checked_plan(problem);
  CHECK(planned(plan, 12) == 72);
  CHECK(plan.placements.size() == problem.published.size() + 72);
  CHECK(moved(problem, plan) * 100 <= static_cast<int>(problem.published.size()));
}

TEST_CASE("an emergency campaign takes the room of lighter ones where there is none") {
  Problem problem = even_breaks(1, 3'600, 15);
  problem.campaigns = {simple_campaign("values", 15, {24})};
  publish(problem, checked_plan(problem));
  problem.campaigns.push_back(simple_campaign("emergency", 15, {6}));
  problem.campaigns.back().weight = 100;
  const Plan plan = checked_plan(problem);
  CHECK(planned(plan, 0) == 18);
  CHECK(planned(plan, 1) == 6);
}

TEST_CASE("room for one airing more is found although others have to make way for it") {
  // A place for each hour, all taken; then one break can take two, but the campaign that is short
  // stands there already.
  Problem problem = even_breaks(1, 3'600, 20);
  problem.campaigns = {simple_campaign("values", 20, {16}), simple_campaign("short", 20, {10})};
  problem.campaigns[0].weight = 4;
  const Plan published = checked_plan(problem);
  REQUIRE(planned(published, 0) == 16);
  REQUIRE(planned(published, 1) == 8);
  publish(problem, published);
  int tried = 0;
  for (const auto &one : published.placements) {
    if (one.campaign != 1) continue;
    Problem longer = problem;
    longer.breaks[static_cast<std::size_t>(one.in_break)].length_ns = 40 * second_ns;
    for (const bool mends : {true, false}) {
      INFO("break " << one.in_break << (mends ? ", mended" : ", searched"));
      Options options;
      options.mends = mends;
      options.moves = 30'000;
      const Plan plan = checked_plan(longer, options);
      CHECK(planned(plan, 0) == 16);
      CHECK(planned(plan, 1) == 9);
      CHECK(moved(longer, plan) == 1);
    }
    ++tried;
  }
  CHECK(tried == 8);
}

TEST_CASE("a day that is new is planned as well as if nothing had been published") {
  Problem problem = busy_days();
  const Plan all = checked_plan(problem);
  for (const auto &one : all.placements)
    if (problem.breaks[static_cast<std::size_t>(one.in_break)].day < 2)
      problem.published.push_back({one.campaign, one.asset, one.in_break});
  Options options = quick();
  std::int64_t work = 0;
  options.observer = [&](const Progress &progress) {
    work = progress.of;
    return true;
  };
  const Plan plan = checked_plan(problem, options);
  CHECK(plan.placements.size() == all.placements.size());
  CHECK(work >= options.moves);
  CHECK(moved(problem, plan) * 100 <= static_cast<int>(problem.published.size()));
}

TEST_CASE("mending breaks no rule and makes nothing dearer, whatever was published") {
  for (std::uint64_t seed = 300; seed < 360; ++seed) {
    INFO("seed " << seed);
    Problem problem = random_problem(seed);
    Options options;
    options.seed = seed;
    options.moves = 3'000;
    publish(problem, make_plan(problem, options));
    if (problem.breaks.size() > 1) lose(problem, static_cast<int>(seed % problem.breaks.size()));
    Options first_only = options;
    first_only.moves = 0;
    const Plan plan = checked_plan(problem, options);
    CHECK(plan.cost <= make_plan(problem, first_only).cost);
    CHECK(plan.cost == make_plan(problem, options).cost);
  }
}
