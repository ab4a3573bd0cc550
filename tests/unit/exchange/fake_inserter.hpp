// SPDX-License-Identifier: Apache-2.0
// A fake inserter: what a vendor's manual says that one does with a CCMS schedule. It knows bytes
// of records, and nothing of the code under test.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace civicast::exchange::test {

/// What happens to the n-th event of the day.
struct Run {
  bool has_run = false;       ///< false: its record stays as it was at the beginning of the day
  int late_s = 0;             ///< against its scheduled time
  std::string actual_length;  ///< HHMMSSCC; empty: the scheduled length, in full
  std::string code = "0001";
};

/// The .VER of the day's `schedule`: the same records with the actual fields filled in. All begin
/// the day as 0002. A stall is told as 0002 with the length that was played.
std::string fake_inserter(const std::string &schedule,
                          const std::function<Run(std::size_t)> &happens);

}  // namespace civicast::exchange::test
