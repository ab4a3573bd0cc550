// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::runner::faults {
#define CIVICAST_FAULT_TABLE "sdk/runner/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::runner::faults
