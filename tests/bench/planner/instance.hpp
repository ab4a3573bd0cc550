// SPDX-License-Identifier: Apache-2.0
// A public benchmark's week as the planner's problem. The bench minds the starts of breaks, not
// where in a break a spot stands; its days are one another's strangers.
#pragma once

#include <string>

#include "host/planner/planner.hpp"

namespace civicast::bench {

struct Instance {
  planner::Problem problem;
  planner::Costs costs;  ///< the bench's weights: what the station minds beside them is left out
};

/// Throws std::exception with what is wrong.
Instance instance(const std::string &path);

}  // namespace civicast::bench
