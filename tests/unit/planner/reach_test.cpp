// SPDX-License-Identifier: Apache-2.0
#include "host/planner/reach.hpp"

#include <catch2/catch.hpp>

#include "host/planner/check.hpp"
#include "host/planner/occupancy.hpp"
#include "host/planner/reach_words.hpp"
#include "host/planner/reasons.hpp"
#include "tests/unit/planner/questions.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace civicast::planner::test;

namespace {

const Relief *relief_in(const Reach &reach, Lever lever) {
  for (const Relief &one : reach.reliefs)
    if (one.lever == lever) return &one;
  return nullptr;
}

/// Of moments, the most that can be taken with no two too near, by trying all.
int most_of_all(const Problem &problem, int wanted) {
  const Campaign &of = problem.campaigns[0];
  const std::size_t count = problem.breaks.size();
  int most = 0;
  for (std::uint32_t which = 0; which < (1U << count); ++which) {
    std::vector<Placement> placements;
    for (std::size_t b = 0; b < count; ++b)
      if ((which >> b & 1U) != 0)
        placements.push_back({0, 0, static_cast<int>(b), problem.breaks[b].start_ns,
                              problem.breaks[b].start_ns + of.assets[0].duration_ns[0]});
    const int taken = static_cast<int>(placements.size());
    if (taken > most && taken <= wanted && check(problem, placements).empty()) most = taken;
  }
  return most;
}

}  // namespace

TEST_CASE("what stands in the way is found by taking it away") {
  Problem problem = even_breaks(1, 1'800, 30);  // 48 breaks
  problem.campaigns = {simple_campaign("asked", 15, {40}), simple_campaign("other", 20, {48})};
  Campaign &asked = problem.campaigns[0];
  std::vector<Placement> placements;
  SECTION("separation") {
    asked.separation_ns = 3'600 * second_ns;
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.wanted == 40);
    CHECK(reach.alone == 24);
    REQUIRE(relief_in(reach, Lever::half_separation) != nullptr);
    CHECK(relief_in(reach, Lever::half_separation)->alone == 40);
    CHECK(relief_in(reach, Lever::all_hours) == nullptr);
  }
  SECTION("windows: of the hours the best one, all of them more") {
    asked.windows = {{8 * 3'600, 10 * 3'600}};
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.alone == 4);
    CHECK(reach.reliefs.front().lever == Lever::all_hours);
    CHECK(reach.reliefs.front().beside == 40);
    CHECK(relief_in(reach, Lever::longer_window)->beside == 6);
    CHECK(relief_in(reach, Lever::half_separation) == nullptr);
  }
  SECTION("class") {
    for (std::size_t b = 0; b < 20; ++b) problem.breaks[b].classes = 0b10;
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.alone == 28);
    REQUIRE(reach.reliefs.size() == 1);
    CHECK(reach.reliefs.front().lever == Lever::any_class);
  }
  SECTION("assets longer than the breaks") {
    asked.assets[0].duration_ns = {40 * second_ns};
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.alone == 0);
    REQUIRE(reach.reliefs.size() == 1);
    CHECK(reach.reliefs.front().lever == Lever::shorter_assets);
    CHECK(reach.reliefs.front().alone == 40);
  }
  SECTION("dates") {
    asked.first_day = 1;
    asked.last_day = 1;
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.alone == 0);
    CHECK(reach.reliefs.front().lever == Lever::all_dates);
  }
  SECTION("house files") {
    asked.assets[0].duration_ns = {-1};
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.alone == 0);
    CHECK(reach.reliefs.front().lever == Lever::house_files);
  }
  SECTION("the others stand in the way, not its own terms") {
    for (int b = 0; b < 30; ++b) placements = with_one_more(problem, placements, 1, b);
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.alone == 40);
    CHECK(reach.beside == 18);
    CHECK(relief_in(reach, Lever::shorter_assets)->beside == 40);
  }
  SECTION("a topic") {
    problem.campaigns[0].topic = problem.campaigns[1].topic = 1;
    problem.campaigns[1].assets[0].duration_ns = {5 * second_ns};
    for (int b = 0; b < 30; ++b) placements = with_one_more(problem, placements, 1, b);
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.beside == 18);
    CHECK(reach.reliefs.front().lever == Lever::no_topic);
    CHECK(reach.reliefs.front().beside == 40);
  }
  SECTION("a campaign that it is kept apart from, whichever names the other") {
    const int who = GENERATE(0, 1);
    problem.campaigns[at_index(who)].not_with = {1 - who};
    problem.campaigns[1].assets[0].duration_ns = {5 * second_ns};
    for (int b = 0; b < 30; ++b) placements = with_one_more(problem, placements, 1, b);
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.beside == 18);
    CHECK(reach.reliefs.front().lever == Lever::no_topic);
    CHECK(reach.reliefs.front().beside == 40);
  }
  SECTION("a cap of a day") {
    (GENERATE(false, true) ? asked.targets[0].day_most : asked.targets[0].channel_day_most) = 25;
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.alone == 25);
    CHECK(reach.beside == 25);
    REQUIRE(relief_in(reach, Lever::no_caps) != nullptr);
    CHECK(relief_in(reach, Lever::no_caps)->beside == 40);
  }
  SECTION("the number of items") {
    for (Break &one : problem.breaks) one.max_items = 1;
    problem.campaigns[1].assets[0].duration_ns = {5 * second_ns};
    for (int b = 0; b < 30; ++b) placements = with_one_more(problem, placements, 1, b);
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.beside == 18);
    CHECK(reach.reliefs.front().lever == Lever::more_items);
  }
  SECTION("one more channel") {
    asked.separation_ns = 3'500 * second_ns;
    problem.channels.push_back("radio");
    for (Campaign &each : problem.campaigns) each.assets[0].duration_ns.push_back(15 * second_ns);
    Break there = problem.breaks[0];
    there.channel = 1;
    problem.breaks.push_back(there);
    problem.break_ids.push_back("radio/0");
    const Reach reach = reach_of(problem, placements, 0);
    REQUIRE(relief_in(reach, Lever::more_channel) != nullptr);
    CHECK(relief_in(reach, Lever::more_channel)->channel == 1);
    CHECK(relief_in(reach, Lever::more_channel)->beside == 25);
  }
  SECTION("nothing") {
    const Reach reach = reach_of(problem, placements, 0);
    CHECK(reach.alone == 40);
    CHECK(reach.beside == 40);
    CHECK(reach.reliefs.empty());
  }
}

