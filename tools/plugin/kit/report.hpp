// SPDX-License-Identifier: Apache-2.0
// Results for people, in Chinese and English, and for programs.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tools/plugin/kit/suite.hpp"

namespace civicast::kit {

struct Tally {
  int passed = 0, warned = 0, failed = 0, skipped = 0;  ///< a crash is a failure
};
Tally tally(const std::vector<TestResult> &results);

/// Every test with its law: the kit's documentation.
void print_list(std::ostream &out, const std::vector<const Test *> &tests);
void print_beginning(std::ostream &out, const Subject &subject, const Plan &plan,
                     std::size_t tests);
/// One line for what is well; the law, what was done, and how to repeat it for what is not.
void print(std::ostream &out, const TestResult &result, const Subject &subject, const Plan &plan);
/// The closing line: without it the run was cut off.
void print_end(std::ostream &out, const std::vector<TestResult> &results, double seconds);
Json report_json(const std::vector<TestResult> &results, const Subject &subject, const Plan &plan,
                 double seconds);

}  // namespace civicast::kit
