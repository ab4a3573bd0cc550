// SPDX-License-Identifier: Apache-2.0
// The signal over SRT: calls a receiver, again and again, or is called by several at once.
//
// libsrt's own calls, not libavformat's protocol "srt:": that one has a single peer for each
// listener and ends with it, waits inside connect and write, and counts nothing that the sender's
// buffer drops. Here one thread holds all connections and never blocks in any of them; only the
// resolution of a name may take seconds.
//
// While there is no connection the signal is held for a second: so a successor's first call, or a
// short break, costs nothing. After that, and until there is one, it is counted as not sent.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "plugins/cable/send/address.hpp"
#include "plugins/cable/send/backlog.hpp"
#include "plugins/cable/send/srt_link.hpp"

namespace civicast::cable {

class SrtOutput final : public Output {
 public:
  /// `rate`: bit/s of the signal. `passphrase`: 10 to 79 bytes, or empty.
  SrtOutput(const Address &address, std::int64_t rate, const std::string &passphrase);
  ~SrtOutput() override;
  std::int64_t send(const std::vector<iovec> &datagrams) override;
  News news() override;
  OutputState state() const override;

 private:
  void run();
  std::size_t take(std::size_t count);

  Tally tally_;
  Fate fate_;
  std::int64_t handed_ = 0, queued_ = 0;  ///< [playout] numbers: the next one, behind the last put
  Backlog backlog_;
  std::size_t most_held_;
  std::atomic<bool> is_holding_{true};
  std::unique_ptr<SrtLink> link_;
  std::thread thread_;
};

}  // namespace civicast::cable
