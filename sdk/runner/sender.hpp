// SPDX-License-Identifier: Apache-2.0
// What goes to the host: whole frames, facts in their order, each answer behind the facts that were
// emitted before it. Whoever has something to say sends it himself, as far as the socket takes it.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

#include "sdk/runner/outbox.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::runner {

class Sender {
 public:
  /// Never blocks on `socket`, which may be a blocking one.
  Sender(int socket, Outbox &outbox) : socket_(socket), outbox_(outbox) {}

  enum class Sent {
    all,      ///< nothing is left, or it waits for an ack or for the socket as it did before
    blocked,  ///< from now on something waits until the socket can be written
    failed,   ///< the host is gone
  };
  // Each may be called on any thread.
  Sent say(const wire::ToHost &message);
  Sent answer(const wire::Answer &answer);
  /// Facts and answers that may go now.
  Sent push();
  /// The host has everything up to `acked`; from now on facts and answers may go.
  Sent welcome(std::uint64_t acked);

  /// Something waits for the socket: nothing is sent until unblock().
  bool is_blocked() const;
  /// The socket can be written again.
  Sent unblock();
  /// All was said, and the host has every fact.
  bool is_done() const;

 private:
  struct Due {
    std::uint64_t after_seq;
    std::string frame;
  };
  Sent push_locked();
  void fill();

  const int socket_;
  mutable std::mutex mutex_;
  Outbox &outbox_;
  std::string to_send_;
  std::deque<Due> due_;
  bool is_welcome_ = false, is_blocked_ = false;
};

}  // namespace civicast::runner
