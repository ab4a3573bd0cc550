// SPDX-License-Identifier: Apache-2.0
// The clerk: a thread that takes facts to the history and then to the host, so that the sender
// never waits for a disk. A fact leaves the journal only when it is in the history.
#pragma once

#include <civicast/channel.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "plugins/cable/book/fact_sink.hpp"
#include "plugins/cable/book/history.hpp"
#include "plugins/cable/book/journal.hpp"

namespace civicast::cable {

/// A fact on its way to history and host.
struct Unsettled {
  Fact fact;
  int slot = -1;  ///< the journal's
  bool is_in_history = false;
};
/// To the history, to the host, and out of the journal. False: the disk did not take it; again
/// later, with what has been done remembered.
bool settle(Unsettled &entry, Host host, History &history, Journal &journal);

class Clerk final : public FactSink {
 public:
  Clerk(Host host, History &history, Journal &journal);
  /// Returns when all that was put is on disk, or two seconds were not enough.
  ~Clerk() override;

  void put(Fact fact, int slot) override;  ///< [any]

 private:
  void run();

  Host host_;
  History &history_;
  Journal &journal_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Unsettled> queue_;
  bool is_closing_ = false;
  std::thread thread_;
};

}  // namespace civicast::cable
