// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::station::faults {
#define CIVICAST_FAULT_TABLE "host/station/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::station::faults
