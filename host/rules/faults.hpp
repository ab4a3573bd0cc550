// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::rules::faults {
#define CIVICAST_FAULT_TABLE "host/rules/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::rules::faults
