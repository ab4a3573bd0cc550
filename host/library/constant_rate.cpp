// SPDX-License-Identifier: Apache-2.0
#include "host/library/constant_rate.hpp"

#include <algorithm>
#include <cstring>

namespace civicast::library {
namespace {

// Start code, header of NAL type 38 (ITU-T H.265 §7.3.2.7), and after the FFs the stop bit.
constexpr std::uint8_t filler_head[] = {0, 0, 0, 1, 38 << 1, 1};
constexpr std::int64_t least_filler_bytes = sizeof filler_head + 2;

void append_filler(AVPacket &packet, std::int64_t bytes) {
  const int from = packet.size;
  av::must(av_grow_packet(&packet, static_cast<int>(bytes)), "filler");
  std::uint8_t *at = packet.data + from;
  std::memset(at, 0xFF, static_cast<std::size_t>(bytes));
  std::copy(std::begin(filler_head), std::end(filler_head), at);
  at[bytes - 1] = 0x80;
}

}  // namespace

ConstantRate::ConstantRate(const formats::Video &format)
    : is_needed_(format.codec == formats::VideoCodec::hevc),
      bits_per_picture_(format.bits_per_s / formats::pictures_per_s),
      vbv_bits_(format.vbv_bits),
      held_bits_(format.vbv_bits / 10 * 9) {}

void ConstantRate::fill(AVPacket &packet) {
  if (!is_needed_) return;
  held_bits_ += bits_per_picture_ - std::int64_t{packet.size} * 8;
  const std::int64_t excess_bits = held_bits_ - vbv_bits_;
  if (excess_bits <= 0) return;
  const std::int64_t bytes = std::max(least_filler_bytes, (excess_bits + 7) / 8);
  append_filler(packet, bytes);
  held_bits_ -= bytes * 8;
}

}  // namespace civicast::library
