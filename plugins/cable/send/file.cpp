// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <stdexcept>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

std::runtime_error system_error(const std::string &what) {
  return std::runtime_error(what + ": " + std::strerror(errno));
}

}  // namespace

FileOutput::FileOutput(const std::string &path, const std::string &href) : tally_("file", href) {
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) throw system_error(path);
  struct stat info {};
  if (::fstat(file_, &info) != 0) throw system_error(path);
  size_bytes_ = info.st_size / kPacketBytes * kPacketBytes;
  if (size_bytes_ != info.st_size && ::ftruncate(file_, size_bytes_) != 0) throw system_error(path);
}

FileOutput::~FileOutput() {
  ::close(file_);
}

std::int64_t FileOutput::send(const std::vector<iovec> &datagrams) {
  rest_ = datagrams;
  for (std::size_t at = 0; at < rest_.size();) {
    const auto parts = std::min<std::size_t>(rest_.size() - at, IOV_MAX);
    const ssize_t wrote = ::writev(file_, &rest_[at], static_cast<int>(parts));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      const auto lost = static_cast<std::int64_t>(rest_.size() - at);
      tally_.failed(lost, errno);
      tally_.sent(static_cast<std::int64_t>(at));
      // A full disk: what did not fit is lost. The file stays a row of whole packets.
      const std::int64_t whole = size_bytes_ / kPacketBytes * kPacketBytes;
      if (whole != size_bytes_ && ::ftruncate(file_, whole) == 0) size_bytes_ = whole;
      return lost;
    }
    size_bytes_ += wrote;
    auto left = static_cast<std::size_t>(wrote);
    while (at < rest_.size() && left >= rest_[at].iov_len) left -= rest_[at++].iov_len;
    if (at < rest_.size()) {
      rest_[at].iov_base = static_cast<char *>(rest_[at].iov_base) + left;
      rest_[at].iov_len -= left;
    }
  }
  tally_.sent(static_cast<std::int64_t>(datagrams.size()));
  return 0;
}

}  // namespace civicast::cable
