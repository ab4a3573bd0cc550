// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <tuple>

#include "host/planner/check.hpp"
#include "host/planner/planner.hpp"
#include "host/planner/quota.hpp"
#include "tests/unit/planner/problems.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace civicast::planner::test;

namespace {

using Shape = std::vector<std::tuple<int, int, int, std::int64_t, std::int64_t>>;
Shape shape(const Plan &plan) {
  Shape out;
  for (const auto &one : plan.placements)
    out.emplace_back(one.campaign, one.asset, one.in_break, one.start_ns, one.end_ns);
  return out;
}

Plan checked_plan(const Problem &problem, const Options &options = {}) {
  Plan plan = make_plan(problem, options);
  for (const Fault &fault : check(problem, plan.placements)) FAIL_CHECK(fault.text());
  return plan;
}

std::map<int, int> by_day(const Problem &problem, const Plan &plan) {
  std::map<int, int> days;
  for (const auto &one : plan.placements)
    ++days[problem.breaks[static_cast<std::size_t>(one.in_break)].day];
  return days;
}

}  // namespace

TEST_CASE("no plan breaks a rule, whatever is asked") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    INFO("seed " << seed);
    const Problem problem = random_problem(seed);
    Options options;
    options.seed = seed;
    options.moves = 3'000;
    const Plan plan = checked_plan(problem, options);
    for (const Outcome &outcome : plan.outcomes) CHECK(outcome.planned >= 0);
  }
}

TEST_CASE("the same problem and seed give the same plan, improvement never makes it worse") {
  for (std::uint64_t seed = 200; seed < 220; ++seed) {
    INFO("seed " << seed);
    const Problem problem = random_problem(seed);
    Options first_only;
    first_only.moves = 0;
    Options options;
    options.moves = 5'000;
    const Plan plan = make_plan(problem, options);
    CHECK(shape(plan) == shape(make_plan(problem, options)));
    CHECK(plan.cost <= make_plan(problem, first_only).cost);
  }
}

