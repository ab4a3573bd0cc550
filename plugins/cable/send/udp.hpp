// SPDX-License-Identifier: Apache-2.0
// The signal as bare UDP, unicast or multicast.
#pragma once

#include "plugins/cable/send/datagram_socket.hpp"

namespace civicast::cable {

class UdpOutput final : public Output {
 public:
  explicit UdpOutput(const Address &to);
  std::int64_t send(const std::vector<iovec> &datagrams) override;
  OutputState state() const override { return tally_.state(); }
  DatagramSocket &socket() { return socket_; }

 private:
  Tally tally_;
  DatagramSocket socket_;
};

}  // namespace civicast::cable
