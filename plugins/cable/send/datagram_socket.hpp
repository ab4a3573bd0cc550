// SPDX-License-Identifier: Apache-2.0
// A socket for datagrams to one address, that never waits.
//
// Where the kernel can, equal datagrams leave in one piece that it cuts itself (UDP_SEGMENT, Linux
// 4.18): on the wire they are the same, and each costs half. Where it cannot, because the way goes
// over an interface without checksum offload or with a smaller MTU, the first refusal switches to
// one sendmmsg for good.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "plugins/cable/send/address.hpp"
#include "plugins/cable/send/tally.hpp"

namespace civicast::cable {

class DatagramSocket {
 public:
  /// An interface that is not there yet is no reason to fail: it is looked for again, about once a
  /// second of sending. `tally` outlives the socket.
  DatagramSocket(const Address &to, Tally &tally);
  ~DatagramSocket();
  DatagramSocket(const DatagramSocket &) = delete;
  DatagramSocket &operator=(const DatagramSocket &) = delete;

  /// Each `parts_each` consecutive parts are one datagram. Returns how many did not leave.
  std::int64_t send(const std::vector<iovec> &parts, std::size_t parts_each);

  bool uses_segments() const { return uses_segments_; }
  void use_no_segments() { uses_segments_ = false; }

 private:
  struct Run {
    const iovec *parts = nullptr;
    std::size_t count = 0;       ///< datagrams
    std::size_t size_bytes = 0;  ///< of each but the last, which may be shorter
  };
  bool open();
  void close();
  std::int64_t lose(std::int64_t datagrams, int error);
  Run next_run(const std::vector<iovec> &parts, std::size_t at) const;
  void join(const Run &run);
  bool send_in_one(const Run &run);
  std::int64_t send_each(const iovec *parts, std::size_t count);

  Address address_;
  Tally &tally_;
  int socket_ = -1;
  int open_error_ = 0;
  sockaddr_storage to_{};
  socklen_t to_size_ = 0;
  bool uses_segments_ = true;
  std::size_t parts_each_ = 1;
  int failing_calls_ = 0;
  std::vector<mmsghdr> messages_;
  std::vector<iovec> joined_;
};

}  // namespace civicast::cable
