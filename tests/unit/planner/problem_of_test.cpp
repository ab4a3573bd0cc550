// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/planner/check.hpp"
#include "host/planner/faults.hpp"
#include "host/planner/planner.hpp"
#include "host/planner/problem_of.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t s = 1'000'000'000;
constexpr Date monday = 2026y / 11 / 23;

struct Asked {
  Zone zone = *Zone::find("Asia/Shanghai");
  Question question;

  Asked() {
    question.first = monday;
    question.days = 1;
    question.channels = {"cable", "feed"};
    question.open_from_ns = {0, 0};
    question.duration_ns = [](const std::string &, const std::string &) { return 15 * s; };
    for (const char *channel : {"cable", "feed"}) {
      grids::GridDay day;
      day.channel = channel;
      day.date = monday;
      day.start_ns = zone.instant(monday, 0);
      day.end_ns = zone.instant(next_day(monday), 0);
      for (int hour = 0; hour < 24; ++hour)
        day.breaks.push_back({std::string(channel) + "/" + std::to_string(hour),
                              day.start_ns + hour * 3'600 * s,
                              channel[0] == 'f' ? 0 : 60 * s,
                              0,
                              {}});
      question.grid_days.push_back(day);
    }
    campaigns::Campaign campaign;
    campaign.id = "values";
    campaign.first = campaign.last = monday;
    campaign.windows = {{6 * 3'600, 22 * 3'600, {}}};
    campaign.assets = {{"fuqiang", 1, {}}, {"minzhu", 1, {}}};
    campaign.targets = {{"cable", 5, campaigns::Target::Per::day, {}},
                        {"feed", 3, campaigns::Target::Per::campaign, {}}};
    question.campaigns = {campaign};
  }
  bool warns_of(const FaultKind &kind) const {
    for (const Fault &fault : problem_of(question, zone).warnings)
      if (fault.is(kind)) return true;
    return false;
  }
};

}  // namespace

