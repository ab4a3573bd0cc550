// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::witness::faults {
#define CIVICAST_FAULT_TABLE "host/witness/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::witness::faults
