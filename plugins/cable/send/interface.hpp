// SPDX-License-Identifier: Apache-2.0
// By which interface, how far and how urgently datagrams leave: the options of a socket.
#pragma once

#include <sys/socket.h>

#include "plugins/cable/send/address.hpp"

namespace civicast::cable {

/// For the system; `to` has an IP address as its host.
sockaddr_storage socket_address(const Address &to, socklen_t *size);

/// Sets TTL, DSCP and interface. Returns 0 or an errno: EADDRNOTAVAIL or ENODEV when there is no
/// such interface now.
int set_route(int socket, const Address &address, const sockaddr_storage &to);

}  // namespace civicast::cable
