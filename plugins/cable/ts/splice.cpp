// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/ts/splice.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

/// Within padding; what follows it begins with both.
constexpr std::int64_t kTablesDueMs = 60, kClockDueMs = 18;

}  // namespace

Splice::Splice(PacketRing &ring, std::int64_t rate, const Handover *after, CueInserter *cues)
    : ring_(ring), rate_(rate), cues_(cues) {
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
    Packet copy;
    std::memcpy(copy.data(), bytes + at, copy.size());
    packet(copy);
  }
}

void Splice::put(Packet packet) {
  if (cues_) cues_->pass(packet.data(), ring_.written());
  ring_.append(packet.data(), packet.size());
}

void Splice::packet(Packet &copy) {
  std::uint8_t *const packet = copy.data();
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
    write_clock(packet + 6,
                wrapped(read_clock(packet + 6) + moved_bits * kSystemClock / rate_, kSystemWrap));
  }
  remember(packet, pid);
  put(copy);
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
  const int own = counter_of(packet);
  if (counter.is_new) {
    // A packet without payload repeats the counter of the one before.
    counter.shift = counter.last + (has_payload(packet) ? 1 : 0) - own;
    counter.is_new = false;
  }
  counter.last = (own + counter.shift) & 15;
  set_counter(packet, counter.last);
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
    set_counter(table.data(), last);
    put(table);
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
  clock_ticks_ = wrapped(clock_ticks_ + passed_bits * kSystemClock / rate_, kSystemWrap);
  clock_at_ = ring_.written();
  write_clock(&packet[6], clock_ticks_);
  put(packet);
}

void Splice::pad_to(std::int64_t position) {
  const Packet empty = null_packet();
  while (ring_.written() < position) {
    if (position - ring_.written() >= 2 && is_due(tables_at_, kTablesDueMs))
      put_tables();
    else if (is_due(clock_at_, kClockDueMs))
      put_clock();
    else
      put(empty);
  }
}

std::map<int, int> Splice::counters() const {
  std::map<int, int> out;
  for (std::size_t pid = 0; pid < counters_.size(); ++pid)
    if (counters_[pid].last >= 0) out[static_cast<int>(pid)] = counters_[pid].last;
  if (cues_ && cues_->counter() >= 0) out[cues_->pid()] = cues_->counter();
  return out;
}

}  // namespace civicast::cable
