// SPDX-License-Identifier: Apache-2.0
// A whole worker in this process: link, plugin thread and outbox, and the host's end of its socket.
#pragma once

#include <optional>
#include <string_view>
#include <thread>

#include "civicast/channel.h"
#include "sdk/runner/outbox.hpp"
#include "sdk/wire/frame.hpp"
#include "sdk/wire/message.hpp"
#include "tests/fuzz/scratch.hpp"

namespace civicast::fuzz {

class Worker {
 public:
  explicit Worker(const civ_channel_api &api);
  /// Waits for its end.
  ~Worker();
  Worker(const Worker &) = delete;
  Worker &operator=(const Worker &) = delete;

  /// As much as it takes: a worker that ended takes nothing.
  void send(std::string_view bytes);
  void send(const wire::ToWorker &message) { send(wire::frame(wire::write(message))); }
  /// The next thing that it says, which must be readable; facts are acked, signs of life left
  /// out. Nothing: it has ended.
  std::optional<wire::ToHost> next();
  void hang_up();

 private:
  void run(Fd socket);

  Scratch scratch_;
  civ_channel_api api_;
  Fd host_;
  wire::FrameReader frames_;
  std::unique_ptr<runner::Outbox> outbox_;
  std::thread thread_;
};

}  // namespace civicast::fuzz
