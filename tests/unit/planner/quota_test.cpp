// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdlib>
#include <numeric>

#include "host/planner/quota.hpp"

using civicast::planner::even_quota;

namespace {
int sum(const std::vector<int> &quota) {
  return std::accumulate(quota.begin(), quota.end(), 0);
}
}  // namespace

TEST_CASE("what a cap keeps out of a day goes to later days, then to earlier ones") {
  const auto kept = [](std::vector<int> quota, int most, int first, int last) {
    civicast::planner::keep_within(quota, most, first, last);
    return quota;
  };
  using Days = std::vector<int>;
  CHECK(kept({5, 1, 1}, 3, 0, 2) == Days{3, 3, 1});
  CHECK(kept({1, 1, 5}, 3, 0, 2) == Days{1, 3, 3});
  CHECK(kept({9, 9}, 3, 0, 5) == Days{3, 3});
  CHECK(kept({5, 0, 0}, 3, -2, 0) == Days{3, 0, 0});
  CHECK(kept({}, 3, 0, 2) == Days{});
}

TEST_CASE("quotas add up to the target and are never more than one apart from even") {
  for (int days = 1; days <= 40; ++days)
    for (int airings = 0; airings <= 130; ++airings) {
      const auto quota = even_quota(airings, 0, days - 1, 0, days);
      INFO(airings << " in " << days);
      REQUIRE(sum(quota) == airings);
      int given = 0;
      for (int day = 0; day < days; ++day) {
        given += quota[static_cast<std::size_t>(day)];
        // At most half an airing from the even pace at the end of every day.
        REQUIRE(std::abs(2 * given * days - 2 * (day + 1) * airings) <= days);
      }
    }
}

TEST_CASE("a sparse target never bunches") {
  const auto quota = even_quota(10, 0, 29, 0, 30);
  int last = -3;
  for (int day = 0; day < 30; ++day)
    if (quota[static_cast<std::size_t>(day)] > 0) {
      CHECK(quota[static_cast<std::size_t>(day)] == 1);
      CHECK(day - last >= 3);
      last = day;
    }
}

TEST_CASE("planned a day at a time, a target still comes out even and whole") {
  for (const int airings : {7, 10, 30, 31, 45, 100}) {
    int counted = 0;
    for (int day = 0; day < 30; ++day) {
      const int today = even_quota(airings, -day, 29 - day, counted, 1).at(0);
      counted += today;
      INFO(airings << " airings, day " << day);
      REQUIRE(std::abs(2 * counted * 30 - 2 * (day + 1) * airings) <= 30);
    }
    CHECK(counted == airings);
  }
}

TEST_CASE("what was missed is made up over the days that are left, what is ahead is saved") {
  const auto behind = even_quota(30, -10, 19, 5, 20);  // 10 were due
  CHECK(sum(behind) == 25);
  for (const int each : behind) CHECK(each <= 2);
  const auto ahead = even_quota(30, -10, 19, 15, 20);
  CHECK(sum(ahead) == 15);
  for (const int each : ahead) CHECK(each <= 1);
  CHECK(sum(even_quota(30, -10, 19, 40, 20)) == 0);
}

TEST_CASE("days outside the campaign have no quota") {
  CHECK(even_quota(10, 5, 9, 0, 4) == std::vector<int>(4, 0));
  CHECK(even_quota(10, -9, -1, 3, 4) == std::vector<int>(4, 0));
  CHECK(even_quota(10, 3, 1, 0, 4) == std::vector<int>(4, 0));
  CHECK(even_quota(4, 1, 2, 0, 4) == std::vector<int>{0, 2, 2, 0});
}
