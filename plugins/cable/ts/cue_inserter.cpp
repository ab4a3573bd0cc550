// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/ts/cue_inserter.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

#include "plugins/cable/ts/bits.hpp"
#include "plugins/cable/ts/crc32.hpp"
#include "plugins/cable/ts/packet.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kArmMostTicks = 8 * 90'000, kArmLeastTicks = 5 * 90'000;
/// SCTE 35 §8: the stream type, and what makes it mean that in this programme.
constexpr int kCueStream = 0x86, kRegistration = 0x05, kCueIdentifier = 0x8A;
constexpr std::uint32_t kCuei = 0x43554549;

bool is_cuei(Bytes descriptors) {
  constexpr std::array<std::uint8_t, 4> kName{'C', 'U', 'E', 'I'};
  return has_descriptor(descriptors, kRegistration, kName);
}

void copy(BitWriter &out, Bytes bytes) {
  for (const std::uint8_t byte : bytes) out.put(8, byte);
}

/// Everything behind the section's length, without the CRC.
std::vector<std::uint8_t> map_body(Bytes section, const ProgramMap &map,
                                   const CueSettings &settings, int version) {
  const bool is_registered = is_cuei(map.descriptors);
  BitWriter out;
  copy(out, section.subspan(3, 2));  // the programme's number
  out.reserved(2).put(5, static_cast<std::uint64_t>(version)).put(1, section[5] & 1U);
  copy(out, section.subspan(6, 4));  // the section's number, the last one's, the clock's PID
  out.reserved(4).put(12, map.descriptors.size() + (is_registered ? 0U : 6U));
  if (!is_registered) out.put(8, kRegistration).put(8, 4).put(32, kCuei);
  copy(out, map.descriptors);
  const std::size_t streams = 12 + map.descriptors.size();
  copy(out, section.subspan(streams, section.size() - 4 - streams));
  out.put(8, kCueStream).reserved(3).put(13, static_cast<std::uint64_t>(settings.pid)).reserved(4);
  out.put(12, settings.has_identifier ? 3 : 0);
  // 0x00: only splice_insert, splice_null and splice_schedule.
  if (settings.has_identifier) out.put(8, kCueIdentifier).put(8, 1).put(8, 0);
  return out.take();
}

std::vector<std::uint8_t> map_with_cues(Bytes section, const ProgramMap &map,
                                        const CueSettings &settings) {
  const std::vector<std::uint8_t> plain = map_body(section, map, settings, 0);
  // Another content needs another version, and the same content the same one in every process;
  // never the one that the map has without the cues.
  const auto step = static_cast<int>(crc32_of(plain) % 31) + 1;
  const std::vector<std::uint8_t> body =
      map_body(section, map, settings, (map.version + step) % 32);
  BitWriter out;
  out.put(8, section[0]).put(4, section[1] >> 4).put(12, body.size() + 4);
  copy(out, body);
  out.put(32, crc32_of(out.bytes()));
  return out.take();
}

}  // namespace

CueWindow arm_window(std::int64_t turn, std::int64_t lead_ticks, std::int64_t rate) {
  const auto packets = [&](std::int64_t ticks) { return ticks * rate / (90'000 * kPacketBits); };
  // One packet inside on either side, against rounding.
  return {turn - packets(kArmMostTicks - lead_ticks) + 1,
          turn - packets(kArmLeastTicks - lead_ticks) - 1};
}

CueInserter::CueInserter(const CueSettings &settings, std::int64_t rate, const Handover *after)
    : settings_(settings),
      rate_(rate),
      is_continuation_(after != nullptr),
      heartbeat_(heartbeat_section()) {
  // Below lie the tables of DVB and ATSC; above, the null packets.
  if (settings.pid < 0x20 || settings.pid >= kNullPid)
    throw std::invalid_argument("the cues cannot have this PID");
  if (settings.heartbeat_ms <= 0) heartbeat_at_ = kNever;
  if (after)
    if (const auto left = after->counters.find(settings.pid); left != after->counters.end())
      counter_ = left->second & 15;
  look_ahead();
}

void CueInserter::insert(const Cue &cue, CueWindow window) {
  if (cue.is_cancel)
    std::erase_if(pending_, [&](const Pending &p) { return p.event_id == cue.event_id; });
  const bool is_shared = is_continuation_ && window.first < 0;
  pending_.push_back({cue.event_id, section_of(cue), window, settings_.copies, is_shared});
  look_ahead();
}

void CueInserter::pass(std::uint8_t *packet, std::int64_t position) {
  if (position > next_end_) expire(position);
  const int pid = pid_of(packet);
  if (pid == kNullPid) {
    if (position >= next_due_ && is_announced_) replace(packet, position);
  } else if (pid == kAssociationPid) {
    const Bytes section = section_in(packet);
    if (is_intact(section)) map_pid_ = map_pid_of(section).value_or(-1);
  } else if (pid == map_pid_) {
    announce(packet);
  }
}

void CueInserter::announce(std::uint8_t *packet) {
  const Bytes section = section_in(packet);
  const auto map = is_intact(section) ? read_map(section) : std::nullopt;
  const bool is_free = map && map->clock_pid != settings_.pid &&
                       std::none_of(map->streams.begin(), map->streams.end(),
                                    [&](const auto &s) { return s.pid == settings_.pid; });
  is_announced_ = is_free && replace_section(packet, map_with_cues(section, *map, settings_));
  if (!is_announced_) ++counters_.silent_maps;
}

void CueInserter::replace(std::uint8_t *packet, std::int64_t position) {
  const auto due = std::min_element(
      pending_.begin(), pending_.end(),
      [](const Pending &a, const Pending &b) { return a.window.first < b.window.first; });
  if (due != pending_.end() && due->window.first <= position) {
    put(packet, due->section, position);
    ++counters_.sent;
    due->window.first = position + packets_of(settings_.spacing_ms);
    if (--due->copies == 0) pending_.erase(due);
  } else if (position >= heartbeat_at_) {
    put(packet, heartbeat_, position);
    ++counters_.heartbeats;
  }
  look_ahead();
}

void CueInserter::put(std::uint8_t *packet, Bytes section, std::int64_t position) {
  counter_ = (counter_ + 1) & 15;
  put_section(packet, settings_.pid, counter_, section);
  if (heartbeat_at_ != kNever) heartbeat_at_ = position + packets_of(settings_.heartbeat_ms);
}

void CueInserter::expire(std::int64_t position) {
  std::erase_if(pending_, [&](const Pending &cue) {
    if (cue.window.last >= position) return false;
    if (!cue.is_shared) counters_.missed += cue.copies;
    return true;
  });
  look_ahead();
}

void CueInserter::look_ahead() {
  next_due_ = heartbeat_at_;
  next_end_ = kNever;
  for (const Pending &cue : pending_) {
    next_due_ = std::min(next_due_, cue.window.first);
    next_end_ = std::min(next_end_, cue.window.last);
  }
}

std::int64_t CueInserter::packets_of(std::int64_t ms) const {
  return ceil_div(ms * rate_, 1000 * kPacketBits);
}

}  // namespace civicast::cable
