// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "host/exchange/bxf.hpp"
#include "host/exchange/ccms.hpp"
#include "host/exchange/faults.hpp"
#include "host/exchange/outcome_json.hpp"
#include "host/playlists/faults.hpp"
#include "tests/unit/exchange/rig.hpp"

using namespace civicast;
using namespace civicast::exchange;
using civicast::exchange::test::Rig;
using playlists::Item;
using playlists::ItemKind;

namespace {

/// One record: "HHMMSS", the spot, its length in seconds.
std::string record(const std::string &time, const std::string &spot, int seconds = 15,
                   int position = 1, const std::string &advertiser = "") {
  char line[256];
  std::snprintf(line, sizeof line,
                "LOI 1123 %s %s 0030 001 %03d 0000%02d 000000 00000000 000 %-11s 0000 %s\r\n",
                time.c_str(), time.substr(0, 4).c_str(), position, seconds, spot.c_str(),
                advertiser.c_str());
  return line;
}

bool has(const Faults &faults, const FaultKind &kind) {
  return std::any_of(faults.begin(), faults.end(), [&](const Fault &one) { return one.is(kind); });
}

std::vector<Item> from(const std::vector<Item> &items, std::int64_t from_ns) {
  std::vector<Item> later;
  for (const Item &item : items)
    if (item.start_ns >= from_ns) later.push_back(item);
  return later;
}

}  // namespace

