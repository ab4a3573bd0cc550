// SPDX-License-Identifier: Apache-2.0
// A big problem cut into parts that share nothing: the caller may plan them side by side.
//
// Only a target binds channels together. One that is cut is dealt out to its channels first, as
// evenly as the pace itself would, so each part has a target of its own; what one part cannot take
// is not offered to another before the next horizon.
#pragma once

#include <vector>

#include "host/planner/planner.hpp"

namespace civicast::planner {

struct Part {
  Problem problem;
  // What its indices are in the whole problem.
  std::vector<int> campaigns, channels, breaks;
};

/// Parts of at most `most_channels` channels each, or more where a target that limits its day binds
/// more together. Small targets are kept whole as far as that goes. One part if all fit into it.
std::vector<Part> cut(const Problem &problem, int most_channels);

/// The whole plan of those of the parts, in order. Its outcomes are the whole problem's; its cost
/// and its bound are the sums of the parts': the bound says how far from the cheapest the parts
/// are, given what was dealt out to them.
Plan join(const Problem &problem, const std::vector<Part> &parts, const std::vector<Plan> &plans);

}  // namespace civicast::planner
