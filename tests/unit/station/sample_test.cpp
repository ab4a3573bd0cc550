// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "host/station/station.hpp"
#include "sdk/base/clock.hpp"

using namespace civicast;

namespace {

station::Station sample() {
  auto station = station::load_station(CIVICAST_SAMPLE);
  if (!station)
    for (const Fault &fault : station.fault()) UNSCOPED_INFO(fault.text());
  REQUIRE(station.ok());
  return *std::move(station);
}

}  // namespace

TEST_CASE("the sample station is whole") {
  const auto station = sample();
  CHECK(station.id == "chenghua");
  CHECK(station.name.zh == "成华区新时代文明实践中心");
  CHECK(station.zone.name() == "Asia/Shanghai");
  CHECK(station.channels.size() == 3);
  CHECK(station.campaigns.size() == 3);
  CHECK(station.assets.size() == 17);
  CHECK(station.rules.id == "cn");
  CHECK(station.channel("cable")->medium == rules::Medium::tv);
  CHECK(station.channel("screens")->medium == rules::Medium::screen);
  CHECK(station.channel("feed")->medium == rules::Medium::post);
  CHECK(station.places.all().size() >= 15);
  for (const char *place : {"screen-hemei", "screen-heshun"})
    CHECK(station.places.find(place)->kind == places::PlaceKind::screen);
}

TEST_CASE("on the sample station an ad comes within half a minute of any start") {
  const auto station = sample();
  const auto date = parse_date("2026-11-23").value();
  for (const auto &grid : station.grids) {
    const auto day = grid.day(date, station.zone);
    const auto next = grid.day(next_day(date), station.zone);
    REQUIRE(day.breaks.size() == 2880);
    CHECK(day.breaks.front().start_ns - day.start_ns <= 30 * ns_per_s);
    for (std::size_t i = 1; i < day.breaks.size(); ++i)
      REQUIRE(day.breaks[i].start_ns - day.breaks[i - 1].start_ns <= 30 * ns_per_s);
    CHECK(next.breaks.front().start_ns - day.breaks.back().start_ns <= 30 * ns_per_s);
  }
}

TEST_CASE("on the sample's video channels everything starts on a multiple of 3 s") {
  const auto station = sample();
  for (const char *channel : {"cable", "screens"}) {
    const auto day = station.grid(channel)->day(parse_date("2026-11-23").value(), station.zone);
    for (const auto &one : day.breaks) {
      REQUIRE((one.start_ns - day.start_ns) % (3 * ns_per_s) == 0);
      REQUIRE(one.length_ns % (3 * ns_per_s) == 0);
    }
    for (const auto &one : day.programmes) {
      REQUIRE((one.start_ns - day.start_ns) % (3 * ns_per_s) == 0);
      REQUIRE((one.end_ns - one.start_ns) % (3 * ns_per_s) == 0);
    }
  }
}

TEST_CASE("the sample's targets fill the breaks of each channel's day") {
  const auto station = sample();
  for (const auto &channel : station.channels) {
    int airings = 0;
    for (const auto &campaign : station.campaigns)
      for (const auto &target : campaign.targets)
        if (target.channels == std::vector{channel.id}) airings += target.airings;
    CHECK(airings == 2880);
  }
}

TEST_CASE("each of the twelve values has a poster, words and its share") {
  const auto station = sample();
  const auto *values = station.campaign("values");
  REQUIRE(values->assets.size() == 12);
  for (const auto &rotation : values->assets) {
    const auto *asset = station.asset(rotation.asset);
    REQUIRE(asset);
    CHECK(asset->seconds == 15);
    CHECK_FALSE(asset->text.zh.empty());
    CHECK_FALSE(asset->text.en.empty());
    CHECK(rotation.weight == 1);
  }
}
