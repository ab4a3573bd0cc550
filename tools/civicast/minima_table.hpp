// SPDX-License-Identifier: Apache-2.0
// What legal minima ask of the days of a plan, and what there is.
#pragma once

#include <vector>

#include "host/rules/judge.hpp"
#include "tools/civicast/context.hpp"

namespace civicast::cli {

void print_minima(const std::vector<rules::Verdict> &verdicts, const Context &context);

}  // namespace civicast::cli
