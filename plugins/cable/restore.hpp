// SPDX-License-Identifier: Apache-2.0
// After a restart: closes truthfully what the last process had on air, and takes up the schedule
// where it stood.
#pragma once

#include "plugins/cable/engine.hpp"
#include "plugins/cable/history.hpp"

namespace civicast::cable {

struct Restored {
  Journal &journal;
  History &history;
  Schedule &schedule;
  Engine &engine;
  FactSink &facts;
};

/// Before the engine's first tick. `file_size_bytes`: how long the output file was found, -1 if
/// there is none.
void restore(const Restored &parts, std::int64_t now_ns, std::int64_t file_size_bytes);

}  // namespace civicast::cable
