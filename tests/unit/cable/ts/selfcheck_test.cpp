// SPDX-License-Identifier: Apache-2.0
// Each violation is made once in a real signal, and has to be counted once, and nothing else.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <map>
#include <random>
#include <string>

#include "plugins/cable/ts/cue_inserter.hpp"
#include "plugins/cable/ts/selfcheck.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/ts/signal.hpp"

namespace civicast::cable {
namespace {

using Counts = std::map<std::string, std::int64_t>;

SelfCheck checked(const Signal &signal, const Handover *after = nullptr) {
  SelfCheck check(kSignalRate, after);
  for (const Packet &packet : signal) check.look(packet.data());
  return check;
}

/// The violations that are not 0.
Counts counts(const SelfCheck::Counters &counters) {
  Counts out;
  for (const CheckCounterName &each : kViolations)
    if (const std::int64_t count = counters.*each.count; count != 0) out[each.name] = count;
  return out;
}
Counts counts(const Signal &signal) {
  return counts(checked(signal).counters());
}

bool is_video_start(const std::uint8_t *p) {
  return pid_of(p) == kVideo && starts_unit(p);
}
bool is_middle_of_video(const std::uint8_t *p) {
  return pid_of(p) == kVideo && !starts_unit(p) && !(p[3] & 0x20);
}
bool is_null(const std::uint8_t *p) {
  return pid_of(p) == kNullPid;
}
bool is_clock(const std::uint8_t *p) {
  return pid_of(p) == kVideo && has_clock(p);
}
bool is_association(const std::uint8_t *p) {
  return pid_of(p) == kAssociationPid;
}
bool is_map(const std::uint8_t *p) {
  return pid_of(p) == kMap;
}

/// A packet in the middle of a picture, and a null packet before the PID's next one.
struct Pair {
  std::size_t packet = 0, null = 0;
};
Pair packet_before_null(const Signal &signal) {
  for (std::size_t at = 5 * kSecond;; ++at) {
    at = find(signal, at, is_null);
    std::size_t before = at - 1;
    while (pid_of(signal[before].data()) != kVideo) --before;
    if (!starts_unit(signal[before].data()) && !has_clock(signal[before].data()))
      return {before, at};
  }
}

}  // namespace

TEST_CASE("A clean signal has no violations, and its worst values lie within the limits") {
  const SelfCheck check = checked(real_signal());
  CHECK(counts(check.counters()).empty());
  CHECK(check.counters().violations() == 0);
  CHECK(check.counters().packets == std::ssize(real_signal()));
  const SelfCheck::Worst worst = check.worst();
  CHECK(worst.pcr_interval_max_us > 15'000);
  CHECK(worst.pcr_interval_max_us <= 40'000);
  CHECK(worst.pcr_accuracy_max_ns <= 74);  // two roundings to 27 MHz
  CHECK(worst.pat_interval_max_us > 90'000);
  CHECK(worst.pat_interval_max_us <= 100'000);
  CHECK(worst.pmt_interval_max_us <= 100'000);
  CHECK(worst.pts_interval_max_us >= 40'000);
  CHECK(worst.pts_interval_max_us <= 700'000);
  CHECK(worst.lead_min_ticks > 0);
  CHECK(worst.lead_min_ticks < 63'000);
}

TEST_CASE("The self check and the independent analyser read the same figures") {
  const SelfCheck::Worst worst = checked(real_signal()).worst();
  const tests::TsReport report = judged(real_signal());
  CHECK(static_cast<double>(worst.pcr_interval_max_us) ==
        Approx(report.pcr_interval_max_ms * 1000).margin(1));
  CHECK(static_cast<double>(worst.pat_interval_max_us) ==
        Approx(report.pat_interval_max_ms * 1000).margin(1));
  CHECK(static_cast<double>(worst.pmt_interval_max_us) ==
        Approx(report.pmt_interval_max_ms * 1000).margin(1));
  CHECK(worst.lead_min_ticks ==
        Approx(std::min(report.video.lead_min_ticks, report.audio.lead_min_ticks)).margin(1));
}

TEST_CASE("The signal of every house format breaks no limit, and each unit in it is one picture") {
  for (const formats::HouseFormat &house : formats::all()) {
    INFO(house.id);
    Rig rig({house});
    std::vector<std::uint8_t> bytes;
    rig.output.bytes = &bytes;
    rig.plan("spot", house_file_of(house.id, 75), 2000, 75);
    rig.run_for_ms(7000);
    CHECK(rig.facts.final_of("spot").status == CIV_AIRED_WITHOUT_DISCREPANCY);
    const Engine::Status status = rig.engine->status();
    CHECK(counts(status.check).empty());
    CHECK(status.worst.lead_min_ticks > 0);
    tests::TsCheck check;
    check.look_at_pictures();
    check.feed(bytes.data(), bytes.size());
    const tests::TsReport report = check.report();
    INFO(report.json());
    CHECK(report.pictures.units > 160);
    CHECK(report.pictures.uneven_units == 0);
    CHECK((report.pictures.interlaced_frames + report.pictures.fields > 0) ==
          house.video.is_interlaced());
    CHECK(report.video.late_units + report.audio.late_units == 0);
    CHECK(report.video.pts_interval_max_ms <= 700);
    CHECK(report.audio.pts_interval_max_ms <= 700);
  }
}

TEST_CASE("The wrap of the clock is no jump, and nothing is late at it") {
  Rig rig({the_house(), kClockWrap - 3 * std::int64_t{90'000}});
  rig.run_for_ms(8000);
  const Engine::Status status = rig.engine->status();
  CHECK(counts(status.check).empty());
  CHECK(status.worst.pcr_accuracy_max_ns <= 74);
  CHECK(status.worst.lead_min_ticks > 0);
  CHECK(status.worst.lead_min_ticks < 63'000);
}

TEST_CASE("A packet without a sync byte is one sync error") {
  Signal signal = real_signal();
  signal[find(signal, 5 * kSecond, is_null)][0] = 0x48;
  CHECK(counts(signal) == Counts{{"sync_errors", 1}});
}

TEST_CASE("A packet that is marked as damaged is one transport error and nothing else") {
  Signal signal = real_signal();
  Packet &packet = signal[find(signal, 5 * kSecond, is_middle_of_video)];
  packet[1] |= 0x80;
  CHECK(counts(signal) == Counts{{"transport_errors", 1}});
}

TEST_CASE("Packets that are lost in a row are one continuity error") {
  for (const std::size_t lost : {1U, 2U, 15U}) {
    Signal signal = real_signal();
    std::vector<std::size_t> row;  // of one PID, and none of them begins anything
    for (std::size_t at = 5 * kSecond; row.size() < lost; ++at) {
      if (pid_of(signal[at].data()) != kVideo) continue;
      if (is_middle_of_video(signal[at].data()))
        row.push_back(at);
      else
        row.clear();
    }
    for (const std::size_t at : row) signal[at] = null_packet();
    CAPTURE(lost);
    CHECK(counts(signal) == Counts{{"continuity_errors", 1}});
  }
}

TEST_CASE("One repetition of a packet is permitted, a second is an error") {
  Signal signal = real_signal();
  const Pair pair = packet_before_null(signal);
  const std::size_t next = pair.null + 1;
  REQUIRE(is_null(signal[next].data()));
  signal[pair.null] = signal[pair.packet];
  const SelfCheck once = checked(signal);
  CHECK(counts(once.counters()).empty());
  CHECK(once.counters().duplicates == 1);
  signal[next] = signal[pair.packet];
  const SelfCheck twice = checked(signal);
  CHECK(counts(twice.counters()) == Counts{{"continuity_errors", 1}});
  CHECK(twice.counters().duplicates == 1);
}

TEST_CASE("A packet that repeats the counter but not the bytes is an error") {
  Signal signal = real_signal();
  const Pair pair = packet_before_null(signal);
  signal[pair.null] = signal[pair.packet];
  signal[pair.null][100] ^= 1;
  CHECK(counts(signal) == Counts{{"continuity_errors", 1}});
}

TEST_CASE("A packet without payload keeps the counter, and one that counts on is an error") {
  Signal signal = real_signal();
  const Pair pair = packet_before_null(signal);
  Packet empty = null_packet();
  empty[1] = kVideo >> 8;
  empty[2] = kVideo & 0xFF;
  empty[3] = static_cast<std::uint8_t>(0x20 | counter_of(signal[pair.packet].data()));
  empty[4] = 183;
  empty[5] = 0;
  signal[pair.null] = empty;
  CHECK(counts(signal).empty());
  set_counter(signal[pair.null].data(), counter_of(empty.data()) + 1);
  // It is wrong, and so, seen from it, is what follows: counted on by nothing.
  CHECK(counts(signal) == Counts{{"continuity_errors", 2}});
}

TEST_CASE("An announced break of a counter is no error") {
  Signal signal = real_signal();
  const Pair pair = packet_before_null(signal);
  Packet announced = null_packet();
  announced[1] = kAudio >> 8;
  announced[2] = kAudio & 0xFF;
  announced[3] = 0x20 | 9;
  announced[4] = 183;
  announced[5] = 0x80;
  const std::size_t next =
      find(signal, pair.null + 1, [](const std::uint8_t *p) { return pid_of(p) == kAudio; });
  set_counter(announced.data(), counter_of(signal[next].data()) + 15);
  signal[pair.null] = announced;
  CHECK(counts(signal).empty());
  signal[pair.null][3] = static_cast<std::uint8_t>(0x20 | (counter_of(announced.data()) ^ 8));
  CHECK(counts(signal) == Counts{{"continuity_errors", 1}});
}

TEST_CASE("A clock reference that stays away is late once, however long it stays away") {
  for (const std::size_t missing : {1U, 5U, 40U}) {
    Signal signal = real_signal();
    std::size_t at = 5 * kSecond;
    for (std::size_t i = 0; i < missing; ++i) {
      at = find(signal, at, is_clock);
      signal[at][5] = static_cast<std::uint8_t>(signal[at][5] & ~0x10);
    }
    CAPTURE(missing);
    const SelfCheck check = checked(signal);
    CHECK(counts(check.counters()) == Counts{{"pcr_late", 1}});
    CHECK(check.worst().pcr_interval_max_us ==
          Approx(20'400.0 * (static_cast<double>(missing) + 1)).epsilon(0.05));
  }
}

TEST_CASE("A clock that has stopped for good is told at once") {
  Signal signal = real_signal();
  for (std::size_t i = 5 * kSecond; i < signal.size(); ++i)
    if (is_clock(signal[i].data())) signal[i][5] = static_cast<std::uint8_t>(signal[i][5] & ~0x10);
  CHECK(counts(signal) == Counts{{"pcr_late", 1}});
  signal.resize(5 * kSecond + kSecond / 10);
  CHECK(counts(signal) == Counts{{"pcr_late", 1}});
}

TEST_CASE("A reference that is 500 ns wrong is permitted, and one that is more is counted once") {
  for (const int ticks : {-13, 13, -14, 15, 100'000}) {
    Signal signal = real_signal();
    move_clock(signal[find(signal, 5 * kSecond, is_clock)].data(), ticks);
    CAPTURE(ticks);
    const SelfCheck check = checked(signal);
    CHECK(counts(check.counters()) ==
          (std::abs(ticks) > 13 ? Counts{{"pcr_inaccurate", 1}} : Counts{}));
    CHECK(check.worst().pcr_accuracy_max_ns == Approx(std::abs(ticks) * 1000.0 / 27).margin(75));
  }
}

TEST_CASE("A clock that is set anew by a little is inaccurate once, not for ever") {
  Signal signal = real_signal();
  for (std::size_t i = 5 * kSecond; i < signal.size(); ++i)
    if (is_clock(signal[i].data())) move_clock(signal[i].data(), -2700);
  CHECK(counts(signal) == Counts{{"pcr_inaccurate", 1}});
}

TEST_CASE("A clock that jumps unannounced is one jump, and announced it is none") {
  Signal signal = real_signal();
  const std::size_t first = find(signal, 5 * kSecond, is_clock);
  for (std::size_t i = first; i < signal.size(); ++i) {
    if (is_clock(signal[i].data())) move_clock(signal[i].data(), -kSystemClock);
    if (stamps_of(signal[i].data()).pts >= 0) move_stamps(signal[i].data(), -90'000);
  }
  CHECK(counts(signal) == Counts{{"pcr_jumps", 1}});
  signal[first][5] |= 0x80;
  CHECK(counts(signal).empty());
}

TEST_CASE("Tables that stay away are late once") {
  for (const bool is_of_map : {false, true}) {
    const auto is = is_of_map ? is_map : is_association;
    const char *const name = is_of_map ? "pmt_late" : "pat_late";
    for (const int missing : {1, 7}) {
      Signal signal = real_signal();
      std::size_t at = 5 * kSecond;
      int counter = counter_of(signal[find(signal, at, is)].data());
      for (int i = 0; i < missing; ++i) signal[find(signal, at, is)] = null_packet();
      for (; at < signal.size(); ++at)  // nobody has lost a packet: it was not sent
        if (is(signal[at].data())) set_counter(signal[at].data(), counter++);
      CAPTURE(name, missing);
      CHECK(counts(signal) == Counts{{name, 1}});
    }
  }
}

TEST_CASE("A damaged table is one CRC error, and nothing that it says is believed") {
  for (const bool is_of_map : {false, true}) {
    const auto is = is_of_map ? is_map : is_association;
    Signal signal = real_signal();
    Packet &packet = signal[find(signal, 5 * kSecond, is)];
    packet[5 + 10] ^= 1;  // a PID
    CHECK(counts(signal) == Counts{{"crc_errors", 1}});
  }
}

TEST_CASE("Time stamps that stay away are late once for each stream") {
  Signal signal = real_signal();
  for (const int pid : {kVideo, kAudio}) {
    std::size_t at = 5 * kSecond;
    for (; at < 6 * kSecond; ++at)
      if (pid_of(signal[at].data()) == pid && stamps_of(signal[at].data()).pts >= 0)
        take_stamps(signal[at].data());
    const SelfCheck check = checked(signal);
    CHECK(counts(check.counters()) == Counts{{"pts_late", pid == kVideo ? 1 : 2}});
    CHECK(check.worst().pts_interval_max_us == Approx(1'040'000).margin(130'000));
  }
}

TEST_CASE("A unit that is not all there at its time is late once") {
  Signal signal = real_signal();
  const std::size_t at = find(signal, 5 * kSecond, is_video_start);
  move_stamps(signal[at].data(), -63'000);  // due as its first packet leaves
  const SelfCheck check = checked(signal);
  CHECK(counts(check.counters()) == Counts{{"late_units", 1}});
  CHECK(check.worst().lead_min_ticks < 0);
  CHECK(std::abs(judged(signal).video.lead_min_ticks - check.worst().lead_min_ticks) <= 1);
}

TEST_CASE("The self check and the independent analyser agree on whatever is done to a signal") {
  const char *given = std::getenv("CIVICAST_SEED");
  const unsigned chance = given ? static_cast<unsigned>(std::atoi(given)) : std::random_device()();
  CAPTURE(chance);
  std::mt19937 random(chance);
  const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
  const std::size_t begin = find(real_signal(), 2 * kSecond, is_association);
  const auto first = real_signal().begin() + static_cast<std::ptrdiff_t>(begin);
  std::int64_t errors = 0, duplicates = 0, broken_tables = 0;
  for (int round = 0; round < 200; ++round) {
    Signal signal(first, first + 2 * static_cast<std::ptrdiff_t>(kSecond));
    for (std::size_t left = below(12); left > 0; --left) {
      const std::size_t at = 1 + below(signal.size() - 2);
      Packet &packet = signal[at];
      switch (random() % 7) {
        case 0:
          packet = null_packet();
          break;
        case 1:
          packet = signal[at - 1];
          break;
        case 2:
          set_counter(packet.data(), static_cast<int>(random() % 16));
          break;
        case 3:
          std::swap(packet, signal[at + 1]);
          break;
        case 4:
          packet[0] = static_cast<std::uint8_t>(random());
          break;
        case 5:
          packet[12 + below(188 - 12)] ^= static_cast<std::uint8_t>(1 + random() % 255);
          break;
        default: {  // of a table, behind what says how long it is
          Packet &table = signal[find(signal, at / 2, below(2) ? is_map : is_association)];
          table[16 + below(4)] ^= static_cast<std::uint8_t>(1 + random() % 255);
        }
      }
    }
    const SelfCheck::Counters own = checked(signal).counters();
    const tests::TsReport report = judged(signal);
    CAPTURE(round, counts(own), report.json());
    CHECK(own.sync_errors == report.sync_errors);
    CHECK(own.continuity_errors == report.continuity_errors);
    CHECK(own.duplicates == report.duplicates);
    CHECK(own.crc_errors == report.crc_errors);
    errors += own.continuity_errors;
    duplicates += own.duplicates;
    broken_tables += own.crc_errors;
  }
  CHECK(errors > 500);
  CHECK(duplicates > 10);
  CHECK(broken_tables > 50);
}

TEST_CASE("What happened in a span is the difference of two readings") {
  Signal signal = real_signal();
  signal[find(signal, 3 * kSecond, is_middle_of_video)] = null_packet();
  signal[find(signal, 5 * kSecond, is_middle_of_video)] = null_packet();
  signal[find(signal, 5 * kSecond, is_null)][0] = 0;
  signal[find(signal, 7 * kSecond, is_middle_of_video)] = null_packet();
  SelfCheck check(kSignalRate);
  SelfCheck::Counters begin;
  for (std::size_t i = 0; i < 6 * kSecond; ++i) {
    if (i == 4 * kSecond) begin = check.counters();
    check.look(signal[i].data());
  }
  const SelfCheck::Counters span = check.counters() - begin;
  CHECK(counts(span) == Counts{{"continuity_errors", 1}, {"sync_errors", 1}});
  CHECK(span.violations() == 2);
  CHECK(span.packets == 2 * static_cast<std::int64_t>(kSecond));
}

TEST_CASE("A worst value is recent for a minute of signal, and never forgotten") {
  SelfCheck check(kSignalRate);
  const Packet null = null_packet();
  const Signal &signal = real_signal();
  for (std::size_t i = 0; i < 2 * kSecond; ++i) check.look(signal[i].data());
  const auto pass = [&](std::size_t seconds) {
    for (std::size_t i = 0; i < seconds * kSecond; ++i) check.look(null.data());
  };
  const std::int64_t lead = check.recent().lead_min_ticks;
  CHECK(lead == check.worst().lead_min_ticks);
  pass(58);
  CHECK(check.recent().lead_min_ticks == lead);
  pass(5);
  CHECK(check.recent().lead_min_ticks == SelfCheck::Worst::kNoLead);
  CHECK(check.worst().lead_min_ticks == lead);
  // What is missing goes on getting worse.
  CHECK(check.recent().pcr_interval_max_us > 60'000'000);
  CHECK(counts(check.counters()) ==
        Counts{{"pat_late", 1}, {"pmt_late", 1}, {"pcr_late", 1}, {"pts_late", 2}});
}

TEST_CASE("A successor's first packets are held to the counters of its predecessor") {
  const Signal &all = real_signal();
  const Signal rest(all.begin() + 5 * kSecond, all.end());
  Handover after;
  for (std::size_t i = 0; i < 5 * kSecond; ++i)
    if (const int pid = pid_of(all[i].data()); pid != kNullPid)
      after.counters[pid] = counter_of(all[i].data());
  CHECK(counts(checked(rest, &after).counters()).empty());
  after.counters[kVideo] = (after.counters[kVideo] + 3) & 15;
  CHECK(counts(checked(rest, &after).counters()) == Counts{{"continuity_errors", 1}});
}

TEST_CASE("Worst values are taken once, and stay those of the minute and of the life") {
  WorstOfMinute worst;
  worst.now().pcr_interval_max_us = 30;
  worst.now().lead_min_ticks = 5;
  CHECK(worst.recent().pcr_interval_max_us == 30);
  CHECK(worst.take_fresh().pcr_interval_max_us == 30);
  CHECK(worst.take_fresh().pcr_interval_max_us == 0);
  CHECK(worst.take_fresh().lead_min_ticks == WorstReadings::kNoLead);
  worst.now().pcr_interval_max_us = 20;
  CHECK(worst.recent().pcr_interval_max_us == 30);
  worst.next_second();
  CHECK(worst.take_fresh().pcr_interval_max_us == 20);  // though its second is over
  for (int i = 0; i < 100; ++i) worst.next_second();
  CHECK(worst.recent().pcr_interval_max_us == 0);
  CHECK(worst.ever().pcr_interval_max_us == 30);
  CHECK(worst.ever().lead_min_ticks == 5);
}

}  // namespace civicast::cable
