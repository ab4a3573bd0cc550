// SPDX-License-Identifier: Apache-2.0
// What a process holds, as /proc tells it.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace civicast::kit {

struct Holds {
  std::int64_t files = 0, threads = 0, memory_kb = 0;  ///< open; running; its own (RssAnon)
};
/// Of a living process.
Holds holds(pid_t pid);

}  // namespace civicast::kit
