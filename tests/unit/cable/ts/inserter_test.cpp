// SPDX-License-Identifier: Apache-2.0
// Cues in a real signal: what an independent analyser finds of them, and that nothing else moved.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

#include "plugins/cable/ts/crc32.hpp"
#include "plugins/cable/ts/cue.hpp"
#include "plugins/cable/ts/cue_inserter.hpp"
#include "plugins/cable/ts/selfcheck.hpp"
#include "tests/unit/cable/ts/signal.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kAt = 2 * static_cast<std::int64_t>(kSecond);
constexpr int kCues = 0x1F4;

Cue some_cue() {
  return {.event_id = 7, .pts = 900'000, .duration_ticks = 2'700'000, .auto_return = true};
}

Signal passed(Signal signal, CueInserter &cues, std::int64_t from = 0) {
  for (std::size_t i = 0; i < signal.size(); ++i)
    cues.pass(signal[i].data(), from + static_cast<std::int64_t>(i));
  return signal;
}

bool is_null(const Packet &packet) {
  return pid_of(packet.data()) == kNullPid;
}
bool is_cue(const Packet &packet) {
  return pid_of(packet.data()) == kCues;
}

std::vector<std::int64_t> positions_of_cues(const Signal &signal) {
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < signal.size(); ++i)
    if (is_cue(signal[i])) out.push_back(static_cast<std::int64_t>(i));
  return out;
}

/// `position` is the first of a null packet at or behind `due`.
void is_in_first_null(std::int64_t due, std::int64_t position) {
  CHECK(position >= due);
  for (std::int64_t i = due; i < position; ++i)
    CHECK_FALSE(is_null(real_signal()[static_cast<std::size_t>(i)]));
}

/// Nothing is null: what was, is audio's own kind of stuffing on a PID of its own.
Signal full_signal() {
  Signal signal = real_signal();
  int counter = 0;
  for (Packet &packet : signal)
    if (is_null(packet)) {
      packet[1] = 0x02;
      packet[2] = 0x22;
      set_counter(packet.data(), counter++);
    }
  return signal;
}

}  // namespace

