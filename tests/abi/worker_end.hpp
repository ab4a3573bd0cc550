// SPDX-License-Identifier: Apache-2.0
// The host's end of one worker, with nothing between: frames out, frames in, and what it logged.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "sdk/base/disk.hpp"
#include "sdk/wire/frame.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::test {

class WorkerEnd {
 public:
  /// Starts `runner` for the plugin in `plugin_dir`. `state_dir` exists.
  WorkerEnd(const std::string &runner, const std::filesystem::path &plugin_dir,
            const std::filesystem::path &state_dir);
  ~WorkerEnd();
  WorkerEnd(const WorkerEnd &) = delete;
  WorkerEnd &operator=(const WorkerEnd &) = delete;

  void send(const wire::ToWorker &message);
  /// The next message but signs of life; nothing once the worker closed its end. Throws when it
  /// says what is no message, or nothing for a minute.
  std::optional<wire::ToHost> next();
  /// Waits for its end: the exit status, or minus the signal.
  int ended();
  /// What it wrote to standard error so far.
  std::string log() const;

 private:
  std::filesystem::path log_file_;
  Fd socket_;
  pid_t pid_ = -1;
  wire::FrameReader frames_;
};

}  // namespace civicast::test
