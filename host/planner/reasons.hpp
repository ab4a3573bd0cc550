// SPDX-License-Identifier: Apache-2.0
// The sentences by which a plan says why.
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::planner::reasons {
#define CIVICAST_FAULT_TABLE "host/planner/reasons.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::planner::reasons
