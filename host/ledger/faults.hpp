// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/base/fault.hpp"

namespace civicast::ledger::faults {
#define CIVICAST_FAULT_TABLE "host/ledger/faults.def"
#include "sdk/base/fault_table.inc"
}  // namespace civicast::ledger::faults
