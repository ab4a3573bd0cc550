// SPDX-License-Identifier: Apache-2.0
// What legal minima still ask of each channel and day of a question.
#pragma once

#include <vector>

#include "host/base/zone.hpp"
#include "host/planner/problem_of.hpp"

namespace civicast::planner {

/// Of `problem`, which has its breaks and campaigns: what is frozen on a day counts already, and a
/// minimum that no open break could add to is left out.
std::vector<Minimum> minima_of(const Question &question, const Zone &zone, const Problem &problem);

}  // namespace civicast::planner