TEST_CASE("30 airings in 30 days are on 30 different days") {
  Problem problem = even_breaks(30, 3'600, 120);
  problem.campaigns = {simple_campaign("a", 15, even_quota(30, 0, 29, 0, 30))};
  const Plan plan = checked_plan(problem);
  CHECK(plan.placements.size() == 30);
  CHECK(by_day(problem, plan).size() == 30);
}

TEST_CASE("a day's airings are spread over the day") {
  Problem problem = even_breaks(1, 300, 60);
  problem.campaigns = {simple_campaign("a", 15, {12})};
  const Plan plan = checked_plan(problem);
  REQUIRE(plan.placements.size() == 12);
  for (std::size_t i = 1; i < plan.placements.size(); ++i) {
    const auto gap_s = (plan.placements[i].start_ns - plan.placements[i - 1].start_ns) / second_ns;
    CHECK(gap_s >= 4'800);  // even would be 7,200
    CHECK(gap_s <= 9'600);
  }
}

TEST_CASE("an impossible campaign gets as many as there is room for, and says what is short") {
  Problem problem = even_breaks(1, 3'600, 15);
  problem.campaigns = {simple_campaign("a", 15, {100})};
  const Plan plan = checked_plan(problem);
  REQUIRE(plan.outcomes.size() == 1);
  CHECK(plan.outcomes[0].wanted == 100);
  CHECK(plan.outcomes[0].planned == 24);
  CHECK(plan.placements.size() == 24);
}

TEST_CASE(
    "a full day sends what it cannot hold to the days around it, unless the target is daily") {
  Problem problem = even_breaks(3, 21'600, 15);  // four breaks a day
  problem.campaigns = {simple_campaign("a", 15, {6, 0, 0})};
  CHECK(by_day(problem, checked_plan(problem)) == std::map<int, int>{{0, 4}, {1, 1}, {2, 1}});
  problem.campaigns[0].targets[0].is_daily = true;
  CHECK(by_day(problem, checked_plan(problem)) == std::map<int, int>{{0, 4}});
}

TEST_CASE("no day holds more than its cap, however much is behind") {
  Problem problem = even_breaks(3, 7'200, 60);  // twelve breaks a day
  problem.campaigns = {simple_campaign("a", 15, {10, 2, 0})};
  problem.campaigns[0].targets[0].day_most = 5;
  CHECK(by_day(problem, checked_plan(problem)) == std::map<int, int>{{0, 5}, {1, 5}, {2, 2}});
  problem.campaigns[0].targets[0].quota = {20, 0, 0};
  problem.campaigns[0].targets[0].most = 20;
  CHECK(checked_plan(problem).placements.size() == 15);
  problem.fixed = {{0, 0, 0, 0, -3'600 * second_ns}, {0, 0, 0, 0, -7'200 * second_ns}};
  CHECK(by_day(problem, checked_plan(problem)) == std::map<int, int>{{0, 3}, {1, 5}, {2, 5}});
}

TEST_CASE("a cap of each channel holds beside the target of all") {
  Problem problem = even_breaks(1, 7'200, 60);
  const auto breaks = problem.breaks;
  problem.channels.push_back("screens");
  for (Break each : breaks) {
    each.channel = 1;
    problem.breaks.push_back(each);
    problem.break_ids.push_back("screens/" + std::to_string(problem.breaks.size()));
  }
  auto campaign = simple_campaign("a", 15, {12});
  campaign.assets = {{"a-1", 1, {15 * second_ns, 15 * second_ns}, {0, 0}}};
  campaign.targets[0].channels = {0, 1};
  campaign.targets[0].channel_day_most = 4;
  problem.campaigns = {campaign};
  problem.fixed = {{0, 0, 1, 0, -3'600 * second_ns}};
  const Plan plan = checked_plan(problem);
  CHECK(plan.placements.size() == 7);
  CHECK(plan.outcomes[0].planned == 8);
}

TEST_CASE("a campaign without windows, or with none of its assets ready, is not planned") {
  Problem problem = even_breaks(1, 3'600, 60);
  problem.campaigns = {simple_campaign("a", 15, {5}), simple_campaign("b", 15, {5}),
                       simple_campaign("c", 90, {5})};
  problem.campaigns[0].windows.clear();
  problem.campaigns[1].assets[0].duration_ns = {-1};
  const Plan plan = checked_plan(problem);
  CHECK(plan.placements.empty());
  for (const Outcome &outcome : plan.outcomes) CHECK(outcome.wanted == 5);
}

TEST_CASE("windows hold for the start of every spot, also late in a break") {
  Problem problem = even_breaks(1, 1'800, 60);
  for (int i = 0; i < 3; ++i) {
    auto campaign = simple_campaign(std::string(1, static_cast<char>('a' + i)), 20, {48});
    campaign.windows = {{7'200, 10'801}};
    problem.campaigns.push_back(campaign);
  }
  const Plan plan = checked_plan(problem);
  CHECK(plan.placements.size() ==
        6);  // 2:00 and 2:30 are wholly inside; at 3:00 only a first spot is
}

TEST_CASE("separation holds over midnight and from what is fixed") {
  Problem problem = even_breaks(2, 1'800, 15);
  problem.campaigns = {simple_campaign("a", 15, {48, 48})};
  problem.campaigns[0].separation_ns = 3'600 * second_ns;
  problem.fixed = {{0, 0, 0, -1, -1'800 * second_ns}};
  const Plan plan = checked_plan(problem);
  REQUIRE(!plan.placements.empty());
  CHECK(plan.placements.front().start_ns >= 1'800 * second_ns);
  CHECK(plan.placements.size() == 48);
}

TEST_CASE("what is fixed counts against the day and is not planned again") {
  Problem problem = even_breaks(1, 3'600, 15);
  problem.campaigns = {simple_campaign("a", 15, {10})};
  for (int hour = 0; hour < 4; ++hour)
    problem.fixed.push_back({0, 0, 0, 0, hour * 3'600 * second_ns});
  problem.breaks.erase(problem.breaks.begin(), problem.breaks.begin() + 4);
  problem.break_ids.erase(problem.break_ids.begin(), problem.break_ids.begin() + 4);
  const Plan plan = checked_plan(problem);
  CHECK(plan.placements.size() == 6);
  CHECK(plan.outcomes[0].planned == 10);
}

TEST_CASE("one spot of a topic in a break, and one of a campaign") {
  Problem problem = even_breaks(1, 21'600, 600);
  problem.campaigns = {simple_campaign("a", 15, {4}), simple_campaign("b", 15, {4}),
                       simple_campaign("c", 15, {8})};
  problem.campaigns[0].topic = problem.campaigns[1].topic = 7;
  const Plan plan = checked_plan(problem);
  std::map<int, int> counts;
  for (const auto &one : plan.placements) ++counts[one.campaign];
  CHECK(counts[0] + counts[1] == 4);
  CHECK(counts[2] == 4);
}

TEST_CASE("excluded pairs never share a break, and each still gets what the other leaves") {
  Problem problem = even_breaks(1, 3'600, 600);
  problem.campaigns = {simple_campaign("a", 15, {24}), simple_campaign("b", 15, {12}),
                       simple_campaign("c", 15, {24}), simple_campaign("d", 15, {12})};
  problem.campaigns[1].not_with = {0, 3};
  problem.campaigns[0].topic = 2;
  const Plan plan = checked_plan(problem);
  std::map<int, int> counts;
  for (const auto &one : plan.placements) ++counts[one.campaign];
  CHECK(counts[0] + counts[1] == 24);
  CHECK(counts[1] + counts[3] <= 24);
  CHECK(counts[1] > 0);
  CHECK(counts[2] == 24);
}

TEST_CASE("more excluded pairs than there are bits are all kept") {
  Problem problem = even_breaks(1, 14'400, 4'000);
  constexpr int campaigns = 90;
  for (int i = 0; i < campaigns; ++i) {
    problem.campaigns.push_back(simple_campaign(std::to_string(i), 15, {6}));
    for (int other = 0; other < i; other += 7) problem.campaigns.back().not_with.push_back(other);
  }
  Options options;
  options.moves = 20'000;
  const Plan plan = checked_plan(problem, options);
  CHECK(!plan.placements.empty());
}

TEST_CASE("a break holds no more items, seconds or classes than it may") {
  Problem problem = even_breaks(1, 3'600, 40);
  for (auto &one : problem.breaks) {
    one.max_items = 2;
    one.classes = 0b10;
  }
  for (int i = 0; i < 4; ++i) {
    problem.campaigns.push_back(simple_campaign(std::to_string(i), 15, {24}));
    problem.campaigns.back().ad_class = i == 0 ? 0 : 1;
  }
  const Plan plan = checked_plan(problem);
  CHECK(plan.placements.size() == 48);
  for (const auto &one : plan.placements) CHECK(one.campaign != 0);
}

TEST_CASE("who wishes to be first or last in a break is, and of several the heaviest") {
  using Position = Campaign::Position;
  Problem problem = even_breaks(1, 7'200, 600);
  const std::vector<std::pair<Position, int>> wishes = {{Position::last, 1},
                                                        {Position::any, 9},
                                                        {Position::first, 2},
                                                        {Position::last, 5},
                                                        {Position::first, 7}};
  for (const auto &[position, weight] : wishes) {
    problem.campaigns.push_back(
        simple_campaign(std::to_string(problem.campaigns.size()), 15, {12}));
    problem.campaigns.back().position = position;
    problem.campaigns.back().weight = weight;
  }
  const Plan plan = checked_plan(problem);
  REQUIRE(plan.placements.size() == 60);
  const std::vector<int> order = {4, 2, 1, 0, 3};
  for (std::size_t i = 0; i < plan.placements.size(); ++i)
    REQUIRE(plan.placements[i].campaign == order[i % 5]);
  std::vector<int> in_position;
  for (const Outcome &outcome : plan.outcomes) in_position.push_back(outcome.in_position);
  CHECK(in_position == std::vector<int>{0, 0, 0, 12, 12});
}

TEST_CASE("a moment holds assets of no length, a break the longer ones") {
  Problem problem = even_breaks(1, 3'600, 0);
  problem.campaigns = {simple_campaign("post", 0, {8}), simple_campaign("film", 15, {8})};
  const Plan plan = checked_plan(problem);
  CHECK(plan.placements.size() == 8);
  for (const auto &one : plan.placements) {
    CHECK(one.campaign == 0);
    CHECK(one.start_ns == one.end_ns);
  }
}

TEST_CASE("assets take turns by weight, and go on from what was counted before") {
  Problem problem = even_breaks(1, 3'600, 15);
  problem.campaigns = {simple_campaign("a", 15, {8})};
  problem.campaigns[0].assets = {{"one", 1, {15 * second_ns}, {4}},
                                 {"two", 2, {15 * second_ns}, {4}},
                                 {"three", 1, {15 * second_ns}, {2}}};
  const Plan plan = checked_plan(problem);
  std::vector<int> counts = {4, 4, 2};
  for (const auto &one : plan.placements) ++counts[static_cast<std::size_t>(one.asset)];
  CHECK(counts == std::vector<int>{5, 9, 4});
}

TEST_CASE("a plan that is published stays as it is when nothing has changed") {
  Problem problem = even_breaks(2, 900, 60);
  for (int i = 0; i < 5; ++i)
    problem.campaigns.push_back(simple_campaign(std::to_string(i), 15, {17 + i, 17 + i}));
  const Plan before = checked_plan(problem);
  for (const auto &one : before.placements)
    problem.published.push_back({one.campaign, one.asset, one.in_break});
  Options options;
  options.seed = 99;
  const Plan after = checked_plan(problem, options);
  const auto old = shape(before);
  std::size_t kept = 0;
  for (const auto &one : shape(after))
    kept += static_cast<std::size_t>(std::count(old.begin(), old.end(), one));
  CHECK(after.placements.size() == before.placements.size());
  CHECK(kept * 100 >= old.size() * 95);
}

TEST_CASE("an empty problem has an empty plan") {
  const Problem problem;
  CHECK(checked_plan(problem).placements.empty());
  Problem without_breaks = even_breaks(1, 3'600, 15);
  without_breaks.breaks.clear();
  without_breaks.campaigns = {simple_campaign("a", 15, {5})};
  CHECK(checked_plan(without_breaks).outcomes.at(0).planned == 0);
}
