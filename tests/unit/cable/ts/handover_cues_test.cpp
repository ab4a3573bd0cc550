// SPDX-License-Identifier: Apache-2.0
// Breaks are announced by whichever sender is on air when their time comes.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/ts/signal.hpp"

namespace civicast::cable {
namespace {

unsigned seed() {
  const char *given = std::getenv("CIVICAST_SEED");
  return given ? static_cast<unsigned>(std::atoi(given)) : std::random_device()();
}

/// A rig whose engine is replaced by a successor while it is on air.
struct Relay : Rig {
  Relay() : Rig({the_house(), {}, {}, CueSettings{}}) { output.bytes = &bytes; }
  void hand_over() {
    engine->begin_handover();
    while (!engine->has_left()) clock.pass(engine->tick() - clock.mono_ns);
    note();
    const Handover after = engine->hand_over();
    const Engine::Parts parts{clock, schedule, slate, journal, facts, {&output}};
    engine = std::make_unique<Engine>(parts, EngineSettings{the_house(), {}, after, CueSettings{}});
  }
  /// What the engine's self check and inserter have found.
  void note() {
    const Engine::Status status = engine->status();
    violations += status.check.violations();
    missed += status.cues.missed;
  }
  std::vector<std::uint8_t> bytes;
  std::int64_t violations = 0, missed = 0;
};

}  // namespace

TEST_CASE("Over handovers each break is announced in time, with its first picture's PTS") {
  Relay relay;
  constexpr int kBreaks = 10;
  for (int i = 0; i < kBreaks; ++i)
    relay.plan("spot" + std::to_string(i), house_file({.frames = 75}), 12'000 + 11'000 * i, 75);
  const unsigned chance = seed();
  CAPTURE(chance);
  std::mt19937 random(chance);
  const std::int64_t end = relay.start_ns + (12'000 + 11'000 * kBreaks) * std::int64_t{1'000'000};
  int handovers = 0;
  while (relay.clock.utc_ns < end) {
    relay.run_for_ms(500 + static_cast<std::int64_t>(random() % 3000));
    // Between items: a successor here does not take up what is in the middle.
    const std::int64_t at_ms = (relay.clock.utc_ns - relay.start_ns) / 1'000'000;
    if (at_ms > 11'000 && (at_ms - 12'000) % 11'000 < 4'000) continue;
    if (at_ms > 11'000 && (at_ms - 12'000) % 11'000 > 10'000) continue;
    relay.hand_over();
    ++handovers;
  }
  relay.note();
  CHECK(handovers > 20);
  CHECK(relay.violations == 0);
  CHECK(relay.missed == 0);

  const tests::TsReport report = relay.output.check.report();
  INFO(report.json());
  CHECK(report.is_clean());
  CHECK(report.sessions == 1);
  std::map<std::int64_t, int> copies;  // by the PTS of the break's beginning
  for (const tests::CueSection &cue : report.cues) {
    CHECK_FALSE(cue.is_cancel);
    REQUIRE(cue.arm_ticks);
    CHECK(*cue.arm_ticks >= 5 * 90'000);
    CHECK(*cue.arm_ticks <= 8 * 90'000);
    if (cue.is_out) ++copies[cue.pts.value()];
  }
  CHECK(copies.size() == kBreaks);
  for (int i = 0; i < kBreaks; ++i) {
    const Fact fact = relay.facts.final_of("spot" + std::to_string(i));
    CHECK(fact.fact == CIV_AIRED);
    const std::int64_t pts = nlohmann::json::parse(fact.proof).at("first_pts").get<std::int64_t>();
    CAPTURE(i, pts);
    CHECK(copies[pts] >= 1);
  }
}

}  // namespace civicast::cable
