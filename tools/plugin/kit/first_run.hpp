// SPDX-License-Identifier: Apache-2.0
// The undisturbed run: opens the plugin, hands it every sample, hears how each ends, closes it.
// It comes before all tests; limits are taken from it, and laws about facts are held against it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {

struct FirstRun {
  std::int64_t open_ms = 0;  ///< from the start of its process to "opened"
  std::vector<wire::Placement> handed;
  std::vector<Heard> facts;
  std::uint64_t stdout_bytes = 0;
  bool is_whole = false;  ///< all ended, and it said goodbye
  Outcome outcome = Outcome::ok;
  std::string sentence_zh, sentence_en;  ///< why it is not
};

/// How much slower than alone this process is now: 1 or more.
double busy_factor();

/// For Subject::first_run.
Json first_run(Trial &trial);
/// What it saw; skips the test if there is nothing.
FirstRun seen(const Trial &trial);

}  // namespace civicast::kit
