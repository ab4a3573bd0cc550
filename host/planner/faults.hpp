// SPDX-License-Identifier: Apache-2.0
// What the planner leaves out, and the rules that a plan can break.
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::faults {
#define CIVICAST_FAULT_TABLE "host/planner/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::faults
