// SPDX-License-Identifier: Apache-2.0
// One host per station: a lock on <station>/host.lock, held as long as the host lives.
#pragma once

#include <filesystem>

#include "sdk/base/disk.hpp"
#include "sdk/base/result.hpp"

namespace civicast::flow {

/// Held until it goes, also by a kill. A second holder is refused.
class StationLock {
 public:
  static Result<StationLock> take(const std::filesystem::path &station);

 private:
  explicit StationLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

/// Whether somebody holds it now.
bool is_host_running(const std::filesystem::path &station);

}  // namespace civicast::flow
