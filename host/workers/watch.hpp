// SPDX-License-Identifier: Apache-2.0
// Which workers have something to say, and which are due: a step costs as much as there is to do,
// however many workers there are.
#pragma once

#include <poll.h>
#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "host/workers/worker.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/short_wait.hpp"

namespace civicast::workers {

class Watch {
 public:
  Watch();
  /// `worker` stays where it is as long as this. Returns its number here.
  std::size_t add(Worker &worker);
  /// Something was asked of it from outside: what it waits for may have changed.
  void touch(std::size_t number);
  /// Waits up to `timeout_ms` for something to happen and handles it; false: nothing did.
  bool step(int timeout_ms);

 private:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  struct Entry {
    Worker &worker;
    std::array<pollfd, Worker::poll_entries> watched;  ///< as the kernel knows them
    std::uint64_t life = 0;                            ///< the epoch of the process they are of
    std::int64_t due_ms = never;                       ///< as it stands in due_; never later
    bool is_touched = false;
    bool is_found = false;
    std::array<short, Worker::poll_entries> found{};
  };
  void settle(std::size_t number);
  void settle_descriptors(std::size_t number);
  void control(int operation, const pollfd &what, std::uint64_t tag);
  std::size_t wait(int timeout_ms);
  bool handle(std::size_t events);
  void work_due();

  Fd epoll_;
  std::deque<Entry> entries_;  ///< a callback may add while we go through it
  std::vector<epoll_event> events_;
  std::vector<std::size_t> touched_;
  std::set<std::pair<std::int64_t, std::size_t>> due_;
  ShortWait waiting_;
};

}  // namespace civicast::workers
