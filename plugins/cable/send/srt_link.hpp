// SPDX-License-Identifier: Apache-2.0
// The connections of one SRT output. All of it on the output's thread, unless said otherwise.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "plugins/cable/send/address.hpp"
#include "plugins/cable/send/tally.hpp"

namespace civicast::cable {

class SrtLink {
 public:
  explicit SrtLink(Tally &tally) : tally_(tally) {}
  virtual ~SrtLink() = default;
  SrtLink(const SrtLink &) = delete;
  SrtLink &operator=(const SrtLink &) = delete;

  /// Connects, accepts, gives up what is dead; never waits, but for a name to be resolved.
  virtual void tend(std::int64_t mono_ms) = 0;
  /// One datagram to everybody who is connected.
  virtual void send(const std::uint8_t *bytes, std::size_t size) = 0;

  /// [any] What is sent now has a way to go, or nobody wants it.
  bool is_ready() const { return is_ready_; }
  const Cause &why_not() const { return *why_not_; }     ///< [any]
  std::int64_t receivers() const { return receivers_; }  ///< [any]

 protected:
  Tally &tally_;
  std::atomic<bool> is_ready_{false};
  std::atomic<const Cause *> why_not_{&causes::not_connected};
  std::atomic<std::int64_t> receivers_{0};
};

std::unique_ptr<SrtLink> srt_caller(const Address &to, const std::string &passphrase, Tally &tally);
std::unique_ptr<SrtLink> srt_listener(const Address &at, const std::string &passphrase,
                                      Tally &tally);

}  // namespace civicast::cable
