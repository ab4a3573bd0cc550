// SPDX-License-Identifier: Apache-2.0
// A worker as the operating system sees it: a process group, a pidfd, a socket and two pipes.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "sdk/base/disk.hpp"
#include "sdk/base/result.hpp"

namespace civicast::workers {

/// How a process ended: "signal 11 (SIGSEGV)" or "exit status 3".
struct Ending {
  std::string how;
  bool is_clean = false;  ///< exit status 0
};

class Process {
 public:
  /// Starts `runner plugin_dir` in `state_dir` with the socket's other end as fd 3: a group of its
  /// own, no stdin, no core file, no new privileges, umask 077, killed when this thread ends.
  static Result<Process> spawn(const std::filesystem::path &runner,
                               const std::filesystem::path &plugin_dir,
                               const std::filesystem::path &state_dir);
  Process(Process &&other) noexcept;
  Process &operator=(Process &&) = delete;
  /// Kills the group and reaps.
  ~Process();

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }  ///< readable once the process has ended
  int socket() const { return socket_.get(); }
  int out() const { return out_.get(); }
  int err() const { return err_.get(); }

  void close_socket() { socket_.reset(); }
  void close_out() { out_.reset(); }
  void close_err() { err_.reset(); }

  void signal_group(int signal);
  /// Kills what is left of the group and reaps, if the process has ended; nothing if not yet.
  std::optional<Ending> reap();

 private:
  Process() = default;
  pid_t pid_ = -1;  ///< -1 once reaped: the number may be another's then
  Fd pidfd_, socket_, out_, err_;
};

}  // namespace civicast::workers
