// SPDX-License-Identifier: Apache-2.0
// Runs tests, each in a process of its own, and gathers what they came to.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {

struct TestResult {
  std::string name;
  int level = 1;
  Words law;
  Outcome outcome = Outcome::ok;
  std::string code;    ///< a row of faults.def; empty: ok
  Words what;          ///< what the plugin did, or why the test does not apply
  std::string where;   ///< a call, a JSON pointer
  std::string detail;  ///< the worker's last lines
  double seconds = 0;
};
Json to_json(const TestResult &result);

struct Plan {
  int level = 3;
  std::string only;  ///< regular expression; empty: all
  std::uint64_t seed = 0;
  bool in_process = false;  ///< for a debugger: nothing is started but the workers
  int jobs = 5;             ///< tests at a time
  /// Starts this program as the process of a test, given the file that describes it.
  std::vector<std::string> self;
};

/// The tests that `plan` names.
Result<std::vector<const Test *>> chosen(const Plan &plan);

/// Makes the media, measures the machine, and lets the plugin run undisturbed once.
Result<void> prepare(Subject &subject, const Plan &plan);

/// Tells every result in the order of the tests, as soon as it is known; `is_wanted` false ends it.
void run(const Subject &subject, const std::vector<const Test *> &tests, const Plan &plan,
         const std::function<void(const TestResult &)> &tell,
         const std::function<bool()> &is_wanted);

/// In the process of a test: does what `file` says, and writes the result to fd 3.
int run_one(const std::filesystem::path &file);

}  // namespace civicast::kit
