// SPDX-License-Identifier: Apache-2.0
// What one sender leaves to the next, so that the signal goes on as if there had been only one: not
// a frame, a tick of the clock or a continuity counter is missing or there twice.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace civicast::cable {

struct Handover {
  std::int64_t plan_frame = 0;        ///< of the successor's first picture
  std::int64_t first_dts = 0;         ///< its ticks, 33 bits
  std::int64_t origin_bits = 0;       ///< its first packet lies so far behind the picture's turn
  std::int64_t signal_offset_ns = 0;  ///< signal time minus this machine's monotonic clock
  std::map<int, int> counters;        ///< PID → the last continuity counter that was sent
};

/// Replaces the file whole. Throws std::runtime_error.
void leave_handover(const std::string &path, const Handover &handover);

/// Reads the file and removes it, so that it is taken up once. Nothing if there is none, or if it
/// is older than some seconds or this machine was started since: then nothing can be continued.
std::optional<Handover> take_handover(const std::string &path, std::int64_t mono_ns);

}  // namespace civicast::cable
