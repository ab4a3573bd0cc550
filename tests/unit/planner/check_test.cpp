// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "host/planner/check.hpp"
#include "host/planner/faults.hpp"
#include "tests/unit/planner/problems.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace civicast::planner::test;

namespace {

/// Two campaigns in hourly breaks of a minute, and a plan that keeps every rule.
struct Good {
  Problem problem = even_breaks(2, 3'600, 60);
  std::vector<Placement> placements;

  Good() {
    problem.campaigns = {simple_campaign("a", 15, {3, 3}), simple_campaign("b", 20, {3, 3})};
    placements = {spot(0, 2, 0, 15), spot(1, 2, 15, 35), spot(0, 8, 0, 15)};
  }
  static Placement spot(int campaign, int hour, int from_s, int to_s) {
    return {campaign, 0, hour, (hour * 3'600 + from_s) * second_ns,
            (hour * 3'600 + to_s) * second_ns};
  }
  void must_tell(const FaultKind &kind) const {
    const Faults faults = check(problem, placements);
    INFO(kind.name);
    REQUIRE_FALSE(faults.empty());
    CHECK(
        std::any_of(faults.begin(), faults.end(), [&](const Fault &one) { return one.is(kind); }));
    for (const Fault &fault : faults) CHECK(fault.text().find('{') == std::string::npos);
  }
};

}  // namespace

TEST_CASE("a plan that keeps every rule is not blamed") {
  const Good good;
  CHECK(check(good.problem, good.placements).empty());
}

TEST_CASE("every broken rule has its sentence") {
  Good plan;
  SECTION("unknown break") {
    plan.placements[0].in_break = 4'711;
    plan.must_tell(faults::planner_unknown);
  }
  SECTION("unknown asset") {
    plan.placements[0].asset = 1;
    plan.must_tell(faults::planner_unknown);
  }
  SECTION("asset without a house file") {
    plan.problem.campaigns[0].assets[0].duration_ns = {-1};
    plan.must_tell(faults::planner_unknown);
  }
  SECTION("class") {
    plan.problem.breaks[2].classes = 0b10;
    plan.must_tell(faults::planner_class_refused);
  }
  SECTION("dates") {
    plan.problem.campaigns[0].first_day = 1;
    plan.must_tell(faults::planner_outside_dates);
  }
  SECTION("windows") {
    plan.problem.campaigns[1].windows = {{7'200, 7'215}};
    plan.must_tell(faults::planner_outside_windows);
  }
  SECTION("no windows") {
    plan.problem.campaigns[0].windows.clear();
    plan.must_tell(faults::planner_outside_windows);
  }
  SECTION("before its break") {
    plan.placements[0] = Good::spot(0, 2, -1, 14);
    plan.must_tell(faults::planner_outside_break);
  }
  SECTION("past the end of its break") {
    plan.placements[0] = Good::spot(0, 2, 46, 61);
    plan.must_tell(faults::planner_outside_break);
  }
  SECTION("cut") {
    plan.placements[0].end_ns -= second_ns;
    plan.must_tell(faults::planner_wrong_length);
  }
  SECTION("too many items") {
    plan.problem.breaks[2].max_items = 1;
    plan.must_tell(faults::planner_too_many_items);
  }
  SECTION("overlap") {
    plan.placements[1] = Good::spot(1, 2, 14, 34);
    plan.must_tell(faults::planner_overlap);
  }
  SECTION("topic twice") {
    plan.problem.campaigns[0].topic = plan.problem.campaigns[1].topic = 3;
    plan.must_tell(faults::planner_topic_twice);
  }
  SECTION("an excluded pair, whichever names the other") {
    const std::size_t who = GENERATE(0U, 1U);
    plan.problem.campaigns[who].not_with = {1 - static_cast<int>(who)};
    plan.must_tell(faults::planner_pair_excluded);
  }
  SECTION("campaign twice") {
    plan.placements[1] = Good::spot(0, 2, 15, 30);
    plan.must_tell(faults::planner_campaign_twice);
  }
  SECTION("too close") {
    plan.problem.campaigns[0].separation_ns = 6 * 3'600 * second_ns + 1;
    plan.must_tell(faults::planner_too_close);
  }
  SECTION("too close to what is fixed") {
    plan.problem.campaigns[0].separation_ns = 3 * 3'600 * second_ns;
    plan.problem.fixed = {{0, 0, 0, -1, 0}};
    plan.must_tell(faults::planner_too_close);
  }
  SECTION("over the target") {
    plan.problem.campaigns[0].targets[0].most = 1;
    plan.must_tell(faults::planner_over_target);
  }
  SECTION("over the day's target") {
    plan.problem.campaigns[0].targets[0].is_daily = true;
    plan.problem.campaigns[0].targets[0].quota = {1, 3};
    plan.must_tell(faults::planner_over_target);
  }
  SECTION("over the target with what is fixed") {
    plan.problem.fixed.assign(5, {0, 0, 0, 1, 100'000 * second_ns});
    plan.must_tell(faults::planner_over_target);
  }
  SECTION("over the day's cap") {
    plan.problem.campaigns[0].targets[0].day_most = 1;
    plan.must_tell(faults::planner_over_cap);
  }
  SECTION("over the day's cap of a channel") {
    plan.problem.campaigns[0].targets[0].channel_day_most = 1;
    plan.must_tell(faults::planner_over_cap);
  }
  SECTION("over the day's cap with what is fixed") {
    plan.problem.campaigns[0].targets[0].day_most = 2;
    plan.problem.fixed = {{0, 0, 0, 0, -100'000 * second_ns}};
    plan.must_tell(faults::planner_over_cap);
  }
  SECTION("without any target") {
    plan.problem.campaigns[1].targets.clear();
    plan.must_tell(faults::planner_over_target);
  }
}
