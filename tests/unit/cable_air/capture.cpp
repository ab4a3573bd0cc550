// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_air/capture.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace civicast::air {
namespace {

constexpr std::size_t kRtpHeader = 12;
/// Sixteen seconds of 4 Mb/s, where the system gives so much.
constexpr int kRoomBytes = 16 << 20;

void must(bool is_so, const char *what) {
  if (!is_so) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

template <class Value>
void set(int socket, int level, int option, const Value &value) {
  must(::setsockopt(socket, level, option, &value, sizeof value) == 0, "setsockopt");
}

int open(const std::string &host, int *port) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  must(::inet_pton(AF_INET, host.c_str(), &at.sin_addr) == 1, "address");
  socklen_t size = sizeof at;
  must(::bind(socket, reinterpret_cast<sockaddr *>(&at), size) == 0, "bind");
  must(::getsockname(socket, reinterpret_cast<sockaddr *>(&at), &size) == 0, "getsockname");
  *port = ntohs(at.sin_port);
  if (IN_MULTICAST(ntohl(at.sin_addr.s_addr))) {
    ip_mreqn membership{};
    membership.imr_multiaddr = at.sin_addr;
    membership.imr_ifindex = static_cast<int>(::if_nametoindex("lo"));
    set(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership);
  }
  set(socket, SOL_SOCKET, SO_TIMESTAMPNS, 1);
  set(socket, SOL_SOCKET, SO_RXQ_OVFL, 1);
  // Only root gets more than the system's limit.
  if (::setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &kRoomBytes, sizeof kRoomBytes) != 0)
    set(socket, SOL_SOCKET, SO_RCVBUF, kRoomBytes);
  set(socket, SOL_SOCKET, SO_RCVTIMEO, timeval{0, 100'000});
  return socket;
}

}  // namespace

Capture::Capture(const std::string &scheme_and_host)
    : base_(scheme_and_host), is_rtp_(scheme_and_host.rfind("rtp://", 0) == 0) {
  socket_ = open(base_.substr(base_.find("//") + 2), &port_);
  thread_ = std::thread([this] { run(); });
}

Capture::~Capture() {
  is_over_ = true;
  if (thread_.joinable()) thread_.join();
  ::close(socket_);
}

std::string Capture::url() const {
  const bool is_multicast = base_.find("//239.") != std::string::npos;
  return base_ + ":" + std::to_string(port_) + (is_multicast ? "?ttl=1&interface=127.0.0.1" : "");
}

Captured Capture::finish() {
  is_over_ = true;
  thread_.join();
  return std::move(captured_);
}

void Capture::run() {
  std::array<std::uint8_t, 2048> bytes{};
  // Until nothing is left: what was sent before the end was asked for belongs to it.
  for (;;) {
    std::array<char, 256> control{};
    iovec part{bytes.data(), bytes.size()};
    msghdr message{nullptr, 0, &part, 1, control.data(), control.size(), 0};
    const ssize_t size = ::recvmsg(socket_, &message, 0);
    if (size < 0 && is_over_) return;
    if (size < 0) continue;
    std::int64_t at_ns = 0;
    for (cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
      if (c->cmsg_level != SOL_SOCKET) continue;
      if (c->cmsg_type == SCM_TIMESTAMPNS) {
        timespec time{};
        std::memcpy(&time, CMSG_DATA(c), sizeof time);
        at_ns = time.tv_sec * 1'000'000'000 + time.tv_nsec;
      } else if (c->cmsg_type == SO_RXQ_OVFL) {
        std::uint32_t lost = 0;
        std::memcpy(&lost, CMSG_DATA(c), sizeof lost);
        captured_.lost = lost;
      }
    }
    keep(bytes.data(), static_cast<std::size_t>(size), at_ns);
  }
}

void Capture::keep(const std::uint8_t *bytes, std::size_t size, std::int64_t at_ns) {
  if (is_rtp_ && size >= kRtpHeader) {
    const int number = bytes[2] << 8 | bytes[3];
    if (last_number_ >= 0 && number != ((last_number_ + 1) & 0xFFFF)) ++captured_.sequence_breaks;
    last_number_ = number;
    bytes += kRtpHeader;
    size -= kRtpHeader;
  }
  if (size != Captured::kBytes) {
    ++captured_.odd;
    return;
  }
  captured_.bytes.insert(captured_.bytes.end(), bytes, bytes + size);
  captured_.arrived_ns.push_back(at_ns);
  newest_ns_ = at_ns;
}

}  // namespace civicast::air
