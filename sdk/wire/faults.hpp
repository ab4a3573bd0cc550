// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::wire::faults {
#define CIVICAST_FAULT_TABLE "sdk/wire/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::wire::faults
