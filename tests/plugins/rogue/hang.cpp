// SPDX-License-Identifier: Apache-2.0
// Never comes back from one call.
#include "at_call.hpp"

void rogue::go_wrong() {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}
