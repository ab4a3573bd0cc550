// SPDX-License-Identifier: Apache-2.0
// One sender after the other, and a receiver that cannot tell: the signal, the pictures and the
// airings are those of a single one.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <random>

#include "plugins/cable/book/airing.hpp"
#include "plugins/cable/book/handover_file.hpp"
#include "plugins/cable/book/history.hpp"
#include "plugins/cable/play/restore.hpp"
#include "tests/tools/ts/spot_count.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

unsigned seed() {
  const char *given = std::getenv("CIVICAST_SEED");
  return given ? static_cast<unsigned>(std::atoi(given)) : std::random_device()();
}

/// What lasts while senders come and go.
struct Air {
  TempFolder folder;
  SimClock clock;
  CheckedOutput output;
  std::vector<std::uint8_t> bytes;
  std::vector<Fact> facts;
  Air() { output.bytes = &bytes; }

  std::map<std::string, std::vector<Fact>> endings() const {
    std::map<std::string, std::vector<Fact>> out;
    for (const Fact &fact : facts)
      if (fact.fact == CIV_AIRED || fact.fact == CIV_MISSED) out[fact.placement].push_back(fact);
    return out;
  }
};

/// Facts go to the history, and once each to the list, as the ledger would have them.
struct Book final : FactSink {
  Book(Air &the_air, History &h, Journal &j) : air(the_air), history(h), journal(j) {}
  void put(Fact fact, int slot) override {
    const auto record = history.find(fact.placement);
    if (!record || !record->has(fact.fact)) air.facts.push_back(fact);
    history.add(fact);
    if (slot >= 0) journal.free(slot);
  }
  Air &air;
  History &history;
  Journal &journal;
};

struct Sender {
  explicit Sender(Air &the_air)
      : air(the_air),
        journal(air.folder / "airing.now"),
        history(air.folder / "history", air.clock.utc_ns),
        book(air, history, journal),
        after(take_handover(air.folder / "handover", air.clock.mono_ns)),
        engine({air.clock, schedule, the_slate(), journal, book, {&air.output}},
               {the_house(), {}, after}) {
    restore({journal, history, schedule, engine, book},
            {air.clock.utc_ns, -1, after.has_value(), after ? after->plan_frame : 0,
             after ? after->shifts : std::map<std::string, std::int64_t>()});
  }
  void plan(const Item &item) {
    history.add(item, accepted(item));
    schedule.add(std::make_shared<const Item>(item));
  }
  void run_for_ms(std::int64_t ms) {
    const std::int64_t end = air.clock.mono_ns + ms * 1'000'000;
    while (air.clock.mono_ns < end) air.clock.pass(engine.tick() - air.clock.mono_ns);
  }
  void leave() {
    engine.begin_handover();
    while (!engine.has_left()) air.clock.pass(engine.tick() - air.clock.mono_ns);
    leave_handover(air.folder / "handover", engine.hand_over());
  }

  Air &air;
  Schedule schedule;
  Journal journal;
  History history;
  Book book;
  std::optional<Handover> after;
  Engine engine;
};

Item item(const std::string &id, Kind kind, const std::string &path, std::int64_t start_ns,
          std::int64_t frames, std::int64_t clip_frames) {
  Item out;
  out.id = id;
  out.kind = kind;
  out.path = path;
  out.sha256 = std::string(64, 'b');
  out.start_ns = start_ns;
  out.end_ns = start_ns + frame_ns(frames);
  out.clip_frames = clip_frames;
  return out;
}

}  // namespace

