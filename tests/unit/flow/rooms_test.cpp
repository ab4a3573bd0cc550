// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "host/flow/faults.hpp"
#include "host/flow/flow_store.hpp"
#include "host/flow/rooms.hpp"
#include "host/station/faults.hpp"
#include "tests/unit/folder/folder.hpp"

using namespace civicast;
namespace fs = std::filesystem;

namespace {

/// The sample station without its media, which take long to import.
fs::path make_station(const Folder &folder) {
  const auto station = folder.path() / "station";
  REQUIRE(station::create_station(CIVICAST_SAMPLE, station).ok());
  REQUIRE(ledger::create(station / "ledger", station / "keys", "test.local/airings").ok());
  return station;
}

const ManualClock a_clock(1'795'444'560'000'000'000);

}  // namespace

TEST_CASE("a folder that is no station is refused with what to do") {
  const Folder folder;
  NoProgress nobody;
  const auto rooms = flow::open_rooms(folder.path(), a_clock, nobody);
  REQUIRE_FALSE(rooms.ok());
  CHECK(rooms.fault().front().is(station::faults::station_missing));
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("one station has one host at a time") {
  const Folder folder;
  const auto station = make_station(folder);
  NoProgress nobody;
  {
    const auto first = flow::open_rooms(station, a_clock, nobody);
    REQUIRE(first.ok());
    const auto second = flow::open_rooms(station, a_clock, nobody);
    REQUIRE_FALSE(second.ok());
    CHECK(second.fault().front().is(faults::station_in_use));
  }
  CHECK(flow::open_rooms(station, a_clock, nobody).ok());
}

TEST_CASE("a mistake in the configuration opens nothing") {
  const Folder folder;
  const auto station = make_station(folder);
  std::ofstream(station / "campaigns.xml") << "<campaigns><campaign/></campaigns>";
  NoProgress nobody;
  const auto rooms = flow::open_rooms(station, a_clock, nobody);
  REQUIRE_FALSE(rooms.ok());
  CHECK(rooms.fault().front().where().find("campaigns.xml:1") != std::string::npos);
  CHECK_FALSE(fs::exists(station / "civicast.db"));
}

TEST_CASE("another configuration is noticed, the same one is not") {
  const Folder folder;
  const auto station = make_station(folder);
  NoProgress nobody;
  const auto configuration = [&] {
    return flow::open_rooms(station, a_clock, nobody).value().configuration;
  };
  const auto first = configuration();
  CHECK(configuration() == first);
  std::ofstream(station / "places.xml", std::ios::app) << "<!-- a word -->\n";
  CHECK(configuration() != first);
}

TEST_CASE("what was handed out is remembered over a restart") {
  const Folder folder;
  for (int start = 0; start < 2; ++start) {
    const auto store = store::Store::open(folder.path() / "s.db").value();
    flow::FlowStore flow(*store);
    if (start == 0) {
      CHECK_FALSE(flow.handed_ns("cable").has_value());
      CHECK(flow.planned_from().empty());
      flow.set_handed_ns("cable", 7);
      flow.set_planned_from("abc");
    }
    CHECK(flow.handed_ns("cable") == 7);
    CHECK_FALSE(flow.handed_ns("feed").has_value());
    CHECK(flow.planned_from() == "abc");
  }
}
