// SPDX-License-Identifier: Apache-2.0
// An independent check of a plan against every hard rule. Shares no code with the search, on
// purpose: nothing is published, and no plan is called good, without it.
#pragma once

#include <vector>

#include "host/planner/planner.hpp"
#include "sdk/base/fault.hpp"

namespace civicast::planner {

/// A sentence for each rule that a placement breaks; empty for a plan that may be published.
/// Looks at: break and asset known; class; dates; windows; the break's length and number of items;
/// overlaps; one spot of a topic and of a campaign in a break; excluded pairs; separation, also
/// from what is fixed; no more than the target, nor on a day than its caps.
Faults check(const Problem &problem, const std::vector<Placement> &placements);

}  // namespace civicast::planner
