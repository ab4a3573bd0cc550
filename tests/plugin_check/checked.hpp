// SPDX-License-Identifier: Apache-2.0
// Runs `civicast plugin` as a user does.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sdk/base/json.hpp"

namespace civicast::test {

struct Ran {
  int status = -1;  ///< exit status
  std::string output;
};
/// `civicast plugin WORDS…`; what it wrote to standard output.
Ran run_plugin(const std::vector<std::string> &words);

struct Checked {
  int status = -1;
  Json report;
  /// The result of one test; null if it was not run.
  Json of(const std::string &test) const;
  /// Names and sentences of what failed or warned, for a person who reads the log.
  std::string wrong() const;
};
/// `civicast plugin check FOLDER --json WORDS…`
Checked check(const std::filesystem::path &folder, const std::vector<std::string> &words);

}  // namespace civicast::test