TEST_CASE("a schedule that is given out and comes back changes nothing") {
  const auto format = GENERATE(Format::ccms, Format::bxf);
  Rig rig;
  rig.plan();
  const auto before = rig.playlists->day("cable", rig.monday());
  REQUIRE(before.size() > 1'000);
  const auto imported = rig.import("B2301001.SCH", rig.schedule(format));
  for (const Fault &fault : imported.faults) FAIL_CHECK(fault.text());
  for (const Fault &fault : imported.remarks) FAIL_CHECK(fault.text());
  CHECK(imported.changes.empty());
  CHECK(imported.is_done);
  CHECK(rig.playlists->day("cable", rig.monday()) == before);
}

TEST_CASE("a schedule becomes the day's ads, and the grid fills what is left") {
  Rig rig;
  rig.plan();
  const auto text = record("190012", "00000000101") + record("193000", "guard-heart");
  const auto imported = rig.import("B2301001.SCH", text);
  for (const Fault &fault : imported.faults) FAIL_CHECK(fault.text());
  CHECK(imported.is_done);
  CHECK(date_text(imported.date) == "2026-11-23");
  const auto all = rig.playlists->day("cable", rig.monday());
  const auto later = from(all, rig.at(6, 1));
  std::vector<Item> ads;
  for (const Item &item : later)
    if (item.kind == ItemKind::placement) ads.push_back(item);
  REQUIRE(ads.size() == 2);
  CHECK(ads[0].asset == "values-fuqiang");
  CHECK(ads[0].campaign == "values");
  CHECK(ads[0].start_ns == rig.at(19, 0, 12));
  CHECK(ads[0].break_id == "cable/2026-11-23/190012");
  CHECK(ads[1].campaign == "guard");
  for (std::size_t i = 1; i < later.size(); ++i) CHECK(later[i].start_ns == later[i - 1].end_ns);
  CHECK(later.back().end_ns == rig.at(24));
}

TEST_CASE("what has started, or is about to, stays as it is") {
  Rig rig;
  rig.plan();
  rig.set_time(rig.at(19, 10));
  const auto before = rig.playlists->day("cable", rig.monday());
  const auto text = record("190000", "00000000101") + record("193000", "guard-heart");
  const auto imported = rig.import("B2301001.SCH", text);
  CHECK(imported.over == 1);
  CHECK(imported.is_done);
  const auto after = rig.playlists->day("cable", rig.monday());
  const std::int64_t frozen_ns = rig.at(19, 11);
  for (std::size_t i = 0; i < before.size() && before[i].start_ns < frozen_ns; ++i)
    CHECK(after.at(i) == before[i]);
  for (const auto &change : imported.changes)
    CHECK(std::max(change.before.start_ns, change.after.start_ns) >= frozen_ns);
}

TEST_CASE("a trial says what would change, and changes nothing") {
  Rig rig;
  rig.plan();
  const auto before = rig.playlists->day("cable", rig.monday());
  const auto revision = rig.playlists->revision();
  Wish wish;
  wish.is_trial = true;
  const auto imported = rig.import("B2301001.SCH", record("190000", "00000000101"), wish);
  CHECK_FALSE(imported.is_done);
  CHECK_FALSE(imported.changes.empty());
  CHECK(rig.playlists->revision() == revision);
  CHECK(rig.playlists->day("cable", rig.monday()) == before);
  const Json json = to_json(imported);
  CHECK(json.at("added").get<std::size_t>() + json.at("removed").get<std::size_t>() +
            json.at("changed").get<std::size_t>() ==
        imported.changes.size());
  CHECK(json.at("done") == false);
}

TEST_CASE("one mistake stops a schedule, unless what can be taken is asked for") {
  Rig rig;
  rig.plan();
  const auto revision = rig.playlists->revision();
  const auto text = record("190000", "nobody") + record("193000", "guard-heart") + "???\r\n";
  auto imported = rig.import("B2301001.SCH", text);
  CHECK_FALSE(imported.is_done);
  CHECK(imported.faults.size() == 2);
  CHECK(rig.playlists->revision() == revision);
  Wish wish;
  wish.is_partial = true;
  imported = rig.import("B2301001.SCH", text, wish);
  CHECK(imported.is_done);
  CHECK(imported.faults.size() == 2);
  CHECK(from(rig.placements(), rig.at(6, 1)).size() == 1);
}

TEST_CASE("what a schedule asks for and cannot be done is told with its line") {
  struct Case {
    std::string line;
    const FaultKind &kind;
    std::string says;
  };
  Rig rig;
  rig.station.assets.push_back({"unready", {}, {"没有", "unready"}, 0, {}, {}, "404", {}});
  const std::vector<Case> cases = {
      {record("190000", "nobody"), exchange::faults::spot_unknown, "nobody"},
      {record("190000", "404"), exchange::faults::asset_unready, "unready"},
      {record("190000", "801"), exchange::faults::campaign_untold, "prog-ident"},
      {record("190000", "101", 30), exchange::faults::length_differs, "30.000"},
      {record("170005", "102"), exchange::faults::events_overlap, "B2301001.SCH:1"},
      {"LOI 1124 190000 1900 0030 001 001 000015 000000 00000000 000 00000000101 0000\r\n",
       exchange::faults::other_day, "2026-11-24"},
  };
  for (const Case &one : cases) {
    INFO(one.line);
    Wish wish;
    wish.date = rig.monday();
    const auto imported = rig.import("B2301001.SCH", record("170000", "101") + one.line, wish);
    CHECK_FALSE(imported.is_done);
    REQUIRE(imported.faults.size() == 1);
    const Fault &fault = imported.faults.front();
    INFO(fault.text());
    CHECK(fault.is(one.kind));
    CHECK(fault.where() == "B2301001.SCH:2");
    CHECK(fault.sentence(Lang::zh).find(one.says) != std::string::npos);
    CHECK(fault.text().find('{') == std::string::npos);
  }
}

TEST_CASE("an asset of several campaigns is planned for the one that the file names") {
  Rig rig;
  auto other = rig.station.campaigns.front();
  other.id = "jubilee-of-the-district-media-centre";
  rig.station.campaigns.push_back(other);
  const auto doubtful = rig.import("B2301001.SCH", record("190000", "101"));
  CHECK(has(doubtful.faults, exchange::faults::campaign_doubtful));
  const auto named = rig.import("B2301001.SCH",
                                record("190000", "101", 15, 1, "jubilee-of-the-district-media-ce"));
  for (const Fault &fault : named.faults) FAIL_CHECK(fault.text());
  REQUIRE(rig.placements().size() == 1);
  CHECK(rig.placements().front().campaign == other.id);
}

TEST_CASE("ads of a break that all bear its time follow one another by their position") {
  Rig rig;
  const auto imported = rig.import("B2301001.SCH", record("190000", "guard-heart", 15, 2) +
                                                       record("190000", "101", 15, 1) +
                                                       record("190000", "102", 15, 3));
  for (const Fault &fault : imported.faults) FAIL_CHECK(fault.text());
  const auto ads = rig.placements();
  REQUIRE(ads.size() == 3);
  CHECK(ads[0].asset == "values-fuqiang");
  CHECK(ads[1].asset == "guard-heart");
  CHECK(ads[1].start_ns == rig.at(19, 0, 15));
  CHECK(ads[2].asset == "values-minzhu");
}

TEST_CASE("an ad outside the grid's breaks is taken, and told") {
  Rig rig;
  const auto imported = rig.import("B2301001.SCH", record("190005", "101"));
  CHECK(imported.is_done);
  CHECK(has(imported.remarks, exchange::faults::break_untold));
  REQUIRE(rig.placements().size() == 1);
  CHECK(rig.placements().front().break_id.empty());
}

TEST_CASE("a file finds its channel by its name, or asks for it") {
  Rig rig;
  const Upload upload{"B2301001.SCH", record("190000", "101")};
  const auto named = import_schedule(rig.house(), upload, {});
  REQUIRE(named.ok());
  CHECK(named->channel == "cable");
  const auto unnamed = import_schedule(rig.house(), {"monday.sch", upload.text}, {});
  REQUIRE_FALSE(unnamed.ok());
  CHECK(has(unnamed.fault(), exchange::faults::channel_untold));
  Wish wish;
  wish.channel = "nowhere";
  CHECK(has(import_schedule(rig.house(), upload, wish).fault(), exchange::faults::channel_untold));
  rig.plan();
  const auto bxf = import_schedule(rig.house(), {"x.xml", rig.schedule(Format::bxf)}, {});
  REQUIRE(bxf.ok());
  CHECK(bxf->channel == "cable");
}

TEST_CASE("a file that is of no use is refused as a whole") {
  Rig rig;
  rig.plan();
  Wish wish;
  wish.channel = "cable";
  const auto refused = [&](const std::string &text) {
    const auto imported = import_schedule(rig.house(), {"x", text}, wish);
    REQUIRE_FALSE(imported.ok());
    return imported.fault().front();
  };
  CHECK(refused("hello").is(exchange::faults::format_unknown));
  CHECK(refused("").is(exchange::faults::format_unknown));
  CHECK(refused("END\r\n").is(exchange::faults::nothing_inside));
  CHECK(refused("<a/>").is(exchange::faults::nothing_inside));
  CHECK(refused("LOI\r\n").is(exchange::faults::ccms_line_short));
  CHECK(refused(std::string(max_file_bytes + 1, ' ')).is(exchange::faults::file_too_large));
  rig.set_time(rig.at(23, 59));
  CHECK(refused(rig.as_run(Format::ccms)).is(exchange::faults::wrong_purpose));
}

TEST_CASE("a day that is over is not changed") {
  Rig rig;
  rig.plan();
  rig.set_time(rig.at(25));
  const auto revision = rig.playlists->revision();
  const auto imported = rig.import("B2301001.SCH", record("190000", "101"));
  CHECK_FALSE(imported.is_done);
  CHECK(has(imported.faults, civicast::faults::playlist_day_past));
  CHECK(rig.playlists->revision() == revision);
}

TEST_CASE("an asset that CCMS has no bytes for is named before anything is written") {
  Rig rig;
  rig.plan();
  for (auto &asset : rig.station.assets) asset.spot.clear();
  const auto file = export_schedule(rig.house(), "cable", rig.monday(), Format::ccms);
  REQUIRE_FALSE(file.ok());
  CHECK(file.fault().size() == 13);  // once each: guard-heart is short enough
  CHECK(has(file.fault(), exchange::faults::spot_unfit));
  CHECK(export_schedule(rig.house(), "cable", rig.monday(), Format::bxf).ok());
  CHECK_FALSE(export_schedule(rig.house(), "nowhere", rig.monday(), Format::bxf).ok());
}

TEST_CASE("files are named as their formats want") {
  Rig rig;
  rig.plan();
  CHECK(export_schedule(rig.house(), "cable", rig.monday(), Format::ccms)->name == "B2301001.SCH");
  CHECK(export_as_run(rig.house(), "cable", rig.monday(), Format::ccms)->name == "B2301001.VER");
  CHECK(export_as_run(rig.house(), "screens", rig.monday(), Format::ccms)->name == "B2302001.VER");
  CHECK(export_as_run(rig.house(), "cable", rig.monday(), Format::bxf)->name.substr(0, 14) ==
        "BXF[20261123][");
}
