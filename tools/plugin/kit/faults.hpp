// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::kit::faults {
#define CIVICAST_FAULT_TABLE "tools/plugin/kit/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::kit::faults
