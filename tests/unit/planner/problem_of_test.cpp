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
    campaign.targets = {{{"cable"}, 5, campaigns::Target::Per::day, {}},
                        {{"feed"}, 3, campaigns::Target::Per::campaign, {}}};
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
    asked.question.campaigns[0].targets[0].channels = {"radio"};
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

TEST_CASE(
    "a target in seconds is the airings that reach them, by the assets' lengths and weights") {
  Asked asked;
  auto &campaign = asked.question.campaigns[0];
  campaign.assets = {{"short", 3, {}}, {"long", 1, {}}};  // 15 s on the average
  asked.question.duration_ns = [](const std::string &asset, const std::string &) {
    return asset == "long" ? 30 * s : 10 * s;
  };
  auto &target = campaign.targets[0];
  target.unit = campaigns::Target::Unit::seconds;
  target.seconds = 60;
  const auto quota = [&] {
    return problem_of(asked.question, asked.zone).problem.campaigns[0].targets[0].quota;
  };
  CHECK(quota() == std::vector<int>{4});
  target.seconds = 61;  // never less than was asked for
  CHECK(quota() == std::vector<int>{5});

  target.per = campaigns::Target::Per::campaign;
  target.seconds = 240;
  campaign.first = std::chrono::sys_days(monday) - std::chrono::days(1);
  asked.question.counted = {{"cable", "values", "long", 3}, {"cable", "values", "gone", 2}};
  CHECK(quota() == std::vector<int>{11});  // 16 in all: the long one has had its turns
  const auto posed = problem_of(asked.question, asked.zone);
  const auto plan = make_plan(posed.problem, {});
  CHECK(check(posed.problem, plan.placements).empty());
  CHECK(plan.outcomes[0].planned == 11);
  CHECK(plan.outcomes[0].planned_ns >= 110 * s);  // 90 s were aired, and two of the mean
  CHECK(plan.outcomes[0].planned_ns <= 130 * s);
}

TEST_CASE("seconds cannot be asked for where breaks are moments") {
  Asked asked;
  auto &targets = asked.question.campaigns[0].targets;
  targets[1].unit = campaigns::Target::Unit::seconds;
  targets[1].seconds = 60;
  CHECK(asked.warns_of(faults::planner_no_length));
  targets = {{{"cable", "feed"}, 0, campaigns::Target::Per::day, {}}};
  targets[0].unit = campaigns::Target::Unit::seconds;
  targets[0].seconds = 60;
  targets[0].is_for_all = true;  // nobody named the feed
  CHECK_FALSE(asked.warns_of(faults::planner_no_length));
  const auto posed = problem_of(asked.question, asked.zone);
  CHECK(posed.problem.campaigns[0].targets[0].channels == std::vector<int>{0});
  CHECK(posed.problem.campaigns[0].targets[0].quota == std::vector<int>{4});
}

TEST_CASE("a share is of what the channels have for the class on the campaign's days") {
  Asked asked;
  auto &target = asked.question.campaigns[0].targets[0];
  target.unit = campaigns::Target::Unit::share_of_seconds;
  target.share_permille = 250;  // 24 breaks of 60 s: 360 s of 15 s each
  const auto posed_target = [&] {
    return problem_of(asked.question, asked.zone).problem.campaigns[0].targets[0];
  };
  CHECK(posed_target().quota == std::vector<int>{24});
  CHECK(posed_target().supply_ns == 24 * 60 * s);
  CHECK(posed_target().wanted_ns == 360 * s);
  for (int hour = 0; hour < 12; ++hour)
    asked.question.grid_days[0].breaks[static_cast<std::size_t>(hour)].carries = {
        campaigns::AdClass::commercial};
  CHECK(posed_target().quota == std::vector<int>{12});
  // A day that has begun has what it had, and asks for its share of what is left.
  asked.question.open_from_ns[0] = asked.zone.instant(monday, 14 * 3'600);
  CHECK(posed_target().wanted == 12);
  CHECK(posed_target().quota.front() < 12);

  target.unit = campaigns::Target::Unit::share_of_airings;
  target.channels = {"cable", "feed"};
  asked.question.campaigns[0].targets.pop_back();
  asked.question.open_from_ns[0] = 0;
  CHECK(posed_target().supply == 12 * 4 + 24);  // four fit into a break; a post has one place
  CHECK(posed_target().quota == std::vector<int>{18});
  const auto posed = problem_of(asked.question, asked.zone);
  CHECK(check(posed.problem, make_plan(posed.problem, {}).placements).empty());
}

TEST_CASE("small shares are not lost to rounding, day for day") {
  Asked asked;
  asked.question.days = 5;
  for (int day = 1; day < 5; ++day) {
    auto next = asked.question.grid_days[0];
    next.date = std::chrono::sys_days(monday) + std::chrono::days(day);
    for (auto &one : next.breaks) {
      one.start_ns += day * 86'400 * s;
      one.id += "/" + std::to_string(day);
    }
    asked.question.grid_days.push_back(next);
  }
  auto &campaign = asked.question.campaigns[0];
  campaign.last = std::chrono::sys_days(monday) + std::chrono::days(3);
  auto &target = campaign.targets[0];
  target.unit = campaigns::Target::Unit::share_of_seconds;
  target.share_permille = 4;  // 0.384 airings a day
  const auto quota = problem_of(asked.question, asked.zone).problem.campaigns[0].targets[0].quota;
  CHECK(quota == std::vector<int>{0, 1, 0, 1, 0});
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
