// SPDX-License-Identifier: Apache-2.0
// Files that are there, whole, or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "sdk/base/result.hpp"

namespace civicast {

/// An open file descriptor, closed when it goes.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd &&other) noexcept : fd_(other.release()) {}
  Fd &operator=(Fd &&other) noexcept;
  ~Fd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release();
  void reset();

 private:
  int fd_ = -1;
};

/// The whole file, refused above `max_bytes`.
Result<std::string> read_file(const std::filesystem::path &path, std::uint64_t max_bytes);

/// Replaces `path` by `bytes`: a reader, and a machine that loses power, sees the old file or the
/// new one. The bytes and the directory entry are synced when this returns.
Result<void> write_file_atomically(const std::filesystem::path &path, std::string_view bytes,
                                   unsigned mode = 0644);

/// Makes a rename or a new file in `directory` survive a power cut.
Result<void> sync_directory(const std::filesystem::path &directory);

/// Takes the lock of an open file, which goes with the descriptor; false: another still held it
/// after `patience_ms`. None is too short: a holder that was killed between a fork and its exec
/// leaves a child that has the lock too, until it notices.
bool lock_alone(const Fd &file, std::int64_t patience_ms);

/// Writes all of `bytes` to `fd`, over short writes and EINTR; false with errno set on an error.
bool write_all(int fd, std::string_view bytes);

}  // namespace civicast
