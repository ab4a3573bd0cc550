// SPDX-License-Identifier: Apache-2.0
// Timestamps and sequence numbers of a datagram, from its place in the stream alone.
//
// The stream's own clock says where a packet stands, and goes on over a restart; so two outputs of
// one channel, or two senders of one signal, give a datagram the same header without a word between
// them (as a pair of SMPTE ST 2022-7 must have it), and a handover goes on counting.
#pragma once

#include <cstdint>
#include <optional>

namespace civicast::cable {

class RtpClock {
 public:
  struct Mark {
    std::uint32_t timestamp = 0;  ///< 90 kHz: when the first byte is to be sent
    std::uint16_t sequence = 0;
    bool is_break = false;  ///< the clock of the stream was announced to begin anew
  };
  /// `rate`: bit/s.
  explicit RtpClock(std::int64_t rate) : rate_(rate) {}

  /// Looks for the stream's clock in a datagram that lies `ahead_bytes` behind the next one to be
  /// marked. Nothing to be done once is_set().
  void look(const std::uint8_t *bytes, std::size_t size, std::int64_t ahead_bytes);
  bool is_set() const { return is_set_; }
  /// Without a clock in the stream: from 0.
  void set_blindly() { is_set_ = true; }

  /// Of the next datagram, which has `size` bytes.
  Mark next(std::size_t size);

 private:
  std::int64_t rate_;
  bool is_set_ = false, is_break_ = false;
  std::int64_t origin_ticks_ = 0;  ///< 27 MHz, of byte 0
  std::int64_t bytes_ = 0;         ///< marked so far
  std::uint16_t sequence_ = 0;
};

}  // namespace civicast::cable
