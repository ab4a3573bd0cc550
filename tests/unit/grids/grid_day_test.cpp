// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "sdk/base/clock.hpp"
#include "tests/unit/grids/read.hpp"

using namespace civicast;
using namespace civicast::grids;

namespace {

Zone zone(const char *name) {
  auto found = Zone::find(name);
  REQUIRE(found.ok());
  return *found;
}

Date day(const char *text) {
  return parse_date(text).value();
}

/// Starts and ends of everything on a day, in order.
std::vector<std::pair<std::int64_t, std::int64_t>> spans(const GridDay &on) {
  std::vector<std::pair<std::int64_t, std::int64_t>> all;
  for (const auto &one : on.breaks) all.emplace_back(one.start_ns, one.start_ns + one.length_ns);
  for (const auto &one : on.programmes) all.emplace_back(one.start_ns, one.end_ns);
  std::sort(all.begin(), all.end());
  return all;
}

void check_order(const GridDay &on) {
  const auto all = spans(on);
  for (std::size_t i = 0; i < all.size(); ++i) {
    REQUIRE(all[i].first >= on.start_ns);
    REQUIRE(all[i].second <= on.end_ns);
    REQUIRE(all[i].first <= all[i].second);
    if (i > 0) REQUIRE(all[i].first >= all[i - 1].second);
  }
  std::set<std::string> ids;
  for (const auto &one : on.breaks) REQUIRE(ids.insert(one.id).second);
  for (const auto &one : on.programmes) REQUIRE(ids.insert(one.id).second);
}

const std::string half_minutes =
    "<repeat every='30s'><programme length='12s' asset='ident'/>"
    "<break length='15s' max='2' carries='psa 公共信息'/><filler length='3s'/></repeat>\n";

}  // namespace

