// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::places::faults {
#define CIVICAST_FAULT_TABLE "host/places/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::places::faults