TEST_CASE("A signal handed from sender to sender is one signal, and every item airs once") {
  const std::vector<std::string> clips{house_file({.frames = 75}),
                                       house_file({.frames = 75, .picture = "smptebars"}),
                                       house_file({.frames = 75, .picture = "rgbtestsrc"})};
  const std::string programme = house_file({.frames = 250, .picture = "mandelbrot"});
  Air air;
  auto sender = std::make_unique<Sender>(air);
  // A programme, three spots back to back inside a break, a programme, and a gap, over and over.
  const std::int64_t begin = air.clock.utc_ns + 2'000'000'000;
  constexpr int rounds = 8;
  constexpr std::int64_t round_ns = 20'000'000'000;
  for (int round = 0; round < rounds; ++round) {
    const std::int64_t at = begin + round * round_ns;
    const std::string n = std::to_string(round);
    sender->plan(item("programme" + n, Kind::programme, programme, at, 175, 250));
    for (std::size_t spot = 0; spot < 3; ++spot)
      sender->plan(item("spot" + n + char('a' + spot), Kind::placement, clips[spot],
                        at + frame_ns(175 + 75 * static_cast<std::int64_t>(spot)), 75, 75));
    sender->plan(item("filler" + n, Kind::filler, programme, at + frame_ns(400), 75, 250));
  }
  const unsigned chance = seed();
  CAPTURE(chance);
  std::mt19937 random(chance);
  int handovers = 0;
  while (air.clock.utc_ns < begin + rounds * round_ns + 1'000'000'000) {
    sender->run_for_ms(200 + static_cast<std::int64_t>(random() % 4000));
    sender->leave();
    sender.reset();
    air.clock.pass(static_cast<std::int64_t>(random() % 150) * 1'000'000);
    sender = std::make_unique<Sender>(air);
    REQUIRE(sender->after);
    ++handovers;
  }
  sender->run_for_ms(2000);

  const tests::TsReport report = air.output.check.report();
  INFO(report.json());
  CHECK(handovers > 50);
  CHECK(report.is_clean());
  CHECK(report.sessions == 1);
  CHECK(report.video.steps.size() == 1);
  CHECK(sender->engine.status().stalls == 0);

  const auto endings = air.endings();
  CHECK(endings.size() == rounds * 5);
  for (const auto &[id, facts] : endings) {
    CAPTURE(id, facts.front().proof);
    CHECK(facts.size() == 1);
    CHECK(facts.front().fact == CIV_AIRED);
    CHECK(facts.front().status == CIV_AIRED_WITHOUT_DISCREPANCY);
  }
  const std::string file = air.folder / "seen.ts";
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char *>(air.bytes.data()),
             static_cast<std::streamsize>(air.bytes.size()));
  const tests::SpotCount seen =
      tests::count_spots(file, {{"a", clips[0]}, {"b", clips[1]}, {"c", clips[2]}});
  INFO(seen.json());
  for (const char *name : {"a", "b", "c"}) CHECK(seen.complete.at(name) == rounds);
}

TEST_CASE("A handover is taken up once, soon, and on the same machine's run") {
  const TempFolder folder;
  const std::string file = folder / "handover";
  const std::int64_t mono_ns = 90'000'000'000, offset_ns = 1'800'000'000'000'000'000;
  const Handover left{
      (mono_ns + offset_ns) / kFrameNs, 5, -64, offset_ns, {{0x100, 7}}, {{"filler", 13}}};
  leave_handover(file, left);
  const auto taken = take_handover(file, mono_ns);
  REQUIRE(taken);
  CHECK(taken->counters == left.counters);
  CHECK(taken->shifts == left.shifts);
  CHECK_FALSE(take_handover(file, mono_ns));
  leave_handover(file, left);
  CHECK_FALSE(take_handover(file, mono_ns + 10'000'000'000));
  for (const char *text : {"", "{}", "[1]", R"({"handover":2})", R"({"handover":1,"boot":"x"})"}) {
    std::ofstream(file) << text;
    CHECK_FALSE(take_handover(file, mono_ns));
  }
}

TEST_CASE("What a stall has stopped does not go on in the middle with the next sender") {
  const std::string clip = house_file({.frames = 75});
  Air air;
  auto sender = std::make_unique<Sender>(air);
  sender->plan(item("spot", Kind::placement, clip, air.clock.utc_ns + 1'000'000'000, 75, 75));
  sender->run_for_ms(1500);
  air.clock.pass(600'000'000);
  sender->run_for_ms(400);
  sender->leave();
  sender = std::make_unique<Sender>(air);
  REQUIRE(sender->after);
  sender->run_for_ms(4000);
  const auto endings = air.endings();
  REQUIRE(endings.count("spot") == 1);
  CHECK(endings.at("spot").front().fact == CIV_MISSED);
  CHECK(proof(endings.at("spot").front()).at("frames_sent") < 30);
}

TEST_CASE("A sender that comes too late has stalled, and says so") {
  const std::string clip = house_file({.frames = 75});
  Air air;
  auto sender = std::make_unique<Sender>(air);
  sender->plan(item("spot", Kind::placement, clip, air.clock.utc_ns + 1'000'000'000, 75, 75));
  sender->run_for_ms(2000);
  sender->leave();
  sender.reset();
  air.clock.pass(900'000'000);
  sender = std::make_unique<Sender>(air);
  REQUIRE(sender->after);
  sender->run_for_ms(4000);
  const auto endings = air.endings();
  REQUIRE(endings.count("spot") == 1);
  CHECK(endings.at("spot").front().fact == CIV_MISSED);
  CHECK(air.output.check.report().continuity_errors == 0);
}

}  // namespace civicast::cable
