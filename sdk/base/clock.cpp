// SPDX-License-Identifier: Apache-2.0
#include "sdk/base/clock.hpp"

#include <chrono>

namespace civicast {

std::int64_t SystemClock::now_ns() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace civicast
