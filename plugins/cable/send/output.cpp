// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/output.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

std::runtime_error system_error(const std::string &what) {
  return std::runtime_error(what + ": " + std::strerror(errno));
}

sockaddr_in parse_address(const std::string &address) {
  const std::size_t colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  std::uint16_t port = 0;
  const char *end = address.data() + address.size();
  if (colon == std::string::npos ||
      std::from_chars(address.data() + colon + 1, end, port).ptr != end || port == 0 ||
      inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr) != 1)
    throw std::runtime_error("not an IPv4 address and port: " + address);
  to.sin_port = htons(port);
  return to;
}

}  // namespace

UdpOutput::UdpOutput(const std::string &address) : to_(parse_address(address)) {
  socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ < 0) throw system_error("socket");
}

UdpOutput::~UdpOutput() {
  ::close(socket_);
}

std::int64_t UdpOutput::send(const std::vector<iovec> &datagrams) {
  // The socket is not connected: that nobody listens yet is no fault of the signal.
  messages_.assign(datagrams.size(), mmsghdr{});
  for (std::size_t i = 0; i < datagrams.size(); ++i) {
    msghdr &header = messages_[i].msg_hdr;
    header.msg_name = &to_;
    header.msg_namelen = sizeof to_;
    header.msg_iov = const_cast<iovec *>(&datagrams[i]);
    header.msg_iovlen = 1;
  }
  std::int64_t errors = 0;
  for (std::size_t at = 0; at < messages_.size();) {
    const int sent =
        ::sendmmsg(socket_, &messages_[at], static_cast<unsigned>(messages_.size() - at), 0);
    if (sent > 0) {
      at += static_cast<std::size_t>(sent);
    } else if (errno != EINTR) {
      ++errors;  // this datagram is lost; the next one may not be
      ++at;
    }
  }
  return errors;
}

FileOutput::FileOutput(const std::string &path) {
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
    const ssize_t wrote = ::writev(file_, &rest_[at], static_cast<int>(rest_.size() - at));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      // A full disk: what did not fit is lost. The file stays a row of whole packets.
      const std::int64_t whole = size_bytes_ / kPacketBytes * kPacketBytes;
      if (whole != size_bytes_ && ::ftruncate(file_, whole) == 0) size_bytes_ = whole;
      return static_cast<std::int64_t>(rest_.size() - at);
    }
    size_bytes_ += wrote;
    auto left = static_cast<std::size_t>(wrote);
    while (at < rest_.size() && left >= rest_[at].iov_len) left -= rest_[at++].iov_len;
    if (at < rest_.size()) {
      rest_[at].iov_base = static_cast<char *>(rest_[at].iov_base) + left;
      rest_[at].iov_len -= left;
    }
  }
  return 0;
}

}  // namespace civicast::cable
