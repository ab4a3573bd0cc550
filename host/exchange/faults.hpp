// SPDX-License-Identifier: Apache-2.0
// What can be wrong with the files of a traffic system or of a playout server.
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::exchange::faults {
#define CIVICAST_FAULT_TABLE "host/exchange/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::exchange::faults
