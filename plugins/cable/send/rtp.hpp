// SPDX-License-Identifier: Apache-2.0
// The signal in RTP (RFC 3550, RFC 2250): payload type 33, one header before each datagram.
#pragma once

#include <array>

#include "plugins/cable/send/datagram_socket.hpp"
#include "plugins/cable/send/rtp_clock.hpp"

namespace civicast::cable {

class RtpOutput final : public Output {
 public:
  static constexpr std::size_t kHeaderBytes = 12;

  /// `rate`: bit/s of the signal. `source` names the channel, and stays the same for its life.
  RtpOutput(const Address &to, std::int64_t rate, std::uint32_t source);
  std::int64_t send(const std::vector<iovec> &datagrams) override;
  OutputState state() const override { return tally_.state(); }
  DatagramSocket &socket() { return socket_; }

 private:
  bool find_clock(const std::vector<iovec> &datagrams);
  std::int64_t send_marked(const std::vector<iovec> &datagrams);

  Tally tally_;
  DatagramSocket socket_;
  RtpClock clock_;
  std::uint32_t source_;
  std::vector<std::vector<std::uint8_t>> early_;  ///< from before the stream's first clock
  std::vector<std::array<std::uint8_t, kHeaderBytes>> headers_;
  std::vector<iovec> parts_;
};

/// A stable number for a name (FNV-1a), for RTP's SSRC.
std::uint32_t source_of(const std::string &name);

}  // namespace civicast::cable
