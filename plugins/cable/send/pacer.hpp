// SPDX-License-Identifier: Apache-2.0
// The pacer: pure arithmetic from clock readings to "how many packets should have gone out by now".
//
// The signal hangs on UTC: out frame o has its turn at plan frame base() + o. Small differences
// between the monotonic clock and UTC are steered away at 30 ppm, which receivers must follow
// (ISO/IEC 13818-1 §2.4.2.1); a step of the clock, or a stall of this machine, moves base() by
// whole frames instead: the signal goes on without a gap in its counters, and the plan jumps.
#pragma once

#include <cstdint>

#include "plugins/cable/ts/handover.hpp"

namespace civicast::cable {

/// Later than this the frames that were missed are given up, not sent in a burst.
constexpr std::int64_t kStallNs = 200'000'000;

class Pacer {
 public:
  struct Reading {
    std::int64_t mono_ns = 0, utc_ns = 0;
  };
  /// Out frame 0 has its turn at the first plan frame that begins after `start`.
  Pacer(std::int64_t rate, const Reading &start);
  /// The same signal goes on: out frame 0 and packet 0 stand where `after` says.
  Pacer(std::int64_t rate, const Reading &start, const Handover &after);

  std::int64_t base() const { return base_; }
  std::int64_t offset_ns() const { return offset_ns_; }
  /// Packet 0 lies so many bits behind the turn of out frame 0; not 0 only after a handover.
  std::int64_t origin_bits() const { return origin_bits_; }
  /// The packet that goes out when the turn of out frame `frame` begins.
  std::int64_t turn_of(std::int64_t frame) const;
  /// UTC as the signal sees it: never jumps while base() stays.
  std::int64_t signal_ns(std::int64_t mono_ns) const { return mono_ns + offset_ns_; }

  struct Tick {
    std::int64_t due = 0;           ///< packets that should have gone out
    std::int64_t late_ns = 0;       ///< how long ago the first unsent packet was due
    std::int64_t moved_frames = 0;  ///< the plan jumped by this much
    bool is_stall = false;
  };
  /// `sent`: packets that have gone out.
  Tick tick(const Reading &now, std::int64_t sent);

  /// When packet `position` is due, on the monotonic clock.
  std::int64_t due_mono_ns(std::int64_t position) const;

 private:
  void steer(const Reading &now, Tick &tick);
  std::int64_t packets_at(std::int64_t signal_ns) const;

  std::int64_t rate_;
  std::int64_t base_;
  std::int64_t offset_ns_;  ///< signal time minus monotonic time
  std::int64_t last_mono_ns_;
  std::int64_t origin_bits_ = 0;
};

}  // namespace civicast::cable
