// SPDX-License-Identifier: Apache-2.0
// Why the library refuses a file.
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::library::faults {
#define CIVICAST_FAULT_TABLE "host/library/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::library::faults
