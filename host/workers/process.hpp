// SPDX-License-Identifier: Apache-2.0
// A worker as the operating system sees it: a process group, a pidfd, a socket and two pipes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sdk/base/disk.hpp"
#include "sdk/base/result.hpp"

namespace civicast::workers {

/// How a process ended: "signal 11 (SIGSEGV)" or "exit status 3".
struct Ending {
  std::string how;
  bool is_clean = false;  ///< exit status 0
  int status = -1;        ///< the exit status; negative: a signal ended it
};

/// What is started, and what the kernel lets it have.
struct Program {
  std::vector<std::string> command;  ///< an executable file's path, arguments
  std::filesystem::path plugin_dir;  ///< told to it as CIVICAST_PLUGIN_DIR
  std::filesystem::path state_dir;   ///< it starts in there
  std::uint64_t memory_mb = 0;       ///< RLIMIT_DATA in MiB; 0: no limit
  std::uint64_t open_files = 0;      ///< RLIMIT_NOFILE; 0: the host's own
};

class Process {
 public:
  /// Starts it with the socket's other end as fd 3: a group of its own, no stdin, no core file, no
  /// new privileges, umask 077, killed when this thread ends.
  static Result<Process> spawn(const Program &program);
  Process(Process &&other) noexcept;
  Process &operator=(Process &&) = delete;
  /// Kills the group and reaps. A process that even SIGKILL cannot end (a disk that hangs) is left
  /// to the kernel after some seconds.
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
