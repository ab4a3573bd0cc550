// SPDX-License-Identifier: Apache-2.0
// The cable channel's engine without its machine: the clock moves when it is told, the bytes go to
// a descriptor, the facts to a file. What is sent is what the channel would send.
#pragma once

#include <cstdint>
#include <functional>
#include <ostream>
#include <stdexcept>
#include <string>

#include "tools/cable/plan.hpp"

namespace civicast::cable_render {

/// Whoever read the signal has closed it.
struct HungUp : std::runtime_error {
  HungUp() : std::runtime_error("nobody reads the signal any more") {}
};

struct Order {
  std::int64_t duration_ns = 0;
  int to = 1;                       ///< where the packets go
  std::ostream *airings = nullptr;  ///< a line of JSON for each item that ended; null: none
  bool has_cues = true;
  std::function<void(std::int64_t done_ns)> on_progress = {};
};

struct Summary {
  std::int64_t packets = 0, frames = 0, slate_frames = 0, standby_frames = 0;
  std::int64_t aired = 0, not_aired = 0, violations = 0;
};

/// Throws HungUp, and std::runtime_error when the packets cannot be written.
Summary air(const Plan &plan, const Order &order);

}  // namespace civicast::cable_render
