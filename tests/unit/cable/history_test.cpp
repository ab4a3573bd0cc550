// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <fstream>

#include "plugins/cable/book/airing.hpp"
#include "plugins/cable/book/history.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kHour = std::int64_t{3600} * 1'000'000'000;

Item item(const std::string &id, std::int64_t start_ns) {
  Item made;
  made.id = id;
  made.title = "图说我们的价值观";
  made.path = "/house/a.ts";
  made.start_ns = start_ns;
  made.end_ns = start_ns + frame_ns(375);
  made.clip_frames = 375;
  return made;
}

}  // namespace

TEST_CASE("What the history was told is there after a restart, even behind a torn line") {
  const TempFolder folder;
  const Item p = item("p", 1000), q = item("q", 2000);
  {
    History history(folder / "history", 0);
    history.add(p, accepted(p));
    history.add(q, accepted(q));
    history.add(never_aired(q, CIV_DID_NOT_AIR));
  }
  std::ofstream(folder / "history", std::ios::app) << R"({"fact":{"id":"p","fa)";
  History history(folder / "history", 0);
  const auto known = history.find("p");
  REQUIRE(known);
  CHECK(known->item->title == "图说我们的价值观");
  CHECK(known->item->clip_frames == 375);
  CHECK_FALSE(known->is_final());
  REQUIRE(history.find("q"));
  CHECK(history.find("q")->is_final());
  CHECK_FALSE(history.find("r"));
  REQUIRE(history.unfinished().size() == 1);
  history.add(withdrawn("p", 5));
  CHECK(history.unfinished().empty());
}

TEST_CASE("A fact told twice is kept once") {
  const TempFolder folder;
  History history(folder / "history", 0);
  const Item p = item("p", 1000);
  history.add(p, accepted(p));
  history.add(p, accepted(p));
  history.add(withdrawn("p", 5));
  history.add(withdrawn("p", 6));
  CHECK(history.find("p")->facts.size() == 2);
}

TEST_CASE("After 48 hours what is over is forgotten, and what is not is kept") {
  const TempFolder folder;
  const Item over = item("over", kHour), open = item("open", kHour);
  {
    History history(folder / "history", kHour);
    history.add(over, accepted(over));
    history.add(open, accepted(open));
    history.add(never_aired(over, CIV_DID_NOT_AIR));
  }
  CHECK(History(folder / "history", 40 * kHour).find("over"));
  const History history(folder / "history", 50 * kHour);
  CHECK_FALSE(history.find("over"));
  CHECK(history.find("open"));
}

}  // namespace civicast::cable
