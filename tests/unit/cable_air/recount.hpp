// SPDX-License-Identifier: Apache-2.0
// What a capture holds, frame by frame, from nothing but its bytes, their arrival and the house
// files that were handed over. Shares no code with the plugin.
//
// The grid. UTC since 1970 is cut into plan frames of 40 ms; frame p of the plan has its turn at
// p · 40 ms. A picture whose turn is at plan frame p carries, in the 90 kHz clock, the presentation
// time p · 3600 + 2 · kDelayTicks, and the programme clock reads p · 3600 + kDelayTicks at its
// turn. kDelayTicks is the constant time, 0.7 s, that the channel gives a decoder to fill its
// buffer: it is the same for every picture, and no part of the schedule. So
//
//   the position of an item on the grid = (PTS of its first picture − 2 · kDelayTicks) / 3600,
//   the start of an item = the instant, on the receiver's clock, at which the programme clock as
//     received reads (PTS of its first picture − kDelayTicks).
//
// Both are compared with the start that was planned. The clock as received: the median of arrival
// minus reading over the readings of half a second before and after, so that one late datagram does
// not move it. A sender that works in ticks of 18 ms is late by half of one in the median.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/tools/ts/access_units.hpp"
#include "tests/unit/cable_air/capture.hpp"

namespace civicast::air {

inline constexpr std::int64_t kFrameNs = 40'000'000;
inline constexpr std::int64_t kTicks = 3600;  ///< of 90 kHz, one frame
inline constexpr std::int64_t kDelayTicks = 63'000;

/// One picture as it was received.
struct Seen {
  std::optional<tests::FrameName> name;  ///< nothing: no whole frame of a file that is known
  std::int64_t life = 0;                 ///< which sender's: counts announced new beginnings
  std::int64_t plan_frame = 0;           ///< its position on the grid
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

/// A time without packets: from the last datagram of a life to the first of the next one.
struct Gap {
  std::int64_t from_ns = 0, to_ns = 0;
  std::int64_t ns() const { return to_ns - from_ns; }
};

/// The datagram with which each life begins. `gone_ns`: instants at which a sender was gone and the
/// next one had not been started: what came before is the former's.
std::vector<std::size_t> first_of_lives(const Captured &captured,
                                        const std::vector<std::int64_t> &gone_ns);
std::vector<Gap> gaps_between(const Captured &captured, const std::vector<std::size_t> &firsts);

/// Where two destinations of the same signal differ; empty: nowhere. At the end of a life that was
/// killed one of them may lack what the sender still had in hand, at most `in_hand` datagrams.
std::string difference(const Captured &a, const Captured &b,
                       const std::vector<std::int64_t> &gone_ns, std::size_t in_hand);

}  // namespace civicast::air
