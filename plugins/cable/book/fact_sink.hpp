// SPDX-License-Identifier: Apache-2.0
// Where the sender leaves what it has to say.
#pragma once

#include <civicast/channel.hpp>

namespace civicast::cable {

/// Takes facts to their disk on another thread. `slot`: the journal's, to be freed when the fact is
/// in the history; -1 for none.
class FactSink {
 public:
  virtual ~FactSink() = default;
  virtual void put(Fact fact, int slot) = 0;
};

}  // namespace civicast::cable