TEST_CASE("hours are the station's, not UTC's") {
  const Asked asked;
  const auto posed = problem_of(asked.question, asked.zone);
  REQUIRE(posed.problem.breaks.size() == 48);
  CHECK(posed.problem.breaks[6].second_of_day == 6 * 3'600);
  CHECK(posed.problem.breaks[6].start_ns == asked.zone.instant(monday, 6 * 3'600));
  CHECK(posed.warnings.empty());
}

TEST_CASE("where every break is a moment, assets have no length") {
  const Asked asked;
  const auto posed = problem_of(asked.question, asked.zone);
  CHECK(posed.problem.campaigns[0].assets[0].duration_ns == std::vector<std::int64_t>{15 * s, 0});
  const auto plan = make_plan(posed.problem, {});
  CHECK(check(posed.problem, plan.placements).empty());
  CHECK(plan.placements.size() == 8);
}

TEST_CASE("breaks that start before the channel is open are closed") {
  Asked asked;
  asked.question.open_from_ns[0] = asked.zone.instant(monday, 12 * 3'600);
  CHECK(problem_of(asked.question, asked.zone).problem.breaks.size() == 36);
}

TEST_CASE("an asset that is not ready is named and left out") {
  Asked asked;
  asked.question.duration_ns = [](const std::string &asset,
                                  const std::string &) -> std::optional<std::int64_t> {
    if (asset == "minzhu") return {};
    return 15 * s;
  };
  CHECK(asked.warns_of(faults::planner_asset_unready));
  const auto posed = problem_of(asked.question, asked.zone);
  for (const auto &one : make_plan(posed.problem, {}).placements) CHECK(one.asset == 0);
}

TEST_CASE("what does not fit together is left out with a sentence") {
  Asked asked;
  SECTION("a break inside another") {
    auto &breaks = asked.question.grid_days[0].breaks;
    breaks[1].start_ns = breaks[0].start_ns + 30 * s;
    CHECK(asked.warns_of(faults::planner_break_overlaps));
    CHECK(problem_of(asked.question, asked.zone).problem.breaks.size() == 47);
  }
  SECTION("two targets for a channel") {
    asked.question.campaigns[0].targets.push_back(asked.question.campaigns[0].targets[0]);
    CHECK(asked.warns_of(faults::planner_target_twice));
  }
  SECTION("a channel that is not there") {
    asked.question.campaigns[0].targets[0].channel = "radio";
    CHECK(asked.warns_of(faults::planner_channel_unknown));
  }
}

TEST_CASE("frozen airings count and separate, published ones are kept, strangers are ignored") {
  Asked asked;
  const auto at = [&](int hour) { return asked.zone.instant(monday, hour * 3'600); };
  asked.question.standing = {{"cable", "values", "fuqiang", "cable/7", monday, at(7), true},
                             {"cable", "values", "minzhu", "cable/9", monday, at(9), false},
                             {"cable", "gone", "x", "cable/10", monday, at(10), false},
                             {"cable", "values", "x", "cable/11", monday, at(11), false},
                             {"cable", "values", "minzhu", "nowhere", monday, at(12), false}};
  asked.question.open_from_ns[0] = at(8);
  const auto posed = problem_of(asked.question, asked.zone);
  CHECK(posed.problem.fixed.size() == 1);
  REQUIRE(posed.problem.published.size() == 1);
  CHECK(posed.problem.published[0].asset == 1);
}

TEST_CASE("airings before the horizon are counted against the target and the rotation") {
  Asked asked;
  asked.question.counted = {{"feed", "values", "fuqiang", 1}, {"feed", "values", "gone", 1}};
  const auto posed = problem_of(asked.question, asked.zone);
  const auto &campaign = posed.problem.campaigns[0];
  CHECK(campaign.assets[0].counted == std::vector<int>{0, 1});
  CHECK(campaign.targets[1].most == 1);
  CHECK(campaign.targets[1].quota == std::vector<int>{1});
}

TEST_CASE("a campaign is kept apart from the campaigns and the topics that it names") {
  Asked asked;
  auto &all = asked.question.campaigns;
  for (const char *id : {"charity", "sober", "safe"}) {
    all.push_back(all.front());
    all.back().id = id;
  }
  all[2].topic = all[3].topic = "alcohol";
  all[1].not_with = {{"values", "", {}}, {"", "alcohol", {}}, {"gone", "", {}}, {"", "none", {}}};
  all[2].not_with = {{"", "alcohol", {}}};
  const auto posed = problem_of(asked.question, asked.zone);
  CHECK(posed.problem.campaigns[0].not_with.empty());
  CHECK(posed.problem.campaigns[1].not_with == std::vector<int>{0, 2, 3});
  CHECK(posed.problem.campaigns[2].not_with == std::vector<int>{3});
  CHECK(check(posed.problem, make_plan(posed.problem, {}).placements).empty());
}

TEST_CASE("a cap bends the even pace, and says what it makes impossible") {
  Asked asked;
  auto &target = asked.question.campaigns[0].targets[0];
  target.day_cap = 5;
  CHECK_FALSE(asked.warns_of(faults::planner_capped));
  target.channel_day_cap = 3;
  CHECK(asked.warns_of(faults::planner_capped));
  const auto posed = problem_of(asked.question, asked.zone);
  CHECK(posed.problem.campaigns[0].targets[0].quota == std::vector<int>{3});
  CHECK(posed.problem.campaigns[0].targets[0].wanted == 5);
  CHECK(check(posed.problem, make_plan(posed.problem, {}).placements).empty());
}

TEST_CASE("windows that touch or overlap are one, empty ones are none") {
  Asked asked;
  asked.question.campaigns[0].windows = {
      {30, 40, {}}, {10, 20, {}}, {20, 25, {}}, {22, 23, {}}, {50, 50, {}}};
  const auto windows = problem_of(asked.question, asked.zone).problem.campaigns[0].windows;
  REQUIRE(windows.size() == 2);
  CHECK(windows[0].from_s == 10);
  CHECK(windows[0].to_s == 25);
  CHECK(windows[1].from_s == 30);
}

TEST_CASE("a break that runs over midnight belongs to the day on which it starts") {
  Asked asked;
  auto &last = asked.question.grid_days[0].breaks.back();
  last.start_ns = asked.question.grid_days[0].end_ns - 20 * s;
  asked.question.campaigns[0].windows = {{0, 86'400, {}}};
  const auto posed = problem_of(asked.question, asked.zone);
  CHECK(posed.problem.breaks[23].day == 0);
  const auto plan = make_plan(posed.problem, {});
  CHECK(check(posed.problem, plan.placements).empty());
}
