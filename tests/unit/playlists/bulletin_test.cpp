// SPDX-License-Identifier: Apache-2.0
// Bulletins lie over a playlist: it neither loses them nor makes room for them.
#include <catch2/catch.hpp>

#include "host/playlists/faults.hpp"
#include "host/playlists/import.hpp"
#include "host/playlists/playlist_store.hpp"
#include "host/playlists/xml.hpp"
#include "tests/unit/playlists/folder.hpp"

using namespace civicast;
using namespace civicast::playlists;
using namespace std::chrono_literals;

namespace {

constexpr Date monday = 2026y / 11 / 23;
constexpr std::int64_t s = 1'000'000'000;

Item item(const std::string &id, ItemKind kind, std::int64_t start_s, std::int64_t end_s) {
  Item one;
  one.id = id;
  one.kind = kind;
  one.start_ns = 1'795'400'000 * s + start_s * s;
  one.end_ns = 1'795'400'000 * s + end_s * s;
  one.asset = "spot";
  one.title = {"暴雨红色预警", "Rainstorm red alert"};
  if (kind == ItemKind::placement) one.campaign = "values";
  if (kind == ItemKind::bulletin) one.places = {"screen-hemei", "screen-heshun"};
  return one;
}

struct Kept {
  test::Folder folder;
  std::unique_ptr<store::Store> store = folder.open();
  PlaylistStore playlists{*store};

  void lay(const Item &bulletin) {
    auto session = store->session();
    PlaylistStore::lay_over(session, "screens", monday, bulletin);
  }
  void take_off(const std::string &id) {
    auto session = store->session();
    PlaylistStore::take_off(session, id);
  }
  std::vector<std::string> ids() {
    std::vector<std::string> out;
    for (const Item &one : playlists.day("screens", monday)) out.push_back(one.id);
    return out;
  }
};
using Ids = std::vector<std::string>;

const Zone shanghai = Zone::find("Asia/Shanghai").value();

}  // namespace

TEST_CASE("a bulletin leaves the items beneath it their ids and times, and comes back as it was") {
  Kept kept;
  const Item a = item("a", ItemKind::placement, 0, 15), b = item("b", ItemKind::filler, 15, 60);
  kept.playlists.replace_from("screens", monday, {a, b}, 0);
  const auto before = kept.playlists.revision();
  const Item bulletin = item("x", ItemKind::bulletin, 5, 20);
  kept.lay(bulletin);
  CHECK(kept.playlists.day("screens", monday) == std::vector<Item>{a, bulletin, b});
  CHECK(kept.playlists.revision() > before);
  REQUIRE(kept.playlists.find("x"));
  CHECK(kept.playlists.find("x")->item == bulletin);
}

TEST_CASE("no plan takes a bulletin away, and none can plan one") {
  Kept kept;
  kept.playlists.replace_from("screens", monday, {item("a", ItemKind::placement, 0, 15)}, 0);
  kept.lay(item("x", ItemKind::bulletin, 5, 20));
  kept.playlists.replace_from("screens", monday, {item("c", ItemKind::placement, 3, 18)}, 0);
  CHECK(kept.ids() == Ids{"c", "x"});
  CHECK_THROWS_AS(
      kept.playlists.replace_from("screens", monday, {item("y", ItemKind::bulletin, 30, 40)}, 0),
      std::logic_error);
  kept.playlists.forget_surroundings(INT64_MAX);
  CHECK(kept.ids() == Ids{"c", "x"});
}

TEST_CASE("a bulletin taken off is out of the playlist and found for ever") {
  Kept kept;
  kept.playlists.replace_from("screens", monday, {item("a", ItemKind::placement, 0, 15)}, 0);
  kept.lay(item("x", ItemKind::bulletin, 5, 20));
  kept.take_off("x");
  kept.take_off("a");  // is none
  CHECK(kept.ids() == Ids{"a"});
  REQUIRE(kept.playlists.find("x"));
  CHECK_FALSE(kept.playlists.find("x")->is_current);
}

