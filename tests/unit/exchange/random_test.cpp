// SPDX-License-Identifier: Apache-2.0
// Whatever can be said is read again as it was written.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "host/exchange/bxf.hpp"
#include "host/exchange/ccms.hpp"
#include "host/exchange/uuid5.hpp"

using namespace civicast;
using namespace civicast::exchange;
using namespace std::chrono_literals;

namespace {

constexpr int rounds = 2'000;

class Dice {
 public:
  Dice() {
    const char *given = std::getenv("CIVICAST_SEED");
    seed_ = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    random_.seed(seed_);
  }
  std::uint64_t seed() const { return seed_; }
  std::int64_t up_to(std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
  }
  bool coin() { return up_to(1) == 1; }
  std::string words(std::size_t most) {
    static const std::string pieces[] = {"a", "Z",   "9", " ",  "&",  "<", ">", "\"",
                                         "'", "]]>", "é", "富", "强", "😀", "-", ";"};
    std::string text;
    while (coin() || coin()) {
      const auto &piece = pieces[static_cast<std::size_t>(up_to(15))];
      if (text.size() + piece.size() > most) break;
      text += piece;
    }
    // Blanks at the ends are no part of a text in either format.
    while (!text.empty() && text.back() == ' ') text.pop_back();
    while (!text.empty() && text.front() == ' ') text.erase(0, 1);
    return text;
  }
  std::string spot(std::size_t most) {
    static const std::string letters = "abcXYZ0123456789-_.";
    std::string text;
    const auto size = 1 + up_to(static_cast<std::int64_t>(most) - 1);
    for (std::int64_t i = 0; i < size; ++i)
      text +=
          letters[static_cast<std::size_t>(up_to(static_cast<std::int64_t>(letters.size()) - 1))];
    return text;
  }

 private:
  std::uint64_t seed_ = 0;
  std::mt19937_64 random_;
};

constexpr Date near = 2027y / 1 / 1;

LocalTime time(Dice &dice, std::int64_t step_ms) {
  const Date date = std::chrono::sys_days(near) + std::chrono::days(dice.up_to(300) - 150);
  return {date, dice.up_to(ms_per_day / step_ms - 1) * step_ms};
}

Event ccms_event(Dice &dice) {
  Event event;
  event.start = time(dice, ms_per_s);
  event.length_ms = dice.up_to(3'600) * ms_per_s;
  event.window = {static_cast<int>(dice.up_to(1'439)), static_cast<int>(dice.up_to(1'440))};
  event.break_number = static_cast<int>(dice.up_to(999));
  event.position = static_cast<int>(dice.up_to(999));
  event.spot = dice.coin() ? "00000012345" : dice.spot(10) + "x";
  event.advertiser = dice.words(32);
  event.title = dice.words(20);
  event.is_fill = dice.coin();
  event.id = dice.words(200);
  if (dice.coin()) return event;
  event.actual.length_ms = dice.up_to(360'000) * 10;
  event.actual.position = static_cast<int>(dice.up_to(999));
  event.code = event.actual.length_ms > 0 ? 1 : 23;
  if (event.code == 1) event.actual.start = LocalTime{event.start->date, time(dice, ms_per_s).ms};
  event.status =
      event.code == 1 ? airings::Status::aired_without_discrepancy : airings::Status::did_not_air;
  return event;
}

Event bxf_planned(Dice &dice) {
  Event event;
  event.kind = dice.coin() ? EventKind::spot : EventKind::programme;
  event.start = time(dice, 40);
  event.length_ms = dice.up_to(2'159'999) * 40;
  event.spot = dice.spot(64);
  event.title = dice.words(100);
  event.id = urn_of("event", dice.spot(20));
  if (event.kind == EventKind::spot) {
    event.advertiser = dice.words(40);
    event.ad_type = dice.coin() ? "PSA" : "Promo";
  }
  return event;
}

Event bxf_run(Dice &dice) {
  Event event;
  event.spot = dice.spot(64);
  event.title = dice.words(100);
  event.id = urn_of("event", dice.spot(20));
  event.status = static_cast<airings::Status>(1 + dice.up_to(9));
  event.note = dice.words(60);
  if (*event.status == airings::Status::aired_without_discrepancy || dice.coin())
    event.actual = {time(dice, 40), (1 + dice.up_to(2'159'998)) * 40, 0};
  else
    event.start = time(dice, 40);
  return event;
}

std::vector<Event> some(Dice &dice, Event (*make)(Dice &)) {
  std::vector<Event> events;
  for (auto left = 1 + dice.up_to(4); left > 0; --left) events.push_back(make(dice));
  return events;
}

void must_equal(Reading reading, const std::vector<Event> &events) {
  for (const Fault &fault : reading.faults) FAIL_CHECK(fault.text());
  for (Event &event : reading.events) event.at.clear();
  REQUIRE(reading.events == events);
}

}  // namespace

TEST_CASE("any event that CCMS can say is read again as it was written") {
  Dice dice;
  INFO("CIVICAST_SEED=" << dice.seed());
  for (int i = 0; i < rounds; ++i) {
    const auto events = some(dice, ccms_event);
    const auto text = write_ccms(events, true);
    REQUIRE(text.ok());
    must_equal(read_ccms(*text, "x", near), events);
  }
}

TEST_CASE("any event that BXF can say is read again as it was written") {
  Dice dice;
  INFO("CIVICAST_SEED=" << dice.seed());
  const Zone zone = *Zone::find("Asia/Shanghai");
  const BxfHead head{"cable", "成华", "chenghua", near, 0};
  for (int i = 0; i < rounds; ++i) {
    const auto planned = some(dice, bxf_planned);
    must_equal(read_bxf(write_bxf_schedule(planned, head, zone), "x", zone), planned);
    const auto run = some(dice, bxf_run);
    must_equal(read_bxf(write_bxf_as_run(run, head, zone), "x", zone), run);
  }
}
