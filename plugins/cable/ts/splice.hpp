// SPDX-License-Identifier: Apache-2.0
// Between the muxer and the ring: makes the packets of a new muxer the continuation of an old
// one's.
//
// A muxer counts continuity from 0 and reckons its clock from its own first byte. After a handover
// every counter goes on from the last one that was sent, every clock reference is moved to where
// its packet really lies, and the first null packets are left out until the new muxer's pictures
// stand where the old one would have put them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

#include "plugins/cable/ts/cue_inserter.hpp"
#include "plugins/cable/ts/handover.hpp"
#include "plugins/cable/ts/packet.hpp"
#include "plugins/cable/ts/ring.hpp"

namespace civicast::cable {

class Splice {
 public:
  /// `rate`: bit/s. Without a handover nothing is changed. Every packet passes `cues`, if there
  /// are any, on its way into the ring.
  Splice(PacketRing &ring, std::int64_t rate, const Handover *after, CueInserter *cues = nullptr);

  /// Whole packets.
  void append(const std::uint8_t *bytes, std::size_t size);
  /// Fills the ring to `position`: null packets, and the tables and clock references that are due
  /// among them.
  void pad_to(std::int64_t position);
  /// The tables, if the next ones might else come too late: another sender's come after its first
  /// packets.
  void put_tables_if_due();

  /// PID → the last continuity counter, that of the cues among them.
  std::map<int, int> counters() const;

 private:
  void packet(Packet &copy);
  void put(Packet packet);
  void count(std::uint8_t *packet, int pid);
  void remember(const std::uint8_t *packet, int pid);
  void put_tables();
  void put_clock();
  bool is_due(std::int64_t last_position, std::int64_t after_ms) const;

  PacketRing &ring_;
  std::int64_t rate_;
  CueInserter *cues_;
  std::int64_t origin_bits_ = 0;
  std::int64_t muxed_ = 0;    ///< packets that the muxer has made
  std::int64_t surplus_ = 0;  ///< null packets still to be left out

  // The newest of each, for padding.
  std::map<int, Packet> tables_;
  std::int64_t tables_at_ = -1;
  int clock_pid_ = -1;
  std::int64_t clock_ticks_ = 0, clock_at_ = -1;
  struct Counter {
    int last = -1;        ///< as sent; -1: none
    int shift = 0;        ///< sent minus the muxer's own
    bool is_new = false;  ///< the muxer's first packet of this PID is still to come
  };
  std::array<Counter, kPids> counters_{};
};

}  // namespace civicast::cable
