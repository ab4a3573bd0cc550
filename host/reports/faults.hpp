// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::reports::faults {
#define CIVICAST_FAULT_TABLE "host/reports/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::reports::faults
