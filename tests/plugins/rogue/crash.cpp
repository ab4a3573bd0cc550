// SPDX-License-Identifier: Apache-2.0
// Crashes in one call.
#include <csignal>

#include "at_call.hpp"

void rogue::go_wrong() {
  std::raise(SIGSEGV);
}
