// SPDX-License-Identifier: Apache-2.0
// After a restart: closes truthfully what the last process had on air, and takes up the schedule
// where it stood.
#pragma once

#include "plugins/cable/book/history.hpp"
#include "plugins/cable/play/engine.hpp"

namespace civicast::cable {

struct Restored {
  Journal &journal;
  History &history;
  Schedule &schedule;
  Engine &engine;
  FactSink &facts;
};

struct Found {
  std::int64_t now_ns = 0;
  std::int64_t file_size_bytes = -1;  ///< of the output file; -1: there is none
  bool is_handed_over = false;        ///< what is on air goes on where the last process left it
  std::int64_t next_plan_frame = 0;   ///< if so: the first that is still to be shown
  std::map<std::string, std::int64_t> shifts = {};  ///< if so: Handover::shifts
};

/// Before the engine's first tick.
void restore(const Restored &parts, const Found &found);

}  // namespace civicast::cable
