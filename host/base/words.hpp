// SPDX-License-Identifier: Apache-2.0
// A text for people, in both languages of the station.
#pragma once

#include <string>

namespace civicast {

struct Words {
  std::string zh;
  std::string en;
  bool operator==(const Words &) const = default;
};

}  // namespace civicast
