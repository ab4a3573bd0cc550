// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable/send/net.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace civicast::cable {
namespace {

constexpr int kPatienceSeconds = 10;

void must(bool is_so, const std::string &what) {
  if (!is_so) throw std::runtime_error(what + ": " + std::strerror(errno));
}

template <class Value>
void set(int socket, int level, int option, const Value &value) {
  must(::setsockopt(socket, level, option, &value, sizeof value) == 0, "setsockopt");
}

void join_v4(int socket, const in_addr &group, const std::string &interface) {
  ip_mreqn membership{};
  membership.imr_multiaddr = group;
  membership.imr_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  set(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership);
}

void join_v6(int socket, const in6_addr &group, const std::string &interface) {
  ipv6_mreq membership{};
  membership.ipv6mr_multiaddr = group;
  membership.ipv6mr_interface = ::if_nametoindex(interface.c_str());
  set(socket, IPPROTO_IPV6, IPV6_JOIN_GROUP, membership);
}

int open_v4(const std::string &address, const std::string &interface, int port) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  must(inet_pton(AF_INET, address.c_str(), &at.sin_addr) == 1, address);
  set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  must(::bind(socket, reinterpret_cast<sockaddr *>(&at), sizeof at) == 0, "bind " + address);
  if (IN_MULTICAST(ntohl(at.sin_addr.s_addr))) join_v4(socket, at.sin_addr, interface);
  set(socket, IPPROTO_IP, IP_RECVTTL, 1);
  set(socket, IPPROTO_IP, IP_RECVTOS, 1);
  set(socket, IPPROTO_IP, IP_PKTINFO, 1);
  return socket;
}

