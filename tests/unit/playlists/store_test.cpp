// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/playlists/playlist_store.hpp"
#include "tests/unit/playlists/folder.hpp"

using namespace civicast;
using namespace civicast::playlists;
using namespace std::chrono_literals;

namespace {

constexpr Date monday = 2026y / 11 / 23;

struct Kept {
  test::Folder folder;
  std::unique_ptr<store::Store> store = folder.open();
  PlaylistStore playlists{*store};
};

Item item(const std::string &id, std::int64_t start_ns, std::int64_t end_ns,
          ItemKind kind = ItemKind::placement) {
  Item one;
  one.id = id;
  one.kind = kind;
  one.start_ns = start_ns;
  one.end_ns = end_ns;
  one.asset = "spot";
  one.title = {"富强", "Prosperity; 'quoted'"};
  if (kind == ItemKind::placement) {
    one.campaign = "values";
    one.ad_class = campaigns::AdClass::information;
    one.topic = "topic";
    one.break_id = "cable/2026-11-23/" + std::to_string(start_ns);
  }
  return one;
}

std::vector<std::string> ids(const std::vector<Item> &items) {
  std::vector<std::string> out;
  for (const Item &one : items) out.push_back(one.id);
  return out;
}
using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a make-good is found by what it makes good, while it stands") {
  Kept kept;
  std::vector<Item> items = {item("a", 0, 15), item("b", 15, 30)};
  items[1].makes_good = "lost";
  kept.playlists.replace_from("cable", monday, items, 0);
  CHECK(kept.playlists.day("cable", monday) == items);
  REQUIRE(kept.playlists.making_good("lost").size() == 1);
  CHECK(kept.playlists.making_good("lost")[0].item == items[1]);
  CHECK(kept.playlists.making_good("").empty());
  kept.playlists.replace_from("cable", monday, {item("a", 0, 15), item("c", 15, 30)}, 0);
  CHECK(kept.playlists.making_good("lost").empty());
  CHECK(ids(kept.playlists.day("cable", monday)) == Ids{"a", "c"});
}

TEST_CASE("a stored playlist comes back as it was, also to another process") {
  Kept kept;
  const std::vector<Item> items = {item("a", 0, 15), item("b", 15, 40, ItemKind::filler),
                                   item("c", 40, 60, ItemKind::programme)};
  kept.playlists.replace_from("cable", monday, items, 0);
  CHECK(kept.playlists.day("cable", monday) == items);
  const auto again = kept.folder.open();
  PlaylistStore other(*again);
  CHECK(other.day("cable", monday) == items);
  CHECK(other.day("feed", monday).empty());
  CHECK(other.day("cable", next_day(monday)).empty());
}

TEST_CASE("what starts before the instant stays, the rest is replaced") {
  Kept kept;
  kept.playlists.replace_from("cable", monday, {item("a", 0, 15), item("b", 15, 30)}, 0);
  kept.playlists.replace_from("cable", monday, {item("c", 20, 30)}, 10);
  CHECK(ids(kept.playlists.day("cable", monday)) == Ids{"a", "c"});
}

TEST_CASE("an item that says the same keeps its id") {
  Kept kept;
  kept.playlists.replace_from("cable", monday, {item("a", 0, 15), item("b", 15, 30)}, 0);
  auto other_title = item("d", 15, 30);
  other_title.title.en = "renamed";
  kept.playlists.replace_from("cable", monday, {item("c", 0, 15), other_title}, 0);
  CHECK(ids(kept.playlists.day("cable", monday)) == Ids{"a", "d"});
}