TEST_CASE("alone, a campaign can have exactly what trying everything finds") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const auto below = [&](int end) {
      return static_cast<int>(random() % static_cast<unsigned>(end));
    };
    Problem problem;
    problem.days = 2;
    problem.channels = {"cable"};
    problem.measures_breaks = true;
    for (int i = 0; i < 11; ++i) {
      Break one;
      one.day = i / 6;
      one.second_of_day = (i % 6) * 10'000 + below(8'000);
      one.start_ns = (one.day * day_s + one.second_of_day) * second_ns;
      one.length_ns = (10 + below(10)) * second_ns;
      one.classes = below(6) == 0 ? 0b10 : 0b11;
      problem.breaks.push_back(one);
      problem.break_ids.push_back(std::to_string(i));
    }
    problem.campaigns = {simple_campaign("asked", 12, {below(6), below(6)})};
    Campaign &asked = problem.campaigns[0];
    asked.separation_ns = below(30'000) * second_ns;
    asked.targets[0].is_daily = below(2) == 0;
    asked.windows = {{below(20'000), 30'000 + below(50'000)}};
    if (below(3) == 0) problem.fixed = {{0, 0, 0, -1, -below(20'000) * second_ns}};
    CHECK(reach_of(problem, {}, 0).alone ==
          most_of_all(problem, asked.targets[0].quota[0] + asked.targets[0].quota[1]));
  }
}

TEST_CASE(
    "no plan has more than a campaign can have alone, and what it can have beside the others is a "
    "plan") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Problem problem = random_problem(seed);
    const auto placements = laid_again(problem, thinned_plan(problem, seed));
    const Plan plan = make_plan(problem, {seed, 500, {}});
    for (int campaign = 0; campaign < static_cast<int>(problem.campaigns.size()); ++campaign) {
      INFO("seed " << seed << " campaign " << campaign);
      const Reach reach = reach_of(problem, placements, campaign);
      CHECK(planned_in(plan, campaign) <= reach.alone);
      CHECK(reach.beside <= reach.alone);
      for (const Outcome &one : plan.outcomes)
        if (one.campaign == campaign) {
          const TargetReach &its = reach.targets[at_index(one.target)];
          CHECK(one.planned <= its.alone);
        }
      auto beside = placements;
      std::erase_if(beside, [&](const auto &one) { return one.campaign == campaign; });
      for (const int in_break : room_beside(problem, placements, campaign))
        beside = with_one_more(problem, beside, campaign, in_break);
      for (const Fault &fault : check(problem, laid_again(problem, beside)))
        FAIL_CHECK(fault.text());
    }
  }
}

TEST_CASE("the answer follows from the numbers") {
  Problem problem = even_breaks(1, 1'800, 30);
  problem.campaigns = {simple_campaign("asked", 20, {40}), simple_campaign("other", 20, {40})};
  const Options options{1, 2'000, {}};
  const auto answer = [&](const std::vector<Placement> &placements) {
    const Reach reach = reach_of(problem, placements, 0);
    const Faults all = sentences(problem, 0, reach, replanned_for(problem, 0, options));
    for (const Fault &one : all) CHECK(one.text().find('{') == std::string::npos);
    return all.back();
  };
  std::vector<Placement> none, all, others;
  for (int b = 0; b < 40; ++b) {
    all = with_one_more(problem, all, 0, b);
    others = with_one_more(problem, others, 1, b);
  }
  CHECK(answer(all).is(reasons::reach_met));
  CHECK(answer(none).is(reasons::reach_beside));
  const Fault at_expense = answer(others);
  CHECK(at_expense.is(reasons::reach_at_expense));
  CHECK(at_expense.sentence(Lang::en).find("other −") != std::string::npos);
  problem.campaigns[0].separation_ns = 3'600 * second_ns;
  CHECK(answer(none).is(reasons::reach_never));
}
