// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "host/playlists/faults.hpp"
#include "host/playlists/import.hpp"

using namespace civicast;
using namespace civicast::playlists;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t s = 1'000'000'000;

/// A station with one channel, one asset of 15 s and one campaign; it is 10:00 on Monday.
struct Station {
  Zone zone = *Zone::find("Asia/Shanghai");
  Reading reading;
  ImportRules rules;
  std::optional<Found> known;

  Station() {
    const Date monday = 2026y / 11 / 23;
    reading.playlist = {"cable", monday, {}};
    reading.at = "p.xml:1";
    add(at(12));
    rules.channels = {"cable"};
    rules.campaigns = {"values"};
    rules.from_ns = at(10);
    rules.day_start_ns = at(0);
    rules.day_end_ns = at(24);
    rules.duration_ns = [](const std::string &asset) -> std::optional<std::int64_t> {
      if (asset == "spot") return 15 * s;
      return {};
    };
    rules.find = [this](const std::string &) { return known; };
    rules.new_id = [] { return std::string("new"); };
    rules.zone = &zone;
  }
  std::int64_t at(int hour) const { return zone.instant(2026y / 11 / 23, hour * 3'600); }
  Item &add(std::int64_t start_ns) {
    Item item;
    item.start_ns = start_ns;
    item.end_ns = start_ns + 15 * s;
    item.asset = "spot";
    item.campaign = "values";
    reading.playlist.items.push_back(item);
    reading.items_at.push_back("p.xml:" + std::to_string(reading.items_at.size() + 2));
    return reading.playlist.items.back();
  }
  void must_refuse(const FaultKind &kind, const std::string &where) const {
    const auto accepted = accept(reading, rules);
    INFO(kind.name);
    REQUIRE_FALSE(accepted.ok());
    CHECK(std::any_of(accepted.fault().begin(), accepted.fault().end(), [&](const Fault &fault) {
      return fault.is(kind) && fault.where() == where;
    }));
    for (const Fault &fault : accepted.fault()) CHECK(fault.text().find('{') == std::string::npos);
  }
};

}  // namespace

TEST_CASE("a good playlist is accepted, new items get ids, what is over is left out") {
  Station station;
  station.add(station.at(13)).id = "mine";
  station.reading.playlist.items.insert(station.reading.playlist.items.begin(),
                                        station.reading.playlist.items.front());
  station.reading.playlist.items.front().start_ns = station.at(9);
  station.reading.items_at.push_back("p.xml:9");
  const auto accepted = accept(station.reading, station.rules);
  REQUIRE(accepted.ok());
  REQUIRE(accepted->size() == 2);
  CHECK((*accepted)[0].id == "new");
  CHECK((*accepted)[1].id == "mine");
}

TEST_CASE("every mistake of an import is refused at its line") {
  Station station;
  Item &item = station.reading.playlist.items[0];
  SECTION("a channel that is not there") {
    station.reading.playlist.channel = "radio";
    station.must_refuse(faults::playlist_channel_unknown, "p.xml:1");
  }
  SECTION("a day that is over") {
    station.rules.from_ns = station.at(24);
    station.must_refuse(faults::playlist_day_past, "p.xml:1");
  }
  SECTION("an asset that is not there") {
    item.asset = "nothing";
    station.must_refuse(faults::playlist_asset_unknown, "p.xml:2");
  }
  SECTION("a filler that is not there") {
    item.kind = ItemKind::filler;
    item.asset = "nothing";
    station.must_refuse(faults::playlist_asset_unknown, "p.xml:2");
  }
  SECTION("a campaign that is not there") {
    item.campaign = "nothing";
    station.must_refuse(faults::playlist_campaign_unknown, "p.xml:2");
  }
  SECTION("a placement that is cut") {
    item.end_ns -= s;
    station.must_refuse(faults::playlist_wrong_length, "p.xml:2");
  }
  SECTION("another day's time") {
    item.start_ns += 86'400 * s;
    item.end_ns += 86'400 * s;
    station.must_refuse(faults::playlist_outside_day, "p.xml:2");
  }
  SECTION("over what is frozen") {
    Item frozen = item;
    frozen.start_ns = station.at(9);
    frozen.end_ns = station.at(13);
    station.rules.standing = {frozen};
    station.must_refuse(faults::playlist_overlaps_frozen, "p.xml:2");
  }
  SECTION("an id that names something else") {
    item.id = "taken";
    station.known = Found{item, "cable", station.reading.playlist.date, true};
    station.known->item.asset = "other";
    station.must_refuse(faults::playlist_id_taken, "p.xml:2");
  }
  SECTION("an id that was taken out") {
    item.id = "taken";
    station.known = Found{item, "cable", station.reading.playlist.date, false};
    station.must_refuse(faults::playlist_id_taken, "p.xml:2");
  }
}

TEST_CASE("an export can be imported again as it is") {
  Station station;
  Item &item = station.reading.playlist.items[0];
  item.id = "taken";
  station.known = Found{item, "cable", station.reading.playlist.date, true};
  const auto accepted = accept(station.reading, station.rules);
  REQUIRE(accepted.ok());
  CHECK(accepted->at(0).id == "taken");
}
