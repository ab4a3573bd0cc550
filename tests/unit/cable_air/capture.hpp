// SPDX-License-Identifier: Apache-2.0
// A receiver that keeps every datagram of one destination, with the kernel's receive time.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace civicast::air {

/// The packets of a transport stream as they came: seven to a datagram.
struct Captured {
  static constexpr std::size_t kBytes = 7 * 188;
  std::vector<std::uint8_t> bytes;       ///< kBytes for each datagram
  std::vector<std::int64_t> arrived_ns;  ///< UTC, one for each datagram
  std::int64_t lost = 0;                 ///< for want of room in this machine's receive buffer
  std::int64_t odd = 0;                  ///< datagrams of another length, which are not kept
  std::int64_t sequence_breaks = 0;      ///< RTP: the number did not follow; once per sender

  std::size_t size() const { return arrived_ns.size(); }
  const std::uint8_t *datagram(std::size_t index) const { return bytes.data() + index * kBytes; }
  std::int64_t arrival_of_packet(std::int64_t packet) const {
    return arrived_ns[static_cast<std::size_t>(packet / 7)];
  }
};

class Capture {
 public:
  /// "udp://127.0.0.1", or "rtp://239.…" joined on the loopback. Throws std::runtime_error.
  explicit Capture(const std::string &scheme_and_host);
  ~Capture();
  Capture(const Capture &) = delete;
  Capture &operator=(const Capture &) = delete;

  /// The address to send to, as the cable channel's settings have it.
  std::string url() const;
  /// [any] When the newest datagram came; 0: none came yet.
  std::int64_t newest_ns() const { return newest_ns_; }
  /// Ends the reception.
  Captured finish();

 private:
  void run();
  void keep(const std::uint8_t *bytes, std::size_t size, std::int64_t at_ns);

  std::string base_;
  bool is_rtp_ = false;
  int socket_ = -1, port_ = 0, last_number_ = -1;
  std::atomic<bool> is_over_{false};
  std::atomic<std::int64_t> newest_ns_{0};
  Captured captured_;
  std::thread thread_;
};

}  // namespace civicast::air
