// SPDX-License-Identifier: Apache-2.0
// Law: whatever a transport stream holds, a cue only ever takes the place of a null packet, or is
// announced in a map that then is whole and still names every stream it named; a counter has four
// bits; and the self check looks at each packet once, and never takes a violation back.
//
// Input: packet after packet. A byte says how each is made: raw, or with a section whose CRC is
// right, on one of the PIDs that matter.
#include <algorithm>
#include <vector>

#include "plugins/cable/ts/crc32.hpp"
#include "plugins/cable/ts/cue.hpp"
#include "plugins/cable/ts/cue_inserter.hpp"
#include "plugins/cable/ts/packet.hpp"
#include "plugins/cable/ts/psi.hpp"
#include "plugins/cable/ts/selfcheck.hpp"
#include "plugins/cable/ts/splice.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/law.hpp"

using namespace civicast;
using namespace civicast::cable;
using fuzz::must_hold;

namespace {

constexpr std::int64_t kRate = 4'000'000;
constexpr int kCuePid = 0x1F4, kMapPid = 0x1000;

void fill(std::uint8_t *to, std::size_t size, std::string_view bytes) {
  std::fill_n(to, size, std::uint8_t{0});
  std::copy_n(bytes.begin(), std::min(size, bytes.size()), to);
}

/// A section of the input's bytes, as long as it says, with a CRC that is right.
Packet with_section(fuzz::Input &input, int pid) {
  std::vector<std::uint8_t> section(12 + input.byte() % 168);
  fill(section.data(), section.size(), input.bytes(section.size()));
  if (section[1] & 1) section[0] = pid == kAssociationPid ? 0x00 : 0x02;
  section[1] = 0xB0;
  section[2] = static_cast<std::uint8_t>(section.size() + 4 - 3);
  const std::uint32_t crc = crc32_of(section);
  for (const int shift : {24, 16, 8, 0}) section.push_back(static_cast<std::uint8_t>(crc >> shift));
  Packet packet = null_packet();
  put_section(packet.data(), pid, input.byte(), section);
  return packet;
}

Packet next_packet(fuzz::Input &input) {
  const std::uint8_t kind = input.byte();
  constexpr int kOnes[] = {kAssociationPid, kMapPid, 0x100, 0x101, kCuePid, kNullPid};
  const int pid = kOnes[kind % std::size(kOnes)];
  if (kind >= 0xF0) return null_packet();
  if (kind >= 0xA0) return with_section(input, pid);
  Packet packet;
  fill(packet.data(), packet.size(), input.bytes(packet.size()));
  if (kind < 0x50) return packet;
  packet[0] = 0x47;
  packet[1] = static_cast<std::uint8_t>((packet[1] & 0x40) | pid >> 8);
  packet[2] = static_cast<std::uint8_t>(pid);
  return packet;
}

void is_announced(const Packet &before, const Packet &after) {
  must_hold(std::equal(before.begin(), before.begin() + 4, after.begin()), "a header stays");
  const Bytes section = section_in(after.data());
  must_hold(is_intact(section), "a map that is written is whole");
  const auto map = read_map(section), old = read_map(section_in(before.data()));
  must_hold(map && old, "a map that is written can be read, like the one before");
  must_hold(map->streams.size() == old->streams.size() + 1, "one stream is added");
  must_hold(map->clock_pid == old->clock_pid, "the clock stays where it is");
  for (std::size_t i = 0; i < old->streams.size(); ++i) {
    const auto &a = old->streams[i], &b = map->streams[i];
    must_hold(
        a.pid == b.pid && a.type == b.type && std::ranges::equal(a.descriptors, b.descriptors),
        "the others stay");
  }
  must_hold(map->streams.back().type == 0x86 && map->streams.back().pid == kCuePid,
            "the cues are named");
  must_hold(has_descriptor(map->descriptors, 0x05,
                           Bytes(reinterpret_cast<const std::uint8_t *>("CUEI"), 4)),
            "the programme is registered");
}

void check(const Packet &before, const Packet &after) {
  if (before == after) return;
  if (pid_of(before.data()) != kNullPid) return is_announced(before, after);
  must_hold(pid_of(after.data()) == kCuePid, "a null packet becomes a cue");
  must_hold(is_intact(section_in(after.data())), "a cue is whole");
}

std::int64_t sum(const SelfCheck::Counters &counters) {
  return counters.violations() + counters.duplicates;
}

}  // namespace

/// The same packets behind a muxer. Its ring is large: not for every input.
void splice_is_sound(fuzz::Input input) {
  CueInserter cues({}, kRate, nullptr);
  PacketRing ring;
  Splice splice(ring, kRate, nullptr, &cues);
  while (!input.is_empty()) {
    const Packet packet = next_packet(input);
    splice.append(packet.data(), packet.size());
    ring.release(ring.written());
  }
  for (const auto &[pid, counter] : splice.counters())
    must_hold(pid >= 0 && pid <= kNullPid && counter >= 0 && counter < 16,
              "a counter has four bits");
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  fuzz::Input input(data, size);
  if (size % 8 == 0) splice_is_sound(input);
  CueInserter cues({.copies = 2, .spacing_ms = 1, .heartbeat_ms = 2}, kRate, nullptr);
  SelfCheck self(kRate);
  for (std::int64_t at = 0; !input.is_empty(); ++at) {
    const Packet before = next_packet(input);
    if (at % 16 == 0) cues.insert(Cue{.pts = at}, {at, at + 8});
    Packet after = before;
    cues.pass(after.data(), at);
    check(before, after);

    const SelfCheck::Counters last = self.counters();
    self.look(after.data());
    const SelfCheck::Counters step = self.counters() - last;
    must_hold(step.packets == 1, "each packet is counted");
    for (const CheckCounterName &each : kViolations)
      must_hold(step.*each.count >= 0 && step.*each.count <= 8, "a packet breaks few laws",
                each.name);
    must_hold(sum(self.counters()) >= sum(last), "nothing is taken back");
  }
  return 0;
}
