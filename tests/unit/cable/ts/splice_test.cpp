// SPDX-License-Identifier: Apache-2.0
// Cues behind the splice: what the splice itself puts into the signal announces them too, and they
// go on over a handover.
#include <catch2/catch.hpp>

#include "plugins/cable/ts/cue.hpp"
#include "plugins/cable/ts/cue_inserter.hpp"
#include "plugins/cable/ts/splice.hpp"
#include "tests/unit/cable/ts/signal.hpp"

namespace civicast::cable {
namespace {

/// A sender without an engine: the packets of `made` as a muxer would hand them over.
struct Sender {
  explicit Sender(const Handover *after)
      : cues({.spacing_ms = 100}, kSignalRate, after), splice(ring, kSignalRate, after, &cues) {
    drain();
  }
  void send(const Signal &made, std::size_t from, std::size_t count) {
    for (std::size_t i = from; i < from + count; ++i) {
      splice.append(made[i].data(), made[i].size());
      drain();
    }
  }
  void drain() {
    for (std::int64_t at = ring.released(); at < ring.written(); ++at) {
      Packet &packet = sent.emplace_back();
      std::copy_n(ring.packet(at), 188, packet.data());
    }
    ring.release(ring.written());
  }
  PacketRing ring;
  CueInserter cues;
  Splice splice;
  Signal sent;
};

Cue cue(std::uint32_t id) {
  return {.event_id = id, .pts = 1};
}

std::int64_t continuity_errors(const Signal &signal) {
  return judged(signal).continuity_errors;
}

}  // namespace

TEST_CASE("The tables that the splice repeats announce the cues, and its padding carries them") {
  Sender sender(nullptr);
  sender.send(real_signal(), 0, kSecond);
  const auto end = static_cast<std::int64_t>(kSecond);
  sender.cues.insert(cue(5), {end + 10, end + 2'000});
  sender.splice.pad_to(end + 2 * end);
  sender.drain();
  const tests::TsReport report = judged(sender.sent);
  INFO(report.json());
  CHECK(report.cues.size() == 3);
  CHECK(report.continuity_errors == 0);
  CHECK(report.crc_errors == 0);
  CHECK(report.pmt_interval_max_ms <= 100);
  CHECK(report.pcr_accuracy_max_ns <= 500);
  std::size_t maps = 0;
  for (const Packet &packet : sender.sent) {
    if (pid_of(packet.data()) != kMap) continue;
    ++maps;
    REQUIRE(read_map(section_in(packet.data()))->streams.back().type == 0x86);
  }
  CHECK(maps > 40);
}

TEST_CASE("Over handovers no counter of any PID breaks, the cues' among them") {
  const Signal &made = real_signal();
  Signal seen;
  std::optional<Handover> after;
  std::size_t cues = 0;
  for (int round = 0; round < 6; ++round) {
    // Every muxer begins with its first packet and counters of its own.
    Sender sender(after ? &*after : nullptr);
    sender.cues.insert(cue(static_cast<std::uint32_t>(round)), {200, 5'000});
    const std::size_t length = 3'000 + 500 * static_cast<std::size_t>(round);
    sender.send(made, 0, length);
    for (const Packet &packet : sender.sent) seen.push_back(packet);
    after.emplace();
    after->counters = sender.splice.counters();
    CHECK(after->counters.at(0x1F4) == sender.cues.counter());
    cues += static_cast<std::size_t>(sender.cues.counters().sent);
  }
  CHECK(cues == 18);
  CHECK(judged(seen).cues.size() == 18);
  // What a muxer announces as its beginning would forgive an error: so nothing is announced here.
  for (Packet &packet : seen)
    if (is_announced_break(packet.data())) packet[5] = static_cast<std::uint8_t>(packet[5] & 0x7F);
  CHECK(continuity_errors(seen) == 0);
}

TEST_CASE("A sender without cues hands the counter of an earlier one on") {
  Handover first;
  first.counters[0x1F4] = 11;
  PacketRing ring;
  Splice silent(ring, kSignalRate, &first);
  CHECK(silent.counters().at(0x1F4) == 11);
  Handover second;
  second.counters = silent.counters();
  Sender sender(&second);
  sender.cues.insert(cue(1), {100, 5'000});
  sender.send(real_signal(), 0, 5'000);
  const std::size_t at = find(sender.sent, 0, [](const auto *p) { return pid_of(p) == 0x1F4; });
  CHECK(counter_of(sender.sent[at].data()) == 12);
}

}  // namespace civicast::cable
