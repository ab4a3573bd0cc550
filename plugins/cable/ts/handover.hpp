// SPDX-License-Identifier: Apache-2.0
// What one sender leaves to the next, so that the signal goes on as if there had been only one: not
// a frame, a tick of the clock or a continuity counter is missing or there twice.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace civicast::cable {

struct Handover {
  std::int64_t plan_frame = 0;        ///< of the successor's first picture
  std::int64_t first_dts = 0;         ///< its ticks, 33 bits
  std::int64_t origin_bits = 0;       ///< its first packet lies so far behind the picture's turn
  std::int64_t signal_offset_ns = 0;  ///< signal time minus this machine's monotonic clock
  std::map<int, int> counters;        ///< PID → the last continuity counter that was sent
  /// Items on air that are shown earlier than planned → by how many frames. See Run::shift.
  std::map<std::string, std::int64_t> shifts;
};

}  // namespace civicast::cable
