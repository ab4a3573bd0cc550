// SPDX-License-Identifier: Apache-2.0
#include "sdk/base/disk.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "sdk/base/faults.hpp"

namespace civicast {
namespace {

Fault unreadable(const std::filesystem::path &path, int error) {
  return Fault(faults::file_unreadable,
               {{"file", path.string()}, {"reason", std::strerror(error)}});
}

Fault unwritable(const std::filesystem::path &path, int error) {
  return Fault(faults::file_unwritable,
               {{"file", path.string()}, {"reason", std::strerror(error)}});
}

}  // namespace

Fd &Fd::operator=(Fd &&other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

int Fd::release() {
  const int fd = fd_;
  fd_ = -1;
  return fd;
}

void Fd::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<std::string> read_file(const std::filesystem::path &path, std::uint64_t max_bytes) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return unreadable(path, errno);
  struct stat facts {};
  if (::fstat(fd.get(), &facts) != 0) return unreadable(path, errno);
  if (S_ISDIR(facts.st_mode)) return unreadable(path, EISDIR);

  std::string bytes;
  char chunk[64 * 1024];
  for (;;) {
    const ssize_t got = ::read(fd.get(), chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(path, errno);
    if (got == 0) return bytes;
    bytes.append(chunk, static_cast<std::size_t>(got));
    if (bytes.size() > max_bytes)
      return Fault(faults::file_too_large,
                   {{"file", path.string()}, {"limit", std::to_string(max_bytes)}});
  }
}

bool lock_alone(const Fd &file, std::int64_t patience_ms) {
  using std::chrono::steady_clock;
  const auto until = steady_clock::now() + std::chrono::milliseconds(patience_ms);
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if ((errno != EWOULDBLOCK && errno != EINTR) || steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

Result<void> sync_directory(const std::filesystem::path &directory) {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return unwritable(directory, errno);
  return {};
}

Result<void> write_file_atomically(const std::filesystem::path &path, std::string_view bytes,
                                   unsigned mode) {
  std::string temporary = path.string() + ".XXXXXX";
  Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return unwritable(path, errno);
  const bool written = write_all(fd.get(), bytes) && ::fchmod(fd.get(), mode) == 0 &&
                       ::fsync(fd.get()) == 0 && ::rename(temporary.c_str(), path.c_str()) == 0;
  if (!written) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return unwritable(path, error);
  }
  const auto parent = path.parent_path();
  return sync_directory(parent.empty() ? "." : parent);
}

}  // namespace civicast
