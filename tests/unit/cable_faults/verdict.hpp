// SPDX-License-Identifier: Apache-2.0
// The laws: whether the signal never ended, and whether the book says what the witness saw.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/unit/cable_faults/storm.hpp"

namespace civicast::cable::faults {

struct Verdict {
  std::vector<std::string> breaches;
  std::int64_t in_hand = 0, aired = 0, missed = 0, withdrawn = 0, refused = 0;
  std::int64_t in_doubt = 0;  ///< of the missed: the plugin says that it cannot know
  std::int64_t parted = 0;    ///< of the missed: shown in part, as far as they say
  std::int64_t excused = 0;   ///< shown whole and not counted, with a reason that is known here
};

/// The storm is over.
Verdict judge(Storm &storm);

}  // namespace civicast::cable::faults
