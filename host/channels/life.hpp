// SPDX-License-Identifier: Apache-2.0
// The life of a placement as a table. What the host does to its state is a step of this table and
// nothing else; what a plugin's facts do is after_fact in rules.hpp. LIFE.md is written from both.
#pragma once

#include <string_view>
#include <vector>

#include "host/channels/channel_store.hpp"

namespace civicast::channels {

struct Step {
  std::vector<State> from;
  State to;
  std::string_view when;  ///< one line of LIFE.md
};

const std::vector<Step> &steps();

/// Staying is always allowed: a reason may change without the state.
bool is_step(State from, State to);

}  // namespace civicast::channels
