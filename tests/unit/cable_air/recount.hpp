// SPDX-License-Identifier: Apache-2.0
// What a capture holds, frame by frame, from nothing but its bytes, their arrival and the house
// files that were handed over. Shares no code with the plugin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/tools/ts/access_units.hpp"
#include "tests/unit/cable_air/capture.hpp"
#include "tests/unit/cable_air/grid.hpp"

namespace civicast::air {

/// One picture as it was received.
struct Seen {
  std::optional<tests::FrameName> name;  ///< nothing: no whole frame of a file that is known
  std::int64_t life = 0;                 ///< which sender's: counts announced new beginnings
  std::int64_t plan_frame = 0;           ///< its position on the grid; see follow() in judge.hpp
  bool is_on_grid = false;               ///< the position is a whole frame
  std::int64_t pts = -1;
  std::int64_t first_ns = 0, last_ns = 0;  ///< arrival of its first and last packet
  std::int64_t shown_ns = 0;  ///< when the clock as received reads PTS − kDelayTicks; 0: unknown
  bool is_cut = false;
};

/// The pictures of a capture, in order.
std::vector<Seen> pictures_of(const Captured &captured, const tests::KnownFrames &known);

/// Arrival minus due time of every datagram, in ns, each against the steady row that is laid so
/// that none of its life is early.
std::vector<std::int64_t> lateness_of(const Captured &captured,
                                      const std::vector<std::size_t> &first_of_lives,
                                      std::int64_t rate);

/// A time without packets.
struct Gap {
  std::int64_t from_ns = 0, to_ns = 0;
  std::int64_t ns() const { return to_ns - from_ns; }
};

/// The datagram with which each life begins. `gone_ns`: instants at which a sender was gone and the
/// next one had not been started: what came before is the former's.
std::vector<std::size_t> first_of_lives(const Captured &captured,
                                        const std::vector<std::int64_t> &gone_ns);
/// From the last datagram of each life to the first of the next one.
std::vector<Gap> gaps_between(const Captured &captured, const std::vector<std::size_t> &firsts);

/// Within lives and between them, all that were longer than `at_least_ns`.
std::vector<Gap> silences_of(const Captured &captured, std::int64_t at_least_ns);

/// Where two destinations of the same signal differ; empty: nowhere. At the end of a life that was
/// killed one of them may lack what the sender still had in hand, at most `in_hand` datagrams.
std::string difference(const Captured &a, const Captured &b,
                       const std::vector<std::int64_t> &gone_ns, std::size_t in_hand);

}  // namespace civicast::air
