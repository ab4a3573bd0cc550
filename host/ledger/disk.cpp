// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "sdk/base/disk.hpp"

namespace civicast::ledger {

bool Disk::write(int fd, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return true;
}

bool Disk::sync(int fd) {
  return ::fdatasync(fd) == 0;
}

bool Disk::reserve(int fd, std::uint64_t bytes) {
  const int error = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  if (error != 0) errno = error;
  return error == 0;
}

Result<void> Disk::replace(const std::filesystem::path &path, std::string_view bytes) {
  return write_file_atomically(path, bytes);
}

Disk &Disk::real() {
  static Disk disk;
  return disk;
}

}  // namespace civicast::ledger
