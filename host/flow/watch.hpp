// SPDX-License-Identifier: Apache-2.0
// Work for the console that is too slow for the flow: the tally of today, and verifying the ledger
// again and again. A thread of its own that only reads.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "host/flow/rooms.hpp"

namespace civicast::flow {

/// Placements of the station's day so far, on one channel.
struct Today {
  int planned = 0;
  int aired = 0;
  int missed = 0;
  int incomplete = 0;  ///< of the missed, those that were seen in part
};

struct Verdict {
  bool good = false;
  std::int64_t at_ns = 0;
  std::uint64_t size = 0;  ///< entries that were read
  std::optional<Fault> fault;
};

struct Watched {
  std::map<std::string, Today> today;  ///< by channel
  std::map<std::string, int> held;     ///< what a person must look at, by channel
  std::optional<Verdict> verdict;      ///< none before the first
};

class Watch {
 public:
  /// `rooms` must outlive this.
  Watch(Rooms &rooms, const Clock &clock);
  ~Watch();  ///< stops; returns when a verification under way has come to its next step

  Watched now() const;  ///< [any]

 private:
  void run();
  void tally();
  void verify();

  Rooms &rooms_;
  const Clock &clock_;
  std::int64_t next_verify_ns_ = 0;
  mutable std::mutex mutex_;  ///< guards the next two
  Watched watched_;
  bool is_stopping_ = false;
  std::condition_variable stopping_;
  std::thread thread_;
};

}  // namespace civicast::flow
