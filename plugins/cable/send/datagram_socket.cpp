// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/datagram_socket.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "plugins/cable/send/interface.hpp"

namespace civicast::cable {
namespace {

/// The longest that one call may carry: 64 KiB less the headers, and the kernel's own limit.
constexpr std::size_t kMostBytes = 65'000, kMostSegments = 64;
/// Calls of send() that failed altogether, until the socket is made anew.
constexpr int kReopenAfter = 100;

std::size_t size_of(const iovec *parts, std::size_t count) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) bytes += parts[i].iov_len;
  return bytes;
}

/// The kernel, or the interface behind the route, cannot cut; and not: it had no room just now.
bool means_no_segments(int error) {
  return error == EINVAL || error == EIO || error == EMSGSIZE || error == EOPNOTSUPP ||
         error == ENOPROTOOPT;
}

}  // namespace

DatagramSocket::DatagramSocket(const Address &to, Tally &tally) : address_(to), tally_(tally) {
  open();
}

DatagramSocket::~DatagramSocket() {
  close();
}

void DatagramSocket::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool DatagramSocket::open() {
  to_ = socket_address(address_, &to_size_);
  socket_ = ::socket(to_.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  open_error_ = socket_ < 0 ? errno : set_route(socket_, address_, to_);
  if (open_error_ != 0) close();
  return open_error_ == 0;
}

std::int64_t DatagramSocket::lose(std::int64_t datagrams, int error) {
  tally_.failed(datagrams, error);
  return datagrams;
}

std::int64_t DatagramSocket::send(const std::vector<iovec> &parts, std::size_t parts_each) {
  parts_each_ = parts_each;
  const std::size_t count = parts.size() / parts_each;
  if (count == 0) return 0;
  if (failing_calls_ >= kReopenAfter) {
    failing_calls_ = 0;
    close();
    open();
  }
  std::int64_t errors = 0;
  if (socket_ < 0) {
    errors = lose(static_cast<std::int64_t>(count), open_error_);
  } else {
    for (std::size_t at = 0; at < count;) {
      const Run run = next_run(parts, at);
      if (!send_in_one(run)) errors += send_each(run.parts, run.count);
      at += run.count;
    }
  }
  tally_.sent(static_cast<std::int64_t>(count) - errors);
  failing_calls_ = errors == static_cast<std::int64_t>(count) ? failing_calls_ + 1 : 0;
  return errors;
}

DatagramSocket::Run DatagramSocket::next_run(const std::vector<iovec> &parts,
                                             std::size_t at) const {
  Run run{&parts[at * parts_each_], 1, size_of(&parts[at * parts_each_], parts_each_)};
  const std::size_t left = parts.size() / parts_each_ - at;
  if (!uses_segments_) {
    run.count = left;
    return run;
  }
  const std::size_t most =
      std::min({left, kMostSegments, std::max<std::size_t>(1, kMostBytes / run.size_bytes)});
  while (run.count < most) {
    const std::size_t next = size_of(run.parts + run.count * parts_each_, parts_each_);
    if (next > run.size_bytes) break;
    ++run.count;
    if (next < run.size_bytes) break;  // only the last piece may be shorter
  }
  return run;
}

/// Pieces that lie behind one another in memory become one: the kernel looks at each.
void DatagramSocket::join(const Run &run) {
  joined_.clear();
  for (std::size_t i = 0; i < run.count * parts_each_; ++i) {
    const iovec &next = run.parts[i];
    if (!joined_.empty() &&
        static_cast<char *>(joined_.back().iov_base) + joined_.back().iov_len == next.iov_base)
      joined_.back().iov_len += next.iov_len;
    else
      joined_.push_back(next);
  }
}

bool DatagramSocket::send_in_one(const Run &run) {
  if (!uses_segments_ || run.count < 2) return false;
  const auto size = static_cast<std::uint16_t>(run.size_bytes);
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof size)> control{};
  msghdr message{};
  message.msg_name = &to_;
  message.msg_namelen = to_size_;
  join(run);
  message.msg_iov = joined_.data();
  message.msg_iovlen = joined_.size();
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = IPPROTO_UDP;
  header->cmsg_type = UDP_SEGMENT;
  header->cmsg_len = CMSG_LEN(sizeof size);
  std::memcpy(CMSG_DATA(header), &size, sizeof size);
  ssize_t sent = 0;
  do sent = ::sendmsg(socket_, &message, 0);
  while (sent < 0 && errno == EINTR);
  if (sent < 0 && means_no_segments(errno)) uses_segments_ = false;
  return sent >= 0;  // if not, one by one: some of them may pass
}

std::int64_t DatagramSocket::send_each(const iovec *parts, std::size_t count) {
  // The socket is not connected: that nobody listens yet is no fault of the signal.
  messages_.assign(count, mmsghdr{});
  for (std::size_t i = 0; i < count; ++i) {
    msghdr &header = messages_[i].msg_hdr;
    header.msg_name = &to_;
    header.msg_namelen = to_size_;
    header.msg_iov = const_cast<iovec *>(parts + i * parts_each_);
    header.msg_iovlen = parts_each_;
  }
  std::int64_t errors = 0;
  for (std::size_t at = 0; at < count;) {
    const int sent = ::sendmmsg(socket_, &messages_[at], static_cast<unsigned>(count - at), 0);
    if (sent > 0) {
      at += static_cast<std::size_t>(sent);
    } else if (errno != EINTR) {
      errors += lose(1, errno);  // this datagram is lost; the next one may not be
      ++at;
    }
  }
  return errors;
}

}  // namespace civicast::cable
