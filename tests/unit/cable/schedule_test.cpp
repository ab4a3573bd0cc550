// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "plugins/cable/play/schedule.hpp"

namespace civicast::cable {
namespace {

ItemPtr item(const std::string &id, Kind kind, std::int64_t start, std::int64_t end) {
  auto made = std::make_shared<Item>();
  made->id = id;
  made->kind = kind;
  made->start_ns = frame_ns(start);
  made->end_ns = frame_ns(end);
  return made;
}

std::string id_at(Schedule &schedule, std::int64_t frame) {
  const auto found = schedule.take(frame);
  return found.empty() ? "" : found.front()->id;
}

}  // namespace

TEST_CASE("A placement begins at its first frame or never") {
  Schedule schedule;
  schedule.add(item("p", Kind::placement, 100, 200));
  CHECK(id_at(schedule, 99).empty());
  CHECK(id_at(schedule, 101).empty());
  CHECK(id_at(schedule, 100) == "p");
  CHECK(id_at(schedule, 150) == "p");
  CHECK(id_at(schedule, 199) == "p");
  CHECK(id_at(schedule, 200).empty());
}

TEST_CASE("A programme may be joined at any frame") {
  Schedule schedule;
  schedule.add(item("g", Kind::programme, 100, 200));
  CHECK(id_at(schedule, 150) == "g");
}

TEST_CASE("A placement goes before a programme, and a bulletin before everything") {
  Schedule schedule;
  schedule.add(item("g", Kind::programme, 0, 300));
  schedule.add(item("p", Kind::placement, 100, 200));
  schedule.add(item("b", Kind::bulletin, 150, 160));
  CHECK(id_at(schedule, 99) == "g");
  CHECK(id_at(schedule, 100) == "p");
  CHECK(id_at(schedule, 150) == "b");
  CHECK(id_at(schedule, 160) == "p");
  CHECK(id_at(schedule, 200) == "g");
}

TEST_CASE("A bulletin that comes late is moved to where it begins, and stays whole") {
  Schedule schedule;
  CHECK(schedule.has_room_for(*item("b", Kind::bulletin, 100, 150)));
  schedule.add(item("b", Kind::bulletin, 100, 150));
  const auto shown = schedule.take(120);
  REQUIRE(shown.size() == 1);
  CHECK(shown.front()->start_frame() == 120);
  CHECK(shown.front()->end_frame() == 170);
  CHECK(id_at(schedule, 169) == "b");
  CHECK(id_at(schedule, 170).empty());
}

TEST_CASE("Of two bulletins the second waits until the first is over, or its own time is") {
  Schedule schedule;
  schedule.add(item("a", Kind::bulletin, 100, 150));
  schedule.add(item("b", Kind::bulletin, 120, 170));
  schedule.add(item("c", Kind::bulletin, 130, 140));
  CHECK(id_at(schedule, 100) == "a");
  CHECK(id_at(schedule, 149) == "a");
  CHECK(schedule.expire(149).front()->id == "c");
  CHECK(id_at(schedule, 150) == "b");
  CHECK(id_at(schedule, 199) == "b");
  CHECK(id_at(schedule, 200).empty());
}

TEST_CASE("What lies below the item on air is named behind it, the greatest right first") {
  Schedule schedule;
  schedule.add(item("f", Kind::filler, 0, 300));
  schedule.add(item("g", Kind::programme, 0, 300));
  schedule.add(item("p", Kind::placement, 100, 200));
  std::string order;
  for (const ItemPtr &found : schedule.take(100)) order += found->id;
  CHECK(order == "pgf");
  CHECK(schedule.remove("f") == Schedule::Removal::removed);
}

TEST_CASE("The same time is given to one placement only") {
  Schedule schedule;
  schedule.add(item("p", Kind::placement, 100, 200));
  CHECK_FALSE(schedule.has_room_for(*item("q", Kind::placement, 199, 300)));
  CHECK(schedule.has_room_for(*item("q", Kind::placement, 200, 300)));
  CHECK(schedule.has_room_for(*item("f", Kind::filler, 0, 300)));
}

TEST_CASE("What is on air cannot be taken back") {
  Schedule schedule;
  schedule.add(item("p", Kind::placement, 100, 200));
  schedule.add(item("q", Kind::placement, 200, 300));
  CHECK(id_at(schedule, 100) == "p");
  CHECK(schedule.remove("p") == Schedule::Removal::on_air);
  CHECK(schedule.remove("q") == Schedule::Removal::removed);
  CHECK(schedule.remove("q") == Schedule::Removal::absent);
  CHECK(id_at(schedule, 200).empty());
}

TEST_CASE("What can no longer be shown whole expires, once") {
  Schedule schedule;
  schedule.add(item("p", Kind::placement, 100, 200));
  schedule.add(item("g", Kind::programme, 100, 200));
  CHECK(schedule.expire(100).empty());
  const auto expired = schedule.expire(101);
  REQUIRE(expired.size() == 1);
  CHECK(expired[0]->id == "p");
  CHECK(schedule.expire(101).empty());
  CHECK(schedule.expire(200).size() == 1);
  CHECK(schedule.size() == 0);
}

}  // namespace civicast::cable