TEST_CASE("a repeat of half a minute makes 2,880 breaks a day") {
  const auto grid = read(daily(half_minutes));
  REQUIRE(grid.ok());
  const auto on = grid->day(day("2026-11-23"), zone("Asia/Shanghai"));
  CHECK(on.channel == "cable");
  REQUIRE(on.breaks.size() == 2880);
  REQUIRE(on.programmes.size() == 2880);
  CHECK(on.end_ns - on.start_ns == 86'400 * ns_per_s);
  CHECK(on.programmes[0].id == "cable/2026-11-23/000000p");
  CHECK(on.programmes[0].start_ns == on.start_ns);
  CHECK(on.programmes[0].end_ns == on.start_ns + 12 * ns_per_s);
  CHECK(on.breaks[0].id == "cable/2026-11-23/000012");
  CHECK(on.breaks[2879].id == "cable/2026-11-23/235942");
  CHECK(on.breaks[0].length_ns == 15 * ns_per_s);
  CHECK(on.breaks[0].max_items == 2);
  CHECK(on.breaks[0].carries ==
        std::vector{campaigns::AdClass::psa, campaigns::AdClass::information});
  check_order(on);
}

TEST_CASE("only whole rounds of a repeat come") {
  const auto grid =
      read(daily("<repeat every='7s'><break length='7s'/></repeat>", "00:00", "00:01"));
  REQUIRE(grid.ok());
  const auto on = grid->day(day("2026-11-23"), zone("Asia/Shanghai"));
  REQUIRE(on.breaks.size() == 8);
  CHECK(on.breaks.back().id == "cable/2026-11-23/000049");
}

TEST_CASE("a start that is not a whole second keeps its milliseconds, in the id too") {
  const auto grid = read(daily("<break at='19:00:00.480' length='4s800ms'/>"));
  REQUIRE(grid.ok());
  const auto on = grid->day(day("2026-11-23"), zone("Asia/Shanghai"));
  REQUIRE(on.breaks.size() == 1);
  CHECK(on.breaks[0].id == "cable/2026-11-23/190000.480");
  CHECK(on.breaks[0].start_ns - on.start_ns == 68'400 * ns_per_s + 480 * ns_per_ms);
  CHECK(on.breaks[0].length_ns == 4'800 * ns_per_ms);
}

TEST_CASE("weekdays have their own days, and a date's exception goes before them") {
  const auto grid = read(
      "<grid channel='cable'>"
      "<day weekdays='mon 周二 wed thu fri'><fillers assets='park sky'/>"
      "<hours from='06:00' to='24:00'><break at='19:00' length='1m'/></hours></day>"
      "<day weekdays='sat'><hours from='08:00' to='12:00'><break at='09:00' "
      "length='1m'/></hours></day>"
      "<exception date='2027-02-17'><fillers assets='lantern'/>"
      "<hours from='20:00' to='24:00'><break at='23:59' length='1m'/></hours></exception>"
      "<exception date='2027-05-01' last='2027-05-05'/></grid>");
  REQUIRE(grid.ok());
  const auto at = zone("Asia/Shanghai");
  CHECK(grid->day(day("2027-02-16"), at).breaks.at(0).id == "cable/2027-02-16/190000");
  CHECK(grid->day(day("2027-02-16"), at).fillers == std::vector<std::string>{"park", "sky"});
  CHECK(grid->day(day("2027-02-17"), at).breaks.at(0).id == "cable/2027-02-17/235900");
  CHECK(grid->day(day("2027-02-17"), at).fillers == std::vector<std::string>{"lantern"});
  CHECK(grid->day(day("2027-02-20"), at).breaks.at(0).id == "cable/2027-02-20/090000");
  CHECK(grid->day(day("2027-02-21"), at).breaks.empty());
  CHECK(grid->day(day("2027-05-01"), at).breaks.empty());
  CHECK(grid->day(day("2027-05-05"), at).breaks.empty());
  CHECK(grid->day(day("2027-05-06"), at).breaks.size() == 1);
  CHECK(grid->assets() == std::vector<std::string>{"lantern", "park", "sky"});
}

TEST_CASE("where the clock is set forward, what would start in the missing hour does not come") {
  const auto grid = read(daily(half_minutes));
  REQUIRE(grid.ok());
  const auto on = grid->day(day("2026-03-29"), zone("Europe/Berlin"));
  CHECK(on.end_ns - on.start_ns == 23 * 3600 * ns_per_s);
  CHECK(on.breaks.size() == 2760);
  check_order(on);
  for (const auto &one : on.breaks) REQUIRE(one.id.substr(17, 2) != "02");
}

TEST_CASE("where an hour comes twice, a repeat comes twice, with ids of its own") {
  const auto grid = read(daily(half_minutes));
  REQUIRE(grid.ok());
  const auto on = grid->day(day("2026-10-25"), zone("Europe/Berlin"));
  CHECK(on.end_ns - on.start_ns == 25 * 3600 * ns_per_s);
  CHECK(on.breaks.size() == 3000);
  check_order(on);
  const auto found = std::find_if(on.breaks.begin(), on.breaks.end(), [](const Break &one) {
    return one.id == "cable/2026-10-25/020012r";
  });
  REQUIRE(found != on.breaks.end());
  CHECK(zone("Europe/Berlin").local_text(found->start_ns) == "2026-10-25T02:00:12+01:00");
}

TEST_CASE(
    "what stands alone comes once where an hour comes twice, and gives way where one is missing") {
  const auto grid =
      read(daily("<programme at='01:30' length='1h' asset='film'/>\n"
                 "<break at='02:30' length='10m'/>\n<break at='03:00' length='5m'/>"));
  REQUIRE(grid.ok());
  const auto twice = grid->day(day("2026-10-25"), zone("Europe/Berlin"));
  CHECK(twice.breaks.size() == 2);
  check_order(twice);
  const auto missing = grid->day(day("2026-03-29"), zone("Europe/Berlin"));
  REQUIRE(missing.breaks.size() == 1);
  CHECK(missing.breaks[0].id == "cable/2026-03-29/030000");
  // 01:30 to 03:00 on the wall is half an hour.
  CHECK(missing.programmes.at(0).end_ns - missing.programmes.at(0).start_ns == 1800 * ns_per_s);
  check_order(missing);
}

TEST_CASE("a day may begin later than midnight where the clock is set forward then") {
  const auto grid = read(daily(half_minutes));
  REQUIRE(grid.ok());
  const auto on = grid->day(day("2018-11-04"), zone("America/Sao_Paulo"));
  CHECK(on.end_ns - on.start_ns == 23 * 3600 * ns_per_s);
  CHECK(on.breaks.size() == 2760);
  CHECK(on.breaks.front().id == "cable/2018-11-04/010012");
  check_order(on);
}
