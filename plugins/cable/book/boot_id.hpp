// SPDX-License-Identifier: Apache-2.0
// This boot of this machine: what only memory held is worth nothing in another one.
#pragma once

#include <string>

namespace civicast::cable {

std::string boot_id();

}  // namespace civicast::cable
