// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/ts/splice.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr int kNullPid = 0x1FFF;
constexpr std::int64_t kPacketBits = kPacketBytes * 8;
constexpr std::int64_t kSystemClock = 27'000'000;
constexpr std::int64_t kSystemWrap = kClockWrap * 300;
/// As the muxer numbers them: the program association and the program map.
constexpr int kAssociationPid = 0, kMapPid = 0x1000;
/// Within padding; what follows it begins with both.
constexpr std::int64_t kTablesDueMs = 60, kClockDueMs = 18;

std::int64_t wrapped(std::int64_t ticks) {
  return (ticks % kSystemWrap + kSystemWrap) % kSystemWrap;
}

std::array<std::uint8_t, 188> null_packet() {
  std::array<std::uint8_t, 188> packet;
  packet.fill(0xFF);
  packet[0] = 0x47;
  packet[1] = 0x1F;
  packet[3] = 0x10;
  return packet;
}

int pid_of(const std::uint8_t *packet) {
  return (packet[1] & 0x1F) << 8 | packet[2];
}

bool has_payload(const std::uint8_t *packet) {
  return packet[3] & 0x10;
}

bool has_clock(const std::uint8_t *packet) {
  return (packet[3] & 0x20) && packet[4] >= 7 && (packet[5] & 0x10);
}

/// ISO/IEC 13818-1 §2.4.3.5: 33 bits at 90 kHz, 6 reserved, 9 bits at 27 MHz.
std::int64_t read_clock(const std::uint8_t *field) {
  const std::int64_t base = std::int64_t{field[0]} << 25 | std::int64_t{field[1]} << 17 |
                            std::int64_t{field[2]} << 9 | std::int64_t{field[3]} << 1 |
                            field[4] >> 7;
  return base * 300 + ((field[4] & 1) << 8 | field[5]);
}

void write_clock(std::uint8_t *field, std::int64_t ticks) {
  const std::int64_t base = ticks / 300, extension = ticks % 300;
  field[0] = static_cast<std::uint8_t>(base >> 25);
  field[1] = static_cast<std::uint8_t>(base >> 17);
  field[2] = static_cast<std::uint8_t>(base >> 9);
  field[3] = static_cast<std::uint8_t>(base >> 1);
  field[4] = static_cast<std::uint8_t>((base & 1) << 7 | 0x7E | extension >> 8);
  field[5] = static_cast<std::uint8_t>(extension);
}

}  // namespace

Splice::Splice(PacketRing &ring, std::int64_t rate, const Handover *after)
    : ring_(ring), rate_(rate) {
  if (!after) return;
  origin_bits_ = after->origin_bits;
  surplus_ = floor_div(origin_bits_, kPacketBits);
  for (const auto &[pid, last] : after->counters)
    if (pid >= 0 && pid < kNullPid) counters_[static_cast<std::size_t>(pid)] = {last & 15, 0, true};
  if (surplus_ < 0) pad_to(-surplus_);
  if (surplus_ < 0) surplus_ = 0;
}

void Splice::append(const std::uint8_t *bytes, std::size_t size) {
  if (size % kPacketBytes != 0) throw std::logic_error("the muxer cut a packet");
  for (std::size_t at = 0; at < size; at += kPacketBytes) {
    std::uint8_t copy[kPacketBytes];
    std::memcpy(copy, bytes + at, sizeof copy);
    packet(copy);
  }
}

void Splice::packet(std::uint8_t *packet) {
  const int pid = pid_of(packet);
  const std::int64_t muxed = muxed_++;
  if (pid == kNullPid && surplus_ > 0) {
    --surplus_;
    return;
  }
  if (pid != kNullPid) count(packet, pid);
  if (origin_bits_ != 0 && has_clock(packet)) {
    // Where the muxer believes the packet to lie, and where it does.
    const std::int64_t moved_bits = origin_bits_ + (ring_.written() - muxed) * kPacketBits;
    write_clock(packet + 6, wrapped(read_clock(packet + 6) + moved_bits * kSystemClock / rate_));
  }
  remember(packet, pid);
  ring_.append(packet, kPacketBytes);
}

void Splice::remember(const std::uint8_t *packet, int pid) {
  if (has_clock(packet)) {
    clock_pid_ = pid;
    clock_ticks_ = read_clock(packet + 6);
    clock_at_ = ring_.written();
  }
  if (pid != kAssociationPid && pid != kMapPid) return;
  if (pid == kAssociationPid) tables_at_ = ring_.written();
  std::copy_n(packet, kPacketBytes, tables_[pid].begin());
}

void Splice::count(std::uint8_t *packet, int pid) {
  Counter &counter = counters_[static_cast<std::size_t>(pid)];
  const int own = packet[3] & 15;
  if (counter.is_new) {
    // A packet without payload repeats the counter of the one before.
    counter.shift = counter.last + (has_payload(packet) ? 1 : 0) - own;
    counter.is_new = false;
  }
  counter.last = (own + counter.shift) & 15;
  packet[3] = static_cast<std::uint8_t>((packet[3] & 0xF0) | counter.last);
}

bool Splice::is_due(std::int64_t last_position, std::int64_t after_ms) const {
  return last_position >= 0 &&
         (ring_.written() - last_position) * kPacketBits * 1000 >= after_ms * rate_;
}

void Splice::put_tables() {
  tables_at_ = ring_.written();
  for (auto &[pid, table] : tables_) {
    int &last = counters_[static_cast<std::size_t>(pid)].last;
    last = (last + 1) & 15;
    table[3] = static_cast<std::uint8_t>((table[3] & 0xF0) | last);
    ring_.append(table.data(), table.size());
  }
}

void Splice::put_tables_if_due() {
  if (is_due(tables_at_, kTablesDueMs)) put_tables();
}

/// A packet with an adaptation field and nothing else.
void Splice::put_clock() {
  const std::int64_t passed_bits = (ring_.written() - clock_at_) * kPacketBits;
  Packet packet = null_packet();
  packet[1] = static_cast<std::uint8_t>(clock_pid_ >> 8);
  packet[2] = static_cast<std::uint8_t>(clock_pid_);
  packet[3] =
      static_cast<std::uint8_t>(0x20 | counters_[static_cast<std::size_t>(clock_pid_)].last);
  packet[4] = static_cast<std::uint8_t>(kPacketBytes - 5);
  packet[5] = 0x10;
  clock_ticks_ = wrapped(clock_ticks_ + passed_bits * kSystemClock / rate_);
  clock_at_ = ring_.written();
  write_clock(&packet[6], clock_ticks_);
  ring_.append(packet.data(), packet.size());
}

void Splice::pad_to(std::int64_t position) {
  const Packet empty = null_packet();
  while (ring_.written() < position) {
    if (position - ring_.written() >= 2 && is_due(tables_at_, kTablesDueMs))
      put_tables();
    else if (is_due(clock_at_, kClockDueMs))
      put_clock();
    else
      ring_.append(empty.data(), empty.size());
  }
}

std::map<int, int> Splice::counters() const {
  std::map<int, int> out;
  for (std::size_t pid = 0; pid < counters_.size(); ++pid)
    if (counters_[pid].last >= 0) out[static_cast<int>(pid)] = counters_[pid].last;
  return out;
}

}  // namespace civicast::cable
