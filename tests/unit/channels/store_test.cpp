// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/channels/channel_store.hpp"
#include "tests/plugins/harness.hpp"

using namespace civicast;
using namespace civicast::channels;

namespace {

Standing some(const std::string &id, const std::string &channel, std::int64_t start_ns,
              State state) {
  Standing s;
  s.channel = channel;
  s.item = {
      id,       playlists::ItemKind::filler, start_ns, start_ns + 10, "asset", {"标题", "Title"},
      "values", campaigns::AdClass::promo,   "topic",  "cable/1"};
  s.state = state;
  s.attempt = 3;
  s.epoch = 1ULL << 40;
  s.deaths = 1;
  s.next_try_ns = 77;
  s.why = "it's \"so\"; really";
  s.house_sha256 = "00ff";
  s.changed_ns = 5;
  return s;
}

}  // namespace

TEST_CASE("a standing reads back as it was put, also by another door to the same file") {
  const test::TempFolder folder;
  auto database = store::Store::open(folder / "civicast.db");
  REQUIRE(database);
  ChannelStore store(**database);
  const Standing before = some("a", "cable", 100, State::held);
  store.put({before});
  auto again = store::Store::open(folder / "civicast.db");
  REQUIRE(again);
  const auto after = ChannelStore(**again).find("a");
  REQUIRE(after);
  CHECK(after->item == before.item);
  CHECK(after->channel == before.channel);
  CHECK(after->state == before.state);
  CHECK(after->attempt == before.attempt);
  CHECK(after->epoch == before.epoch);
  CHECK(after->deaths == before.deaths);
  CHECK(after->next_try_ns == before.next_try_ns);
  CHECK(after->why == before.why);
  CHECK(after->house_sha256 == before.house_sha256);
  CHECK(after->changed_ns == before.changed_ns);
  CHECK_FALSE(store.find("b"));
}

TEST_CASE("lists and counts are of a channel and a span, by start") {
  const test::TempFolder folder;
  auto database = store::Store::open(folder / "civicast.db");
  REQUIRE(database);
  ChannelStore store(**database);
  store.put({some("late", "cable", 300, State::planned), some("early", "cable", 100, State::aired),
             some("other", "feed", 200, State::aired), some("after", "cable", 400, State::aired)});
  store.put({some("late", "cable", 300, State::missed)});
  const auto cable = store.list("cable", 100, 400);
  REQUIRE(cable.size() == 2);
  CHECK(cable[0].item.id == "early");
  CHECK(cable[1].item.id == "late");
  CHECK(store.list("", 0, 1000).size() == 4);
  CHECK(store.counts("cable", 0, 1000) ==
        std::map<State, std::int64_t>{{State::aired, 2}, {State::missed, 1}});
}

TEST_CASE("what has not ended is found however old it is") {
  const test::TempFolder folder;
  auto database = store::Store::open(folder / "civicast.db");
  REQUIRE(database);
  ChannelStore store(**database);
  store.put({some("open", "cable", 1, State::accepted), some("ended", "cable", 1, State::refused),
             some("new", "cable", 1000, State::aired)});
  CHECK(store.open_or_after(500).size() == 2);
}

TEST_CASE("where a live item comes from and where a bulletin is seen are kept with it") {
  test::TempFolder folder;
  auto database = store::Store::open(folder / "civicast.db").value();
  ChannelStore store(*database);
  Standing standing;
  standing.channel = "one";
  standing.item.id = "x";
  standing.item.kind = playlists::ItemKind::bulletin;
  standing.item.places = {"screen-a", "screen-b"};
  standing.item.live = "udp://239.1.1.7:5500";
  standing.status = wire::Status::preempted;
  store.put({standing});
  REQUIRE(store.find("x"));
  CHECK(store.find("x")->item == standing.item);
  CHECK(store.find("x")->status == wire::Status::preempted);
}