TEST_CASE("bulletins are no placements of a tally") {
  Kept kept;
  kept.playlists.replace_from("screens", monday, {item("a", ItemKind::placement, 0, 15)}, 0);
  kept.lay(item("x", ItemKind::bulletin, 5, 20));
  const auto tally = kept.playlists.tally(monday, monday);
  REQUIRE(tally.size() == 1);
  CHECK(tally[0].placements == 1);
}

TEST_CASE("a file holds bulletins over the other items, and reads them back") {
  const Playlist playlist{
      "screens",
      monday,
      {item("a", ItemKind::placement, 0, 15), item("x", ItemKind::bulletin, 5, 20),
       item("b", ItemKind::filler, 15, 60)}};
  const auto reading = parse_playlist(write_xml(playlist, shanghai), "p.xml");
  REQUIRE(reading.ok());
  CHECK(reading->playlist == playlist);
}

TEST_CASE("places are a bulletin's, live is a programme's") {
  const auto text = [](const std::string &more) {
    return "<playlist channel=\"c\" date=\"2026-11-23\">\n<item " + more +
           " start=\"2026-11-23T19:00:00+08:00\" end=\"2026-11-23T19:00:15+08:00\"/>\n</playlist>";
  };
  const auto fault = [&](const std::string &more) {
    const auto reading = parse_playlist(text(more), "p.xml");
    REQUIRE_FALSE(reading.ok());
    CHECK(reading.fault().front().where() == "p.xml:2");
    return reading.fault().front();
  };
  CHECK(fault("kind=\"filler\" asset=\"a\" places=\"x\"").is(faults::playlist_places_misplaced));
  CHECK(fault("kind=\"filler\" live=\"udp://239.1.1.7:5500\"").is(faults::playlist_live_misplaced));
  CHECK(fault("kind=\"programme\" live=\"ftp://x/\"").sentence(Lang::en).find("udp://") !=
        std::string::npos);
  const auto live = parse_playlist(
      text("kind=\"programme\" live=\"srt://10.0.0.5:9000?mode=caller\" asset=\"standby\""), "p");
  REQUIRE(live.ok());
  CHECK(live->playlist.items[0].live == "srt://10.0.0.5:9000?mode=caller");
  CHECK(parse_playlist(write_xml(live->playlist, shanghai), "p")->playlist == live->playlist);
}

TEST_CASE("an import changes no bulletin: what was exported may stand in the file, nothing else") {
  const Item known = item("x", ItemKind::bulletin, 5, 20);
  ImportRules rules;
  rules.channels = {"screens"};
  rules.campaigns = {"values"};
  rules.day_start_ns = 1'795'300'000 * s;
  rules.day_end_ns = 1'795'500'000 * s;
  rules.duration_ns = [](const std::string &) { return std::optional<std::int64_t>(15 * s); };
  rules.find = [&](const std::string &id) -> std::optional<Found> {
    if (id == "x") return Found{known, "screens", monday, true};
    return {};
  };
  rules.new_id = [] { return std::string("new"); };
  rules.standing = {known};
  rules.zone = &shanghai;
  const auto accepted = [&](const Item &bulletin) {
    const Playlist playlist{"screens", monday, {item("a", ItemKind::placement, 0, 15), bulletin}};
    return accept(*parse_playlist(write_xml(playlist, shanghai), "p.xml"), rules);
  };
  const auto same = accepted(known);
  REQUIRE(same.ok());
  REQUIRE(same->size() == 1);
  CHECK(same->front().id == "a");
  Item moved = known;
  moved.end_ns += s;
  Item fresh = known;
  fresh.id = "y";
  for (const Item &other : {moved, fresh}) {
    const auto refused = accepted(other);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.fault().front().is(faults::playlist_bulletin_changed));
  }
}
