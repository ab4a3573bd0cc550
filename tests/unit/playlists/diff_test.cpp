// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/playlists/diff.hpp"

using namespace civicast::playlists;

namespace {
Item item(const std::string &id, std::int64_t start_ns) {
  Item one;
  one.id = id;
  one.start_ns = start_ns;
  one.end_ns = start_ns + 15;
  return one;
}
}  // namespace

TEST_CASE("a diff names what was added, removed and changed, in order of start") {
  const std::vector<Item> before = {item("a", 0), item("b", 20), item("c", 40)};
  auto changed = item("c", 40);
  changed.asset = "other";
  const std::vector<Item> after = {item("a", 0), item("d", 10), changed};
  const auto changes = diff(before, after);
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].kind == Change::Kind::added);
  CHECK(changes[0].after.id == "d");
  CHECK(changes[1].kind == Change::Kind::removed);
  CHECK(changes[1].before.id == "b");
  CHECK(changes[2].kind == Change::Kind::changed);
  CHECK(changes[2].before.asset.empty());
  CHECK(changes[2].after.asset == "other");
}

TEST_CASE("equal playlists have no diff") {
  const std::vector<Item> items = {item("a", 0), item("b", 20)};
  CHECK(diff(items, items).empty());
  CHECK(diff({}, {}).empty());
}

TEST_CASE("an id and a title make no difference to what is aired, an asset and a time do") {
  auto one = item("a", 0), other = item("b", 0);
  other.title = {"题", "title"};
  CHECK(says_the_same(one, other));
  other.asset = "x";
  CHECK_FALSE(says_the_same(one, other));
  CHECK_FALSE(says_the_same(one, item("a", 1)));
}

TEST_CASE("another live source, or other places, is another item") {
  Item one;
  one.kind = ItemKind::programme;
  one.live = "udp://239.1.1.7:5500";
  Item other = one;
  CHECK(says_the_same(one, other));
  other.live = "udp://239.1.1.8:5500";
  CHECK_FALSE(says_the_same(one, other));
  other = one;
  other.places = {"screen-hemei"};
  CHECK_FALSE(says_the_same(one, other));
}
