// SPDX-License-Identifier: Apache-2.0
// One worker process and the frames on its socket, as they are: nothing is judged here.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "host/workers/process.hpp"
#include "sdk/base/result.hpp"
#include "sdk/wire/frame.hpp"

namespace civicast::kit {

/// Sees every frame's text, as it was on the socket. May be empty.
using OnFrame = std::function<void(bool is_to_worker, std::string_view text)>;
/// A line of the worker's standard output or error. May be empty.
using OnLine = std::function<void(const std::string &line)>;

class Line {
 public:
  Line(workers::Process process, OnFrame on_frame, OnLine on_line);

  void send(std::string_view text);
  /// Bytes that need not be a frame.
  void send_bytes(std::string_view bytes);
  /// The next frame's text; nothing when `until_ms` has come or the worker has ended. A fault: the
  /// bytes are no frames.
  Result<std::optional<std::string>> next(std::int64_t until_ms);
  /// Whether it ended of itself, before kill.
  const std::optional<workers::Ending> &ending() const { return ending_; }

  /// Ends its whole group at once. What it had sent can still be read with next.
  void kill();
  void signal(int signal) { process_.signal_group(signal); }
  void hang_up() { process_.close_socket(); }
  /// Processes that its process left behind when it ended, by command; they are killed.
  const std::string &left_behind() const { return left_behind_; }

  pid_t pid() const { return pid_; }
  std::uint64_t stdout_bytes() const { return stdout_bytes_; }
  std::uint64_t log_bytes() const { return log_bytes_; }
  /// The newest lines that it wrote.
  std::string last_lines() const;

 private:
  bool wait(std::int64_t until_ms);
  void read_socket();
  void read_pipe(int fd, bool is_out);
  void flush();
  void see_end();

  workers::Process process_;
  pid_t pid_;
  OnFrame on_frame_;
  OnLine on_line_;
  wire::FrameReader frames_;
  std::string to_send_, rest_[2], left_behind_;
  std::deque<std::string> lines_;
  std::uint64_t stdout_bytes_ = 0, log_bytes_ = 0;
  std::optional<workers::Ending> ending_;
};

/// Lets this process be the parent of whatever its workers leave behind.
void adopt_orphans();

}  // namespace civicast::kit
