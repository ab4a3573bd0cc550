// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/base/faults.hpp"
#include "host/base/zone.hpp"
#include "sdk/base/rfc3339.hpp"

using namespace civicast;

namespace {
std::int64_t at(const char *text) {
  return parse_rfc3339(text).value();
}
Date day(const char *text) {
  return parse_date(text).value();
}
}  // namespace

TEST_CASE("a day of the station begins at its own midnight") {
  const auto zone = Zone::find("Asia/Shanghai").value();
  CHECK(date_text(zone.date_at(at("2026-11-22T16:00:00Z"))) == "2026-11-23");
  CHECK(date_text(zone.date_at(at("2026-11-22T15:59:59.999Z"))) == "2026-11-22");
  CHECK(zone.instant(day("2026-11-23"), 0) == at("2026-11-22T16:00:00Z"));
  CHECK(zone.second_of_day(at("2026-11-23T01:00:01Z")) == 9 * 3600 + 1);
  CHECK(zone.local_text(at("2026-11-23T01:00:01Z")) == "2026-11-23T09:00:01+08:00");
}

TEST_CASE("where the clock is set forward, the missing hour is the instant of the jump") {
  const auto zone = Zone::find("Europe/Berlin").value();
  CHECK(zone.instant(day("2026-03-29"), 2 * 3600 + 1800) == at("2026-03-29T01:00:00Z"));
  CHECK(zone.instant(day("2026-03-29"), 86400) - zone.instant(day("2026-03-29"), 0) ==
        23 * 3600 * 1'000'000'000LL);
}

TEST_CASE("where an hour comes twice, the first is meant") {
  const auto zone = Zone::find("Europe/Berlin").value();
  CHECK(zone.instant(day("2026-10-25"), 2 * 3600) == at("2026-10-25T00:00:00Z"));
}

TEST_CASE("an unknown zone is refused") {
  CHECK(Zone::find("Asia/Chenghua").fault().is(faults::zone_unknown));
}

TEST_CASE("only days of the calendar are dates") {
  CHECK_FALSE(parse_date("2026-02-29").has_value());
  CHECK_FALSE(parse_date("2026-2-9").has_value());
  CHECK_FALSE(parse_date("2026-02-09 ").has_value());
  CHECK(iso_weekday(day("2026-11-23")) == 1);
  CHECK(days_between(day("2024-02-28"), day("2024-03-01")) == 2);
}