TEST_CASE("a placement that fell out is still found, and known to be out, a filler is gone") {
  Kept kept;
  kept.playlists.replace_from("cable", monday,
                              {item("a", 0, 15), item("f", 15, 30, ItemKind::filler)}, 0);
  REQUIRE(kept.playlists.find("a"));
  CHECK(kept.playlists.find("a")->is_current);
  CHECK(kept.playlists.find("a")->channel == "cable");
  CHECK(kept.playlists.find("a")->date == monday);
  kept.playlists.replace_from("cable", monday, {}, 0);
  REQUIRE(kept.playlists.find("a"));
  CHECK_FALSE(kept.playlists.find("a")->is_current);
  CHECK(kept.playlists.find("a")->item == item("a", 0, 15));
  CHECK_FALSE(kept.playlists.find("f"));
  CHECK_FALSE(kept.playlists.find("never"));
  CHECK(kept.playlists.day("cable", monday).empty());
}

TEST_CASE("the revision grows when something changed, and only then") {
  Kept kept;
  const auto first = kept.playlists.revision();
  kept.playlists.replace_from("cable", monday, {item("a", 0, 15)}, 0);
  const auto second = kept.playlists.revision();
  CHECK(second > first);
  kept.playlists.replace_from("cable", monday, {item("b", 0, 15)}, 0);
  CHECK(kept.playlists.revision() == second);
  const auto again = kept.folder.open();
  PlaylistStore(*again).replace_from("cable", monday, {}, 0);
  CHECK(kept.playlists.revision() > second);
}

TEST_CASE("a replacement that cannot be written changes nothing") {
  Kept kept;
  kept.playlists.replace_from("cable", monday, {item("a", 0, 15)}, 0);
  const auto before = kept.playlists.revision();
  CHECK_THROWS(
      kept.playlists.replace_from("cable", monday, {item("b", 20, 30), item("b", 30, 40)}, 0));
  CHECK(ids(kept.playlists.day("cable", monday)) == Ids{"a"});
  CHECK(kept.playlists.revision() == before);
}

TEST_CASE("a stretch holds what starts in it and what is in progress at its start") {
  Kept kept;
  kept.playlists.replace_from(
      "cable", monday, {item("a", 0, 10), item("b", 10, 20), item("c", 20, 30), item("m", 30, 30)},
      0);
  kept.playlists.replace_from("feed", monday, {item("x", 12, 12)}, 0);
  CHECK(ids(kept.playlists.between("cable", 15, 30)) == Ids{"b", "c"});
  CHECK(ids(kept.playlists.between("cable", 10, 20)) == Ids{"b"});
  CHECK(ids(kept.playlists.between("cable", 30, 31)) == Ids{"m"});
  CHECK(kept.playlists.between("cable", 31, 99).empty());
}

TEST_CASE("a day is known to be planned even if nothing was planned for it") {
  Kept kept;
  CHECK_FALSE(kept.playlists.has_day("feed", monday));
  kept.playlists.replace_from("feed", monday, {}, 0);
  CHECK(kept.playlists.has_day("feed", monday));
  CHECK_FALSE(kept.playlists.has_day("feed", next_day(monday)));
}

TEST_CASE("a tally counts current placements by day, and nothing else") {
  Kept kept;
  kept.playlists.replace_from(
      "cable", monday, {item("a", 0, 10), item("b", 10, 20), item("f", 20, 30, ItemKind::filler)},
      0);
  kept.playlists.replace_from("cable", monday, {item("b2", 10, 20)}, 5);
  kept.playlists.replace_from("cable", next_day(monday), {item("c", 100, 110)}, 0);
  const auto tally = kept.playlists.tally(monday, monday);
  REQUIRE(tally.size() == 1);
  CHECK(tally[0].channel == "cable");
  CHECK(tally[0].campaign == "values");
  CHECK(tally[0].asset == "spot");
  CHECK(tally[0].placements == 2);
}

TEST_CASE("old programmes and fillers are forgotten, placements never") {
  Kept kept;
  kept.playlists.replace_from(
      "cable", monday,
      {item("a", 0, 10), item("f", 10, 20, ItemKind::filler), item("g", 20, 30, ItemKind::filler)},
      0);
  kept.playlists.forget_surroundings(25);
  CHECK(ids(kept.playlists.day("cable", monday)) == Ids{"a", "g"});
}