TEST_CASE("A cue takes the place of null packets, and nothing else in the signal moves") {
  CueInserter cues({}, kSignalRate, nullptr);
  cues.insert(some_cue(), {kAt, kAt + 10'000});
  const Signal &before = real_signal();
  const Signal after = passed(before, cues);
  REQUIRE(after.size() == before.size());
  std::size_t maps = 0, put = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (after[i] == before[i]) continue;
    if (pid_of(before[i].data()) == kMap) {
      ++maps;
      CHECK(std::equal(after[i].begin(), after[i].begin() + 4, before[i].begin()));  // its counter
    } else {
      ++put;
      CHECK(is_null(before[i]));
      CHECK(is_cue(after[i]));
    }
  }
  CHECK(maps ==
        static_cast<std::size_t>(std::count_if(before.begin(), before.end(), [](const Packet &p) {
          return pid_of(p.data()) == kMap;
        })));
  CHECK(put == 3);
  CHECK(cues.counters().sent == 3);
  CHECK(cues.counters().missed == 0);
  CHECK(cues.counters().silent_maps == 0);
}

TEST_CASE("The independent analyser finds the cue as it was meant, and a clean signal") {
  CueInserter cues({}, kSignalRate, nullptr);
  cues.insert(some_cue(), {kAt, kAt + 10'000});
  const Signal signal = passed(real_signal(), cues);
  const tests::TsReport report = judged(signal);
  INFO(report.json());
  CHECK(report.is_clean());
  CHECK(report.cue_pid == kCues);
  CHECK(report.are_cues_registered);
  REQUIRE(report.cues.size() == 3);
  for (const tests::CueSection &cue : report.cues) {
    CHECK(cue.flaw.empty());
    CHECK(cue.command == 5);
    CHECK(cue.event_id == 7);
    CHECK(cue.is_out);
    CHECK(cue.is_program);
    CHECK(cue.pts == 900'000);
    CHECK(cue.duration == 2'700'000);
    CHECK(cue.auto_return);
    CHECK(cue.tier == 0xFFF);
  }
  SelfCheck check(kSignalRate);
  for (const Packet &packet : signal) check.look(packet.data());
  CHECK(check.counters().violations() == 0);
}

TEST_CASE("Copies of a cue are as far apart as is asked, each in the first null packet") {
  CueInserter cues({.copies = 4, .spacing_ms = 250}, kSignalRate, nullptr);
  cues.insert(some_cue(), {kAt, kAt + 10'000});
  const auto at = positions_of_cues(passed(real_signal(), cues));
  REQUIRE(at.size() == 4);
  std::int64_t due = kAt;
  for (const std::int64_t position : at) {
    is_in_first_null(due, position);
    due = position + 665;  // 250 ms of 4 Mb/s, in packets, rounded up
  }
}

TEST_CASE("In a signal without a null packet a cue is missed, never forced") {
  CueInserter cues({}, kSignalRate, nullptr);
  cues.insert(some_cue(), {kAt, kAt + 5'000});
  const Signal before = full_signal();
  const Signal after = passed(before, cues);
  for (std::size_t i = 0; i < after.size(); ++i)
    if (pid_of(before[i].data()) != kMap) REQUIRE(after[i] == before[i]);
  CHECK(cues.counters().sent == 0);
  CHECK(cues.counters().missed == 3);
  CHECK(judged(after).is_clean());
  // It is told when the time is over, not at the end.
  CueInserter soon({}, kSignalRate, nullptr);
  soon.insert(some_cue(), {0, 100});
  const Signal beginning(before.begin(), before.begin() + 102);
  passed(beginning, soon);
  CHECK(soon.counters().missed == 3);
}

TEST_CASE(
    "The only null packet that comes in time carries the cue, and the other copies are missed") {
  Signal signal = full_signal();
  signal[kAt + 3'000] = null_packet();
  signal[kAt + 5'001] = null_packet();
  CueInserter cues({}, kSignalRate, nullptr);
  cues.insert(some_cue(), {kAt, kAt + 5'000});
  CHECK(positions_of_cues(passed(signal, cues)) == std::vector<std::int64_t>{kAt + 3'000});
  CHECK(cues.counters().sent == 1);
  CHECK(cues.counters().missed == 2);
}

TEST_CASE("Of several cues the one that is due first goes first") {
  CueInserter cues({.copies = 1}, kSignalRate, nullptr);
  Cue second = some_cue(), first = some_cue();
  second.event_id = 2;
  first.event_id = 1;
  cues.insert(second, {kAt + 1, kAt + 10'000});
  cues.insert(first, {kAt, kAt + 10'000});
  const auto found = judged(passed(real_signal(), cues)).cues;
  REQUIRE(found.size() == 2);
  CHECK(found[0].event_id == 1);
  CHECK(found[1].event_id == 2);
}

TEST_CASE("A cancellation takes along what of its event is still to be sent, and nothing else") {
  CueInserter cues({}, kSignalRate, nullptr);
  Cue other = some_cue(), cancel = some_cue();
  other.event_id = 8;
  cancel.is_cancel = true;
  cues.insert(some_cue(), {kAt, kAt + 10'000});
  cues.insert(other, {kAt, kAt + 10'000});
  Signal signal = real_signal();
  std::size_t at = 0;
  for (; cues.counters().sent < 3; ++at)  // two of one and one of the other
    cues.pass(signal[at].data(), static_cast<std::int64_t>(at));
  cues.insert(cancel, {0, kAt + 10'000});
  for (; at < signal.size(); ++at) cues.pass(signal[at].data(), static_cast<std::int64_t>(at));
  std::map<std::pair<std::int64_t, bool>, int> found;  // event, is it the cancellation
  std::vector<std::int64_t> of_event;
  for (const tests::CueSection &cue : judged(signal).cues) {
    ++found[{cue.event_id, cue.is_cancel}];
    if (cue.event_id == 7) of_event.push_back(cue.is_cancel);
  }
  CHECK(found[{8, false}] == 3);
  CHECK(found[{7, true}] == 3);
  CHECK(found[{7, false}] < 3);
  CHECK(std::is_sorted(of_event.begin(), of_event.end()));
  CHECK(cues.counters().missed == 0);
}

TEST_CASE("No cue goes out before a map has announced its PID") {
  const Signal &all = real_signal();
  const std::size_t map = find(all, 0, [](const std::uint8_t *p) { return pid_of(p) == kMap; });
  CueInserter cues({}, kSignalRate, nullptr);
  cues.insert(some_cue(), {-5, 100'000});
  Packet null = null_packet();
  for (int i = 0; i < 100; ++i) cues.pass(null.data(), i);
  CHECK(is_null(null));
  Packet association = all[map - 1], announcement = all[map];
  REQUIRE(pid_of(association.data()) == kAssociationPid);
  cues.pass(association.data(), 100);
  cues.pass(announcement.data(), 101);
  cues.pass(null.data(), 102);
  CHECK(is_cue(null));
}

TEST_CASE("A map that has the cues already is another version of the one that has not") {
  const Signal &all = real_signal();
  const std::size_t at = find(all, 0, [](const std::uint8_t *p) { return pid_of(p) == kMap; });
  const auto version = [](const Packet &packet) {
    return read_map(section_in(packet.data())).value().version;
  };
  const auto rewritten = [&](const CueSettings &settings) {
    CueInserter cues(settings, kSignalRate, nullptr);
    return passed({all[at - 1], all[at]}, cues)[1];
  };
  const Packet one = rewritten({}), other = rewritten({.pid = 0x1F5});
  const Packet labelled = rewritten({.has_identifier = true});
  CHECK(one == rewritten({.copies = 9}));  // in every process the same
  CHECK(version(one) != version(all[at]));
  CHECK(version(other) != version(one));
  CHECK(version(labelled) != version(one));
  const ProgramMap map = read_map(section_in(labelled.data())).value();
  REQUIRE(map.streams.size() == 3);
  CHECK(map.streams[2].type == 0x86);
  CHECK(map.streams[2].pid == kCues);
  CHECK(has_descriptor(map.streams[2].descriptors, 0x8A));
  CHECK_FALSE(has_descriptor(read_map(section_in(one.data()))->streams[2].descriptors, 0x8A));
  CHECK(map.clock_pid == kVideo);
  CHECK(is_intact(section_in(labelled.data())));
}

TEST_CASE("A map in which the cues have no room is left as it is, and no cue is sent") {
  Signal signal = real_signal();
  std::vector<std::uint8_t> section;
  for (Packet &packet : signal) {
    if (pid_of(packet.data()) != kMap) continue;
    // As long as a packet can carry: a private descriptor fills it.
    const Bytes old = section_in(packet.data());
    section.assign(old.begin(), old.end() - 4);
    const std::size_t room = 188 - payload_at(packet.data()) - 1, fill = room - old.size() - 2;
    section.insert(section.begin() + 12, fill + 2, 0x55);
    section[12] = 0xFE;
    section[13] = static_cast<std::uint8_t>(fill);
    section[11] = static_cast<std::uint8_t>(fill + 2);
    section[2] = static_cast<std::uint8_t>(room - 3);
    const std::uint32_t crc = crc32_of(section);
    for (const int shift : {24, 16, 8, 0})
      section.push_back(static_cast<std::uint8_t>(crc >> shift));
    REQUIRE(replace_section(packet.data(), section));
  }
  REQUIRE(judged(signal).is_clean());
  CueInserter cues({}, kSignalRate, nullptr);
  cues.insert(some_cue(), {kAt, kAt + 5'000});
  CHECK(passed(signal, cues) == signal);
  CHECK(cues.counters().silent_maps > 100);
  CHECK(cues.counters().missed == 3);
}

TEST_CASE("A PID that the programme uses, or that is nobody's, is not taken for the cues") {
  for (const int pid : {kVideo, kAudio}) {
    CueInserter cues({.pid = pid}, kSignalRate, nullptr);
    cues.insert(some_cue(), {kAt, kAt + 5'000});
    CHECK(passed(real_signal(), cues) == real_signal());
    CHECK(cues.counters().missed == 3);
  }
  for (const int pid : {-1, 0, 0x11, 0x1FFF, 0x2000})
    CHECK_THROWS_AS(CueInserter({.pid = pid}, kSignalRate, nullptr), std::invalid_argument);
}

TEST_CASE("A heartbeat comes as often as asked, and a cue counts as one") {
  CueInserter cues({.copies = 1, .heartbeat_ms = 1000}, kSignalRate, nullptr);
  cues.insert(some_cue(), {kAt + 1'500, kAt + 10'000});
  const Signal signal = passed(real_signal(), cues);
  const tests::TsReport report = judged(signal);
  INFO(report.json());
  CHECK(report.is_clean());
  REQUIRE(report.cues.size() > 5);
  CHECK(cues.counters().heartbeats == std::ssize(report.cues) - 1);
  CHECK(cues.counters().sent == 1);
  for (std::size_t i = 1; i < report.cues.size(); ++i)
    if (report.cues[i].command == 0)
      is_in_first_null(report.cues[i - 1].packet + 2660, report.cues[i].packet);
  CueInserter silent({}, kSignalRate, nullptr);
  CHECK(positions_of_cues(passed(real_signal(), silent)).empty());
}

TEST_CASE("The counter of the cues goes on from one sender to the next") {
  const Signal &all = real_signal();
  std::optional<Handover> after;
  Signal seen;
  // Eleven senders of about a second; each sends a cue thrice, and the last counters are handed on.
  for (std::size_t from = 0; from < all.size(); from += kSecond) {
    const Signal part(
        all.begin() + static_cast<std::ptrdiff_t>(from),
        all.begin() + static_cast<std::ptrdiff_t>(std::min(from + kSecond, all.size())));
    CueInserter cues({.spacing_ms = 50}, kSignalRate, after ? &*after : nullptr);
    cues.insert(some_cue(), {100, 10'000});
    for (const Packet &packet : passed(part, cues)) seen.push_back(packet);
    after.emplace();
    if (cues.counter() >= 0) after->counters[cues.pid()] = cues.counter();
  }
  const tests::TsReport report = judged(seen);
  INFO(report.json());
  CHECK(report.cues.size() > 30);
  CHECK(report.continuity_errors == 0);
  CHECK(report.is_clean());
}

TEST_CASE("A cue whose window began before a handover is not missed by the successor") {
  const Handover after;
  for (const std::int64_t first : {-1, 0}) {
    CueInserter cues({}, kSignalRate, &after);
    cues.insert(some_cue(), {first, 100});
    passed(real_signal(), cues);
    CHECK(cues.counters().sent <= 1);
    CHECK(cues.counters().missed == (first < 0 ? 0 : 3 - cues.counters().sent));
  }
}

TEST_CASE("The window of a cue lies 5 to 8 s before the splice, at any rate") {
  for (const std::int64_t rate : {2'000'000, 4'000'000, 9'999'999, 38'014'705}) {
    const std::int64_t turn = 1'000'000, lead_ticks = 63'000;
    const CueWindow window = arm_window(turn, lead_ticks, rate);
    const auto arm_s = [&](std::int64_t position) {
      return static_cast<double>(lead_ticks) / 90'000 +
             static_cast<double>((turn - position) * kPacketBits) / static_cast<double>(rate);
    };
    CAPTURE(rate);
    CHECK(arm_s(window.first) <= 8);
    CHECK(arm_s(window.first) >= 7.99);
    CHECK(arm_s(window.last) >= 5);
    CHECK(arm_s(window.last) <= 5.01);
  }
}

}  // namespace civicast::cable
