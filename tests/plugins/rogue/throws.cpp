// SPDX-License-Identifier: Apache-2.0
// Throws what no contract allows: an exception, or something that is none.
#include <stdexcept>

#include "at_call.hpp"

void rogue::go_wrong() {
  if (ROGUE_THROWS_NUMBER) throw 42;
  throw std::runtime_error("a rogue's exception");
}
