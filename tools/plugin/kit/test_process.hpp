// SPDX-License-Identifier: Apache-2.0
// The process of one test: started, limited, and its result read from a pipe.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sdk/base/disk.hpp"
#include "sdk/base/json.hpp"

namespace civicast::kit {

class TestProcess {
 public:
  /// `command` finds the pipe's end as its fd 3. After `limit_s` it is killed.
  TestProcess(std::vector<std::string> command, double limit_s);
  ~TestProcess();
  TestProcess(const TestProcess &) = delete;
  TestProcess &operator=(const TestProcess &) = delete;

  bool is_running() const { return pid_ > 0; }
  /// Reads, and sees whether it has ended or is late. Returns after `timeout_ms` at the latest.
  void wait(int timeout_ms);
  /// The same for several.
  static void wait_any(std::map<std::size_t, TestProcess> &processes, int timeout_ms);

  /// What it wrote, if that is a JSON object.
  std::optional<Json> result() const;
  bool is_late() const { return is_late_; }
  const std::string &how() const { return how_; }  ///< "signal 11"
  double seconds() const;

 private:
  void take();
  void end(int status);

  pid_t pid_ = -1;
  Fd pidfd_, pipe_;
  std::string text_, how_;
  bool is_late_ = false;
  std::int64_t began_ms_ = 0, limit_ms_ = 0, ended_ms_ = 0;
};

}  // namespace civicast::kit
