// SPDX-License-Identifier: Apache-2.0
// Behind the splice, in front of the ring: announces the PID of the cues in every programme map,
// and puts cue messages in the place of null packets. Nothing else moves: no packet is added, left
// out or carried elsewhere, so every clock reference keeps its accuracy.
//
// A cue for which no null packet comes in time is counted as missed and never forced. Cues wait
// until a map that announces them has gone by. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "plugins/cable/ts/cue.hpp"
#include "plugins/cable/ts/handover.hpp"
#include "plugins/cable/ts/psi.hpp"

namespace civicast::cable {

struct CueSettings {
  int pid = 0x1F4;
  /// The cue identifier descriptor 0x8A. Off: in DVB this tag is a private one.
  bool has_identifier = false;
  int copies = 3;  ///< a receiver may lose one
  std::int64_t spacing_ms = 300;
  std::int64_t heartbeat_ms = 0;  ///< a splice_null when so long no cue was sent; 0: none
};

/// Positions in the ring; the cue's first copy goes to `first` or soon after, none behind `last`.
struct CueWindow {
  std::int64_t first = 0, last = 0;
};

/// The window in which a receiver gets the cue 8 to 5 s before the splice (SCTE 67 §5.1).
/// `turn`: Pacer::turn_of() the first frame behind the splice; `lead_ticks`: how far its PTS is
/// ahead of the clock there (the muxer's delay, kMuxDelayTicks).
CueWindow arm_window(std::int64_t turn, std::int64_t lead_ticks, std::int64_t rate);

class CueInserter {
 public:
  /// `rate`: bit/s. The PID's counter goes on where `after` left it. Throws std::invalid_argument
  /// for a PID that cannot be one's own.
  CueInserter(const CueSettings &settings, std::int64_t rate, const Handover *after);

  /// Sends it as often as the settings say. A cancellation takes along what of its event is still
  /// to be sent. What a successor may not find in its window any more it should not ask for: it
  /// would be counted as missed.
  void insert(const Cue &cue, CueWindow window);

  /// `packet` is about to be appended to the ring at `position`; may be changed.
  void pass(std::uint8_t *packet, std::int64_t position);

  struct Counters {
    std::int64_t sent = 0;    ///< copies of cues
    std::int64_t missed = 0;  ///< copies that found no null packet in time
    std::int64_t heartbeats = 0;
    std::int64_t silent_maps = 0;  ///< programme maps in which the cues could not be announced
  };
  const Counters &counters() const { return counters_; }

  int pid() const { return settings_.pid; }
  /// The last continuity counter that was sent; -1: none. For the handover.
  int counter() const { return counter_; }

 private:
  struct Pending {
    std::uint32_t event_id = 0;
    std::vector<std::uint8_t> section;
    CueWindow window;
    int copies = 0;          ///< still to be sent
    bool is_shared = false;  ///< with an earlier sender
  };
  void announce(std::uint8_t *packet);
  void replace(std::uint8_t *packet, std::int64_t position);
  void put(std::uint8_t *packet, Bytes section, std::int64_t position);
  void expire(std::int64_t position);
  void look_ahead();
  std::int64_t packets_of(std::int64_t ms) const;

  CueSettings settings_;
  std::int64_t rate_;
  bool is_continuation_;
  std::vector<std::uint8_t> heartbeat_;
  int counter_ = -1;
  int map_pid_ = -1;
  bool is_announced_ = false;
  std::vector<Pending> pending_;
  std::int64_t heartbeat_at_ = 0;  ///< position of the next one
  // So that a packet costs two comparisons: nothing is due before, nothing expires before.
  std::int64_t next_due_ = 0, next_end_ = 0;
  Counters counters_;
};

}  // namespace civicast::cable
