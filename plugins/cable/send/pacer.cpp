// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/pacer.hpp"

#include <algorithm>
#include <cstdlib>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

// __int128: 26 hours of 4 Mb/s in nanosecond-bits do not fit into 64 bits.
__extension__ using Wide = __int128;

constexpr std::int64_t kPacketBits = kPacketBytes * 8;
constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kSteerPerMillion = 30;
/// NTP slews what is smaller; what is greater was set by hand or by a first synchronisation.
constexpr std::int64_t kStepNs = 500'000'000;

}  // namespace

Pacer::Pacer(std::int64_t rate, const Reading &start)
    : rate_(rate),
      base_(ceil_div(start.utc_ns, kFrameNs)),
      offset_ns_(start.utc_ns - start.mono_ns),
      last_mono_ns_(start.mono_ns) {}

Pacer::Pacer(std::int64_t rate, const Reading &start, const Handover &after)
    : rate_(rate),
      base_(after.plan_frame),
      offset_ns_(after.signal_offset_ns),
      last_mono_ns_(start.mono_ns),
      origin_bits_(after.origin_bits) {}

std::int64_t Pacer::turn_of(std::int64_t frame) const {
  return ceil_div(frame * (rate_ / 25) - origin_bits_, kPacketBits);
}

std::int64_t Pacer::packets_at(std::int64_t signal_ns) const {
  const Wide elapsed = signal_ns - frame_ns(base_);
  const Wide bits = elapsed * rate_ / kSecondNs - origin_bits_;
  return bits < 0 ? 0 : static_cast<std::int64_t>(bits / kPacketBits);
}

std::int64_t Pacer::due_mono_ns(std::int64_t position) const {
  const Wide elapsed = (Wide{position} * kPacketBits + origin_bits_) * kSecondNs / rate_;
  return frame_ns(base_) + static_cast<std::int64_t>(elapsed) - offset_ns_;
}

void Pacer::steer(const Reading &now, Tick &tick) {
  const std::int64_t error = now.utc_ns - signal_ns(now.mono_ns);
  if (std::abs(error) > kStepNs) {
    tick.moved_frames += floor_div(error, kFrameNs);
    base_ += tick.moved_frames;
    offset_ns_ += frame_ns(tick.moved_frames);
  } else {
    const std::int64_t most = (now.mono_ns - last_mono_ns_) * kSteerPerMillion / 1'000'000;
    offset_ns_ += std::clamp(error, -most, most);
  }
  last_mono_ns_ = now.mono_ns;
}

Pacer::Tick Pacer::tick(const Reading &now, std::int64_t sent) {
  Tick tick;
  steer(now, tick);
  tick.late_ns = std::max<std::int64_t>(0, now.mono_ns - due_mono_ns(sent));
  if (tick.late_ns > kStallNs) {
    // The signal resumes where it stopped; the plan has moved on without it.
    const std::int64_t lost = tick.late_ns / kFrameNs;
    base_ += lost;
    tick.moved_frames += lost;
    tick.is_stall = true;
  }
  tick.due = packets_at(signal_ns(now.mono_ns));
  return tick;
}

}  // namespace civicast::cable
