// SPDX-License-Identifier: Apache-2.0
// The ring of transport packets between the muxer, which writes in bursts, and the sender.
// Positions count packets from the session's first and never wrap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace civicast::cable {

class PacketRing {
 public:
  /// 7,168 packets are 2.7 s of a 4 Mb/s signal; a multiple of 7, so that no datagram is split.
  static constexpr std::int64_t kCapacity = 7 * 1024;

  PacketRing();

  /// Any number of bytes; whole packets become readable. Throws std::length_error when the reader
  /// is a whole ring behind: the muxer ran away from the sender.
  void append(const std::uint8_t *bytes, std::size_t size);

  std::int64_t written() const { return written_bytes_ / 188; }
  std::int64_t released() const { return released_; }
  /// Packets before `position` will not be read again.
  void release(std::int64_t position) { released_ = position; }

  /// `position` lies in [released, written). Contiguous up to the next multiple of 7.
  const std::uint8_t *packet(std::int64_t position) const {
    return &bytes_[static_cast<std::size_t>(position % kCapacity) * 188];
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::int64_t written_bytes_ = 0;
  std::int64_t released_ = 0;
};

}  // namespace civicast::cable
