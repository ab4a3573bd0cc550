// SPDX-License-Identifier: Apache-2.0
// The changes of a "what if", as people write them.
#pragma once

#include <string>
#include <vector>

#include "host/planner/what_if.hpp"
#include "sdk/base/result.hpp"

namespace civicast::flow {

/// Each one of
///   campaign=FILE.xml[:15s]   the campaigns of a file; with a length, also of assets that have no
///                             house file yet
///   channel=ID                a channel is lost
///   break=ID:lost             a break is lost
///   break=ID:+30s             a break is longer, or (-15s) shorter
/// Every mistake in any of them comes back.
Result<std::vector<planner::Change>, Faults> read_changes(const std::vector<std::string> &texts);

}  // namespace civicast::flow
