// SPDX-License-Identifier: Apache-2.0
// One socket of libsrt, closed when it goes; none of its calls waits.
#pragma once

#include <srt/srt.h>

#include <cstdint>
#include <string>
#include <utility>

#include "plugins/cable/send/address.hpp"
#include "plugins/cable/send/tally.hpp"

namespace civicast::cable {

class SrtSocket {
 public:
  SrtSocket() = default;
  explicit SrtSocket(SRTSOCKET socket) : socket_(socket) {}
  SrtSocket(SrtSocket &&other) noexcept
      : socket_(std::exchange(other.socket_, SRT_INVALID_SOCK)), dropped_(other.dropped_) {}
  SrtSocket &operator=(SrtSocket &&other) noexcept {
    std::swap(socket_, other.socket_);
    std::swap(dropped_, other.dropped_);
    return *this;
  }
  ~SrtSocket() { close(); }

  SRTSOCKET get() const { return socket_; }
  explicit operator bool() const { return socket_ != SRT_INVALID_SOCK; }
  SRT_SOCKSTATUS status() const { return srt_getsockstate(socket_); }
  bool is_dead() const;
  void close();

  enum class Sent { yes, no_room, broken };
  Sent send(const std::uint8_t *bytes, std::size_t size);
  /// What libsrt has thrown away since the last call because it was too late to be of use.
  std::int64_t newly_dropped();
  /// What the other side has not yet acknowledged.
  std::int64_t under_way() const;

 private:
  SRTSOCKET socket_ = SRT_INVALID_SOCK;
  std::int64_t dropped_ = 0;
};

/// With everything set that must be before it is bound or connected; invalid when it cannot be.
SrtSocket new_srt_socket(const Address &address, const std::string &passphrase);

}  // namespace civicast::cable
