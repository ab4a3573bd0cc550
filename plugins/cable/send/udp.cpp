// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/udp.hpp"

namespace civicast::cable {

UdpOutput::UdpOutput(const Address &to) : tally_("udp", to.url()), socket_(to, tally_) {}

std::int64_t UdpOutput::send(const std::vector<iovec> &datagrams) {
  return socket_.send(datagrams, 1);
}

}  // namespace civicast::cable
