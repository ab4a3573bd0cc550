// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/ts_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::size_t kMostKept = 256 * 1024;

/// How many of the bytes were written; fewer only with errno set.
std::size_t write_all(int file, const std::uint8_t *bytes, std::size_t size) {
  std::size_t at = 0;
  while (at < size) {
    const ssize_t wrote = ::write(file, bytes + at, size - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) break;
    at += static_cast<std::size_t>(wrote);
  }
  return at;
}

}  // namespace

int TsFile::open(const std::string &path) {
  close();
  std::error_code ignored;  // open() says what is wrong with the folder
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) return errno;
  struct stat info {};
  int error = ::fstat(file_, &info) == 0 ? 0 : errno;
  size_bytes_ = info.st_size / kPacketBytes * kPacketBytes;
  if (error == 0 && size_bytes_ != info.st_size && ::ftruncate(file_, size_bytes_) != 0)
    error = errno;
  if (error != 0) close();
  return error;
}

void TsFile::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  kept_.clear();
}

TsFile::Loss TsFile::append(const std::uint8_t *bytes, std::size_t size) {
  kept_.insert(kept_.end(), bytes, bytes + size);
  return kept_.size() < kMostKept ? Loss{} : flush();
}

TsFile::Loss TsFile::flush() {
  const std::size_t wrote = write_all(file_, kept_.data(), kept_.size());
  Loss loss;
  if (wrote < kept_.size()) loss.error = errno;
  size_bytes_ += static_cast<std::int64_t>(wrote);
  const std::int64_t whole = size_bytes_ / kPacketBytes * kPacketBytes;
  loss.bytes = kept_.size() - wrote + static_cast<std::size_t>(size_bytes_ - whole);
  if (whole != size_bytes_ && ::ftruncate(file_, whole) == 0) size_bytes_ = whole;
  kept_.clear();
  return loss;
}

int replace_file(const std::string &path, const std::string &text) {
  const std::string next = path + ".next";
  const int file = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return errno;
  const auto *bytes = reinterpret_cast<const std::uint8_t *>(text.data());
  int error = write_all(file, bytes, text.size()) == text.size() ? 0 : errno;
  if (::close(file) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(next.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(next.c_str());
  return error;
}

}  // namespace civicast::cable
