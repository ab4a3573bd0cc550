// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/book/boot_id.hpp"

#include <fstream>

namespace civicast::cable {

std::string boot_id() {
  std::string id;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
  return id;
}

}  // namespace civicast::cable
