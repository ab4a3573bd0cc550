// SPDX-License-Identifier: Apache-2.0
// The grid on which items start, and what the start of an item is. No code of the plugin's.
//
// UTC since 1970 is cut into plan frames of 40 ms; frame p of the plan has its turn at
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

namespace civicast::air {

inline constexpr std::int64_t kFrameNs = 40'000'000;
inline constexpr std::int64_t kTicks = 3600;  ///< of 90 kHz, one frame
inline constexpr std::int64_t kDelayTicks = 63'000;

}  // namespace civicast::air
