// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/cutter.hpp"

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::size_t kPacket = kPacketBytes;
constexpr int kAssociationPid = 0;
/// Nulls and tables between a PAT and a picture: some tens of packets at most.
constexpr std::size_t kMostHeld = 2000 * kPacket;

int pid_of(const std::uint8_t *packet) {
  return (packet[1] & 0x1F) << 8 | packet[2];
}

bool starts_unit(const std::uint8_t *packet) {
  return packet[1] & 0x40;
}

bool has_payload(const std::uint8_t *packet) {
  return packet[3] & 0x10;
}

/// ISO/IEC 13818-1 §2.4.3.5: the random access indicator.
bool stands_alone(const std::uint8_t *packet) {
  return (packet[3] & 0x20) && packet[4] >= 1 && (packet[5] & 0x40);
}

/// Where the payload begins; past the end if there is none.
std::size_t payload_of(const std::uint8_t *packet) {
  return (packet[3] & 0x20) ? std::size_t{5} + packet[4] : 4;
}

std::int64_t pts_of(const std::uint8_t *packet) {
  const std::size_t at = payload_of(packet);
  if (at + 14 > kPacket || !(packet[at + 7] & 0x80)) return -1;
  const std::uint8_t *p = packet + at + 9;
  return std::int64_t{p[0] >> 1 & 7} << 30 | std::int64_t{p[1]} << 22 |
         std::int64_t{p[2] >> 1} << 15 | std::int64_t{p[3]} << 7 | p[4] >> 1;
}

bool is_video(int stream_type) {
  return stream_type == 0x01 || stream_type == 0x02 || stream_type == 0x1B || stream_type == 0x24;
}

/// A section that begins in this packet, cut to what the packet holds of it.
struct Section {
  const std::uint8_t *bytes = nullptr;
  std::size_t size = 0;  ///< without the checksum
};

Section section_in(const std::uint8_t *packet) {
  std::size_t at = payload_of(packet);
  if (!starts_unit(packet) || !has_payload(packet) || at >= kPacket) return {};
  at += std::size_t{1} + packet[at];
  if (at + 12 > kPacket) return {};
  const std::size_t length = static_cast<std::size_t>(packet[at + 1] & 0x0F) << 8 | packet[at + 2];
  if (length < 9) return {};
  return {packet + at, std::min(length + 3 - 4, kPacket - at)};
}

}  // namespace

void Cutter::feed(const std::uint8_t *bytes, std::size_t size, std::int64_t at_ns) {
  for (std::size_t at = 0; at + kPacket <= size; at += kPacket) packet(bytes + at, at_ns);
  pass_run();
}

void Cutter::flush() {
  if (held_.empty()) return;
  sink_.bytes(held_.data(), held_.size());
  held_.clear();
}

void Cutter::pass_run() {
  if (run_bytes_ > 0) sink_.bytes(run_, run_bytes_);
  run_bytes_ = 0;
}

void Cutter::run_on(const std::uint8_t *packet) {
  if (run_bytes_ == 0) run_ = packet;
  run_bytes_ += kPacket;
}

void Cutter::hold(const std::uint8_t *packet) {
  held_.insert(held_.end(), packet, packet + kPacket);
  if (held_.size() >= kMostHeld) flush();
}

void Cutter::read_tables(const std::uint8_t *packet, int pid) {
  const Section section = section_in(packet);
  const std::uint8_t *s = section.bytes;
  if (!s) return;
  if (pid == kAssociationPid) {
    for (std::size_t at = 8; at + 4 <= section.size; at += 4)
      if ((s[at] << 8 | s[at + 1]) != 0) map_pid_ = (s[at + 2] & 0x1F) << 8 | s[at + 3];
    return;
  }
  is_elementary_.fill(false);
  const std::size_t about = static_cast<std::size_t>(s[10] & 0x0F) << 8 | s[11];
  for (std::size_t at = 12 + about; at + 5 <= section.size;) {
    const int elementary = (s[at + 1] & 0x1F) << 8 | s[at + 2];
    // Sections, such as cues, may stand between tables and picture; they belong to neither side.
    const bool is_sections = s[at] == 0x05 || s[at] == 0x86;
    is_elementary_[static_cast<std::size_t>(elementary)] = !is_sections;
    if (is_video(s[at])) video_pid_ = elementary;
    at += 5 + (static_cast<std::size_t>(s[at + 3] & 0x0F) << 8 | s[at + 4]);
  }
}

void Cutter::packet(const std::uint8_t *packet, std::int64_t at_ns) {
  const int pid = pid_of(packet);
  if (pid == kAssociationPid && starts_unit(packet)) {
    pass_run();
    flush();  // the newer tables are nearer to the picture
    read_tables(packet, pid);
    has_map_ = false;
    held_at_ns_ = at_ns;
    return hold(packet);
  }
  if (pid == map_pid_) {
    read_tables(packet, pid);
    has_map_ = true;
  }
  const bool is_unit = has_payload(packet) && is_elementary_[static_cast<std::size_t>(pid)];
  const bool is_picture = pid == video_pid_ && is_unit && starts_unit(packet);
  if (!is_unit) return held_.empty() ? run_on(packet) : hold(packet);
  if (is_picture && stands_alone(packet) && has_map_ && !held_.empty()) {
    pass_run();
    sink_.entry(pts_of(packet), held_at_ns_);
  } else if (is_picture) {
    pass_run();
    sink_.picture(pts_of(packet));
  }
  flush();
  run_on(packet);
}

}  // namespace civicast::cable
