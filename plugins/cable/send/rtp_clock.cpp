// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/rtp_clock.hpp"

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kSystemClock = 27'000'000, kSystemWrap = kClockWrap * 300;
/// A reference counts to the byte that holds the last bit of its base (ISO/IEC 13818-1 §2.4.2.1).
constexpr std::int64_t kReferenceByte = 10;
constexpr std::int64_t kDatagramBytes = kPacketBytes * kDatagramPackets;

std::int64_t ticks_of(std::int64_t bytes, std::int64_t rate) {
  return static_cast<std::int64_t>(Wide{bytes} * 8 * kSystemClock / rate);
}

}  // namespace

void RtpClock::look(const std::uint8_t *bytes, std::size_t size, std::int64_t ahead_bytes) {
  for (std::size_t at = 0; at + kPacketBytes <= size && !is_set_; at += kPacketBytes) {
    const std::uint8_t *packet = bytes + at;
    const bool has_clock = (packet[3] & 0x20) && packet[4] >= 7 && (packet[5] & 0x10);
    if (!has_clock) continue;
    const std::int64_t base = std::int64_t{packet[6]} << 25 | std::int64_t{packet[7]} << 17 |
                              std::int64_t{packet[8]} << 9 | std::int64_t{packet[9]} << 1 |
                              packet[10] >> 7;
    const std::int64_t ticks = base * 300 + ((packet[10] & 1) << 8 | packet[11]);
    const std::int64_t before = ahead_bytes + static_cast<std::int64_t>(at) + kReferenceByte;
    origin_ticks_ = ((ticks - ticks_of(before, rate_)) % kSystemWrap + kSystemWrap) % kSystemWrap;
    const Wide datagrams = Wide{origin_ticks_} * rate_ / (kSystemClock * 8 * kDatagramBytes);
    sequence_ = static_cast<std::uint16_t>(datagrams);
    is_break_ = packet[5] & 0x80;
    is_set_ = true;
  }
}

RtpClock::Mark RtpClock::next(std::size_t size) {
  Mark out;
  // 33 bits of 90 kHz wrap where 32 bits do.
  out.timestamp = static_cast<std::uint32_t>((origin_ticks_ + ticks_of(bytes_, rate_)) / 300);
  out.sequence = sequence_++;
  out.is_break = is_break_;
  is_break_ = false;
  bytes_ += static_cast<std::int64_t>(size);
  return out;
}

}  // namespace civicast::cable
