// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/interface.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstring>

namespace civicast::cable {
namespace {

template <class Value>
int set(int socket, int level, int option, const Value &value) {
  return ::setsockopt(socket, level, option, &value, sizeof value) == 0 ? 0 : errno;
}

/// Of the interface that has this IPv6 address; 0: none has.
unsigned index_of(const in6_addr &address) {
  ifaddrs *all = nullptr;
  if (::getifaddrs(&all) != 0) return 0;
  unsigned index = 0;
  for (const ifaddrs *one = all; one && index == 0; one = one->ifa_next) {
    if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET6) continue;
    sockaddr_in6 its{};
    std::memcpy(&its, one->ifa_addr, sizeof its);
    if (std::memcmp(&its.sin6_addr, &address, sizeof address) == 0)
      index = ::if_nametoindex(one->ifa_name);
  }
  ::freeifaddrs(all);
  return index;
}

/// What "interface" stands for; if it is no address, it is a name.
struct Interface {
  explicit Interface(const std::string &text) {
    is_v4 = inet_pton(AF_INET, text.c_str(), &v4) == 1;
    is_v6 = !is_v4 && inet_pton(AF_INET6, text.c_str(), &v6) == 1;
    if (is_v6) index = index_of(v6);
    if (!is_v4 && !is_v6) index = ::if_nametoindex(text.c_str());
  }
  bool is_v4 = false, is_v6 = false;
  in_addr v4{};
  in6_addr v6{};
  unsigned index = 0;  ///< 0: there is none, or it is an IPv4 address
};

int bind_to(int socket, const Interface &interface, int family) {
  if (interface.is_v4 && family == AF_INET) {
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr = interface.v4;
    return ::bind(socket, reinterpret_cast<const sockaddr *>(&from), sizeof from) == 0 ? 0 : errno;
  }
  if (interface.is_v6 && family == AF_INET6) {
    sockaddr_in6 from{};
    from.sin6_family = AF_INET6;
    from.sin6_addr = interface.v6;
    return ::bind(socket, reinterpret_cast<const sockaddr *>(&from), sizeof from) == 0 ? 0 : errno;
  }
  char name[IF_NAMESIZE] = {};
  if (interface.index == 0 || !::if_indextoname(interface.index, name)) return ENODEV;
  return ::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, name,
                      static_cast<socklen_t>(std::strlen(name))) == 0
             ? 0
             : errno;
}

int set_interface(int socket, const std::string &text, int family, bool is_multicast) {
  const Interface interface(text);
  if (!is_multicast) return bind_to(socket, interface, family);
  if (family == AF_INET6) {
    if (interface.index == 0) return interface.is_v4 ? EADDRNOTAVAIL : ENODEV;
    return set(socket, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(interface.index));
  }
  ip_mreqn by{};
  by.imr_address = interface.v4;
  by.imr_ifindex = static_cast<int>(interface.index);
  if (!interface.is_v4 && interface.index == 0) return ENODEV;
  return set(socket, IPPROTO_IP, IP_MULTICAST_IF, by);
}

bool is_multicast_v4(const sockaddr_storage &to) {
  return IN_MULTICAST(ntohl(reinterpret_cast<const sockaddr_in &>(to).sin_addr.s_addr));
}

bool is_multicast_v6(const sockaddr_storage &to) {
  return IN6_IS_ADDR_MULTICAST(&reinterpret_cast<const sockaddr_in6 &>(to).sin6_addr);
}

}  // namespace

sockaddr_storage socket_address(const Address &to, socklen_t *size) {
  sockaddr_storage out{};
  auto &v4 = reinterpret_cast<sockaddr_in &>(out);
  auto &v6 = reinterpret_cast<sockaddr_in6 &>(out);
  if (inet_pton(AF_INET, to.host.c_str(), &v4.sin_addr) == 1) {
    out.ss_family = AF_INET;
    v4.sin_port = htons(to.port);
    *size = sizeof v4;
    return out;
  }
  inet_pton(AF_INET6, to.host.c_str(), &v6.sin6_addr);
  out.ss_family = AF_INET6;
  v6.sin6_port = htons(to.port);
  // An address of one link says nothing without the link.
  const bool is_of_link =
      IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&v6.sin6_addr);
  if (is_of_link) v6.sin6_scope_id = Interface(to.interface).index;
  *size = sizeof v6;
  return out;
}

int set_route(int socket, const Address &address, const sockaddr_storage &to) {
  const bool is_v6 = to.ss_family == AF_INET6;
  const bool is_multicast = is_v6 ? is_multicast_v6(to) : is_multicast_v4(to);
  const int level = is_v6 ? IPPROTO_IPV6 : IPPROTO_IP;
  const int hops = is_v6 ? (is_multicast ? IPV6_MULTICAST_HOPS : IPV6_UNICAST_HOPS)
                         : (is_multicast ? IP_MULTICAST_TTL : IP_TTL);
  int error = 0;
  if (address.ttl > 0) error = set(socket, level, hops, address.ttl);
  if (error == 0 && address.dscp > 0)
    error = set(socket, level, is_v6 ? IPV6_TCLASS : IP_TOS, address.dscp << 2);
  if (error == 0 && !address.interface.empty())
    error = set_interface(socket, address.interface, to.ss_family, is_multicast);
  return error;
}

}  // namespace civicast::cable
