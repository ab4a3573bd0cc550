// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::formats::faults {
#define CIVICAST_FAULT_TABLE "sdk/formats/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::formats::faults
