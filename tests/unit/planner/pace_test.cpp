// SPDX-License-Identifier: Apache-2.0
// How even a campaign's airings come out over days and channels, whether a month is planned at once
// or week by week, or day by day, with what was really aired fed back.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <random>

#include "tests/unit/planner/season.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace civicast::planner::test;

namespace {

constexpr int horizons[] = {30, 7, 1};

/// The share of airings that stand on a day on which the even pace does not want them, of those
/// days for which `counts` holds.
template <class Counts>
double error_of(const Season &season, std::size_t campaign, int target, Counts counts) {
  double off = 0, wanted = 0;
  const double even = static_cast<double>(target) / season.days();
  for (int day = 0; day < season.days(); ++day) {
    if (!counts(day)) continue;
    off += std::abs(season.on_day(campaign, day) - even);
    wanted += even;
  }
  return off / wanted;
}

/// By how much the airings up to the end of any day differ from the even pace at most.
double furthest_off(const Season &season, std::size_t campaign, int target) {
  double furthest = 0;
  int aired = 0;
  for (int day = 0; day < season.days(); ++day) {
    aired += season.on_day(campaign, day);
    const double due = static_cast<double>(target) * (day + 1) / season.days();
    furthest = std::max(furthest, std::abs(aired - due));
  }
  return furthest;
}

}  // namespace

TEST_CASE("30 airings in 30 days are on 30 different days, in whatever horizons they are planned") {
  for (const int horizon : horizons)
    for (const int channels : {1, 3}) {
      INFO(horizon << " days at once, " << channels << " channels");
      Season season(30, channels);
      season.add("any hour", 30);
      season.add("evening", 30).windows = {{19 * 3'600, 21 * 3'600, {}}};
      season.run(horizon);
      for (const std::size_t campaign : {0, 1}) {
        CHECK(season.total(campaign) == 30);
        CHECK(season.different_days(campaign) == 30);
      }
    }
}

TEST_CASE("where there is room the pace is even to half an airing at the end of every day") {
  for (const int horizon : horizons)
    for (const int target : {7, 31, 45, 100, 299, 400}) {
      INFO(target << " airings, " << horizon << " days at once");
      Season season(30, 3, {6 * 3'600, 24 * 3'600, 1'800, 120});
      season.add("a", target);
      season.run(horizon);
      CHECK(season.total(0) == target);
      CHECK(furthest_off(season, 0, target) <= 0.5 + 1e-9);
      if (target >= 299) CHECK(error_of(season, 0, target, [](int) { return true; }) <= 0.05);
    }
}

TEST_CASE("the channels of a target share it evenly, also where a day has not one for each") {
  for (const int horizon : horizons)
    for (const int target : {20, 30, 45, 91, 400}) {
      INFO(target << " airings, " << horizon << " days at once");
      Season season(30, 3, {6 * 3'600, 24 * 3'600, 1'800, 120});
      season.add("a", target);
      season.run(horizon);
      for (int channel = 0; channel < 3; ++channel) {
        INFO("channel " << channel);
        CHECK(std::abs(season.on_channel(0, channel) - target / 3.0) <= 1);
        const double even = target / 90.0;
        for (int day = 0; day < 30; ++day)
          CHECK(std::abs(season.aired(0, channel, day) - even) < 2);
      }
    }
}

TEST_CASE(
    "what a day has no room for is made up evenly, and no other day is off by more than it must") {
  for (const int horizon : horizons) {
    INFO(horizon << " days at once");
    Season season(30, 2, {6 * 3'600, 24 * 3'600, 1'800, 120});
    const auto is_short = [](int day) { return day == 10 || day == 11; };
    season.is_there = [&](int, int day, int second) {
      return !is_short(day) || second < 8 * 3'600;
    };
    season.add("a", 600);
    season.run(horizon);
    CHECK(season.total(0) == 600);
    int most = 0;
    for (int day = 0; day < 30; ++day)
      if (!is_short(day)) most = std::max(most, season.on_day(0, day));
    const int missing = 40 - season.on_day(0, 10) - season.on_day(0, 11);
    CHECK(missing >= 20);
    const int others = horizon == 30 ? 28 : horizon == 7 ? 5 : 18;
    CHECK(most <= 20 + (missing + others - 1) / others);
    CHECK(error_of(season, 0, 600, [&](int day) { return !is_short(day); }) <=
          missing / (28 * 20.0) + 0.001);
  }
}

TEST_CASE(
    "a channel that is off the air for days leaves its share to the others, and the days stay "
    "even") {
  for (const int horizon : horizons) {
    INFO(horizon << " days at once");
    Season season(30, 3, {6 * 3'600, 24 * 3'600, 1'800, 120});
    season.is_there = [](int channel, int day, int) { return channel != 1 || day < 8 || day > 12; };
    season.add("a", 450);
    season.run(horizon);
    CHECK(season.total(0) == 450);
    CHECK(furthest_off(season, 0, 450) <= 0.5 + 1e-9);
    CHECK(season.on_channel(0, 1) >= 120);
  }
}

TEST_CASE("equals share what room there is: on the whole, and on each day") {
  for (const int horizon : horizons) {
    INFO(horizon << " days at once");
    Season season(30, 1, {6 * 3'600, 24 * 3'600, 3'600, 30});  // 36 spots a day
    for (const char *id : {"a", "b", "c", "d"}) season.add(id, 450);
    season.run(horizon);
    int least = season.total(0), most = least, sum = 0;
    for (const std::size_t campaign : {0, 1, 2, 3}) {
      least = std::min(least, season.total(campaign));
      most = std::max(most, season.total(campaign));
      sum += season.total(campaign);
    }
    CHECK(sum == 36 * 30);
    // The last airing of 270 that one has more than another costs less than a gap that is uneven.
    CHECK(most - least <= 2);
    for (int day = 0; day < 30; ++day)
      for (const std::size_t campaign : {0, 1, 2, 3}) {
        INFO("day " << day);
        CHECK(std::abs(season.on_day(campaign, day) - 9) <= 1);
      }
  }
}

TEST_CASE("a small share is not lost when few days are planned at once") {
  for (const int horizon : horizons) {
    INFO(horizon << " days at once");
    Season season(30, 2);  // 36 places of 120 s a day
    auto &target = season.add("a", 0).targets[0];
    target.unit = campaigns::Target::Unit::share_of_seconds;
    target.share_permille = 1;  // 0.288 airings a day
    season.run(horizon);
    CHECK(season.total(0) == 9);
    CHECK(season.different_days(0) == 9);
  }
}

TEST_CASE("what fails is owed and made up, without a burst") {
  for (const int horizon : horizons)
    for (const std::uint64_t seed : {1, 2}) {
      INFO(horizon << " days at once, seed " << seed);
      std::mt19937_64 random(seed);
      Season season(30, 2, {6 * 3'600, 24 * 3'600, 1'800, 120});
      season.is_aired = [&](int, int day) { return day >= 21 || random() % 8 != 0; };
      season.add("a", 310);
      season.run(horizon);
      if (horizon < 30) CHECK(season.total(0) == 310);
      for (int day = 0; day < 30; ++day)
        CHECK(season.on_day(0, day) <= (horizon == 1 ? 11 + 3 : horizon == 7 ? 11 + 4 : 11));
    }
}
