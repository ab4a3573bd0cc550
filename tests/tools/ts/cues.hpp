// SPDX-License-Identifier: Apache-2.0
// Cue messages as a receiver reads them (ANSI/SCTE 35 §9), from the standard's tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace civicast::tests {

struct CueSection {
  std::int64_t packet = 0;  ///< in which it ended
  int pid = -1;
  int command = -1;  ///< 0 splice_null, 5 splice_insert, 6 time_signal
  std::string flaw;  ///< what is wrong with the section; empty: nothing
  std::int64_t tier = 0;
  std::int64_t event_id = -1;
  bool is_cancel = false, is_out = false, is_program = false, is_immediate = false;
  std::optional<std::int64_t> pts;  ///< with the section's adjustment added, 33 bits
  std::optional<std::int64_t> duration;
  bool auto_return = false;
  int program_id = 0, avail = 0, avails = 0;
  int descriptors = 0;
  std::optional<std::int64_t> arm_ticks;  ///< PTS − clock at the section's packet
};

CueSection read_cue(const std::vector<std::uint8_t> &section);

}  // namespace civicast::tests
