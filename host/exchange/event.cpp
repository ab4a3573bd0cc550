// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/event.hpp"

#include "host/exchange/faults.hpp"

namespace civicast::exchange {

void tell(Faults &faults, Fault fault, std::size_t &left_out) {
  if (faults.size() < max_faults)
    faults.push_back(std::move(fault));
  else
    ++left_out;
}

void conclude(Faults &faults, std::size_t left_out) {
  if (left_out > 0)
    faults.push_back(Fault(faults::more_mistakes, {{"count", std::to_string(left_out)}}));
}

}  // namespace civicast::exchange
