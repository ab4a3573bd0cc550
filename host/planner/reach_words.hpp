// SPDX-License-Identifier: Apache-2.0
// Whether a campaign's targets can be met, in sentences for operators.
#pragma once

#include <string>
#include <vector>

#include "host/planner/reach.hpp"
#include "sdk/base/fault.hpp"

namespace civicast::planner {

/// The numbers, then the answer.
Faults sentences(const Problem &problem, int campaign, const Reach &reach,
                 const Replanned &replanned);

/// What is taken away: "half the separation".
Fault name_of(const Problem &problem, const Relief &relief);

/// Airings of the campaign in a plan.
int planned_in(const Plan &plan, int campaign);

}  // namespace civicast::planner
