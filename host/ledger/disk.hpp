// SPDX-License-Identifier: Apache-2.0
// Every write of the ledger goes through here, so that a test can let one fail or be torn.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "sdk/base/result.hpp"

namespace civicast::ledger {

class Disk {
 public:
  virtual ~Disk() = default;
  /// All of `bytes` at `offset`; false with errno set on an error.
  virtual bool write(int fd, std::string_view bytes, std::uint64_t offset);
  /// fdatasync; false with errno set on an error.
  virtual bool sync(int fd);
  /// Gives the file `bytes` bytes of real blocks, all zero, so that a later write cannot lack room.
  virtual bool reserve(int fd, std::uint64_t bytes);
  /// The old file or the new one, synced.
  virtual Result<void> replace(const std::filesystem::path &path, std::string_view bytes);

  /// The real one.
  static Disk &real();
};

}  // namespace civicast::ledger