int open_v6(const std::string &address, const std::string &interface, int port) {
  const int socket = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 at{};
  at.sin6_family = AF_INET6;
  at.sin6_port = htons(static_cast<std::uint16_t>(port));
  must(inet_pton(AF_INET6, address.c_str(), &at.sin6_addr) == 1, address);
  set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  must(::bind(socket, reinterpret_cast<sockaddr *>(&at), sizeof at) == 0, "bind " + address);
  if (IN6_IS_ADDR_MULTICAST(&at.sin6_addr)) join_v6(socket, at.sin6_addr, interface);
  set(socket, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
  set(socket, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
  return socket;
}

void read_control(msghdr &message, Datagram &out) {
  for (cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
    const bool is_v4 = c->cmsg_level == IPPROTO_IP, is_v6 = c->cmsg_level == IPPROTO_IPV6;
    if ((is_v4 && c->cmsg_type == IP_TTL) || (is_v6 && c->cmsg_type == IPV6_HOPLIMIT))
      std::memcpy(&out.ttl, CMSG_DATA(c), sizeof out.ttl);
    if (is_v6 && c->cmsg_type == IPV6_TCLASS) std::memcpy(&out.tos, CMSG_DATA(c), sizeof out.tos);
    if (is_v4 && c->cmsg_type == IP_TOS) out.tos = *CMSG_DATA(c);
    if (is_v4 && c->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(c), sizeof info);
      std::array<char, INET_ADDRSTRLEN> text{};
      out.to = inet_ntop(AF_INET, &info.ipi_addr, text.data(), text.size());
    }
  }
}

/// What a child has to say, over a pipe: "+" and a text, or "-" and what went wrong.
std::string told_by_child(const std::function<std::string()> &body) {
  try {
    const int user = ::geteuid() == 0 ? 0 : CLONE_NEWUSER;
    must(::unshare(user | CLONE_NEWNET | CLONE_NEWNS) == 0, "unshare");
    must(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mount");
    return "+" + body();
  } catch (const std::exception &e) {
    return std::string("-") + e.what();
  }
}

}  // namespace

Receiver::Receiver(const std::string &address, const std::string &interface, int port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  socket_ = is_v6 ? open_v6(address, interface, port) : open_v4(address, interface, port);
  set(socket_, SOL_SOCKET, SO_RCVBUF, 4 << 20);
  set(socket_, SOL_SOCKET, SO_RCVTIMEO, timeval{kPatienceSeconds, 0});
  sockaddr_storage at{};
  socklen_t size = sizeof at;
  must(::getsockname(socket_, reinterpret_cast<sockaddr *>(&at), &size) == 0, "getsockname");
  port_ = ntohs(reinterpret_cast<const sockaddr_in &>(at).sin_port);  // at one place in both
}

Receiver::~Receiver() {
  ::close(socket_);
}

bool Receiver::take_one(Datagram &out, int flags) {
  out.bytes.resize(4096);
  alignas(cmsghdr) std::array<char, 256> control{};
  iovec part{out.bytes.data(), out.bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size = ::recvmsg(socket_, &message, flags);
  if (size < 0) return false;
  out.bytes.resize(static_cast<std::size_t>(size));
  read_control(message, out);
  return true;
}

std::vector<Datagram> Receiver::take(std::size_t count) {
  std::vector<Datagram> out;
  for (Datagram one; out.size() < count && take_one(one, 0);) out.push_back(std::move(one));
  return out;
}

std::vector<Datagram> Receiver::rest() {
  std::vector<Datagram> out;
  for (Datagram one; take_one(one, MSG_DONTWAIT);) out.push_back(std::move(one));
  return out;
}

std::string in_own_network(const std::function<std::string()> &body) {
  int ends[2];
  must(::pipe(ends) == 0, "pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string told = told_by_child(body);
    std::size_t at = 0;
    while (at < told.size()) {
      const ssize_t wrote = ::write(ends[1], told.data() + at, told.size() - at);
      if (wrote <= 0) break;
      at += static_cast<std::size_t>(wrote);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string told;
  std::array<char, 4096> piece{};
  for (ssize_t size = 0; (size = ::read(ends[0], piece.data(), piece.size())) > 0;)
    told.append(piece.data(), static_cast<std::size_t>(size));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (told.empty() || told[0] != '+')
    throw std::runtime_error("in a network of its own: " + (told.empty() ? "it died" : told));
  return told.substr(1);
}

void set_up(const std::string &interface, const std::string &address) {
  const std::string ip = "ip ", device = " dev " + interface;
  if (interface != "lo") {
    const std::string far = interface + "-far";
    const std::string pair = interface + " type veth peer name " + far;
    must(run(ip + "link add " + pair).code == 0, "add");
    must(run(ip + "link set " + far + " up").code == 0, "far end");
  }
  if (!address.empty()) {
    const bool is_v6 = address.find(':') != std::string::npos;
    const std::string mask = is_v6 ? "/64 nodad" : "/24";
    must(run(ip + "addr add " + address + mask + device).code == 0, "address");
  }
  must(run(ip + "link set " + interface + " up").code == 0, "up");
  // The routes of IPv6 come when the cable has been found to be plugged in.
  if (interface != "lo" && address.find(':') != std::string::npos)
    must(comes_true(
             [&] { return !run("ip -6 route show table all ff00::/8" + device).text.empty(); }),
         "route");
}

std::vector<std::vector<std::uint8_t>> some_datagrams(std::size_t count, unsigned seed) {
  std::minstd_rand random(seed);
  std::vector<std::vector<std::uint8_t>> out(count);
  for (auto &datagram : out) {
    datagram.resize(std::size_t{7} * 188);
    for (std::size_t i = 0; i < datagram.size(); ++i)
      datagram[i] = i % 188 == 0 ? std::uint8_t{0x47} : static_cast<std::uint8_t>(random());
    // No clock, so that what a test puts in is the only one.
    for (std::size_t i = 0; i < datagram.size(); i += 188) datagram[i + 3] = 0x10;
  }
  return out;
}

std::vector<iovec> parts_of(std::vector<std::vector<std::uint8_t>> &datagrams) {
  std::vector<iovec> out;
  for (auto &datagram : datagrams) out.push_back({datagram.data(), datagram.size()});
  return out;
}

Ran run(const std::string &command) {
  Ran out;
  FILE *pipe = ::popen(command.c_str(), "r");
  must(pipe, command);
  std::array<char, 4096> piece{};
  for (std::size_t size = 0; (size = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;)
    out.text.append(piece.data(), size);
  const int status = ::pclose(pipe);
  out.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

Program::Program(const std::vector<std::string> &words) : child_(::fork()) {
  if (child_ != 0) return;
  std::vector<char *> arguments;
  for (const std::string &word : words) arguments.push_back(const_cast<char *>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

Program::~Program() {
  kill();
}

void Program::kill() {
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);
  end();
}

int Program::end() {
  int status = 0;
  ::waitpid(child_, &status, 0);
  child_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int free_port() {
  return Receiver().port();
}

bool is_bound(int port) {
  std::array<char, 8> wanted{};
  std::snprintf(wanted.data(), wanted.size(), ":%04X", static_cast<unsigned>(port));
  std::ifstream in("/proc/net/udp");
  for (std::string line, number, local; std::getline(in, line);) {
    std::istringstream words(line);
    words >> number >> local;
    if (local.size() > 5 && local.substr(local.size() - 5) == wanted.data()) return true;
  }
  return false;
}

std::vector<std::uint8_t> file_bytes(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool comes_true(const std::function<bool()> &condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace civicast::cable
