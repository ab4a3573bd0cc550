// SPDX-License-Identifier: Apache-2.0
// Cue messages (ANSI/SCTE 35): what tells equipment downstream that a break begins or ends.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace civicast::cable {

/// One splice_insert. Times are ticks of 90 kHz.
struct Cue {
  std::uint32_t event_id = 0;  ///< one break, one number: repetitions and the cancellation keep it
  bool is_out = true;          ///< out of the network into the break; false: back
  std::int64_t pts = 0;        ///< of the first picture behind the splice; taken modulo 2³³
  std::optional<std::int64_t> duration_ticks = {};  ///< of the break, in [0, 2³³)
  bool auto_return = false;  ///< the break ends by its duration; no cue says so
  std::uint16_t program_id = 0;
  std::uint8_t avail = 0, avails = 0;  ///< the break's number and how many there are; 0: not told
  bool is_cancel = false;              ///< event_id will not happen; everything else is left out
  bool is_immediate = false;           ///< now, wherever that is; `pts` is left out
};

/// A whole splice_info_section with its CRC. Throws std::invalid_argument for a duration that does
/// not fit 33 bits.
std::vector<std::uint8_t> section_of(const Cue &cue);

/// A splice_null: says nothing but that cues would come on this PID.
std::vector<std::uint8_t> heartbeat_section();

}  // namespace civicast::cable
