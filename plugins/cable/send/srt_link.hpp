// SPDX-License-Identifier: Apache-2.0
// The connections of one SRT output. All of it on the output's thread, unless said otherwise.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "plugins/cable/send/address.hpp"
#include "plugins/cable/send/fate.hpp"
#include "plugins/cable/send/tally.hpp"

namespace civicast::cable {

class SrtLink {
 public:
  SrtLink(Tally &tally, Fate &fate) : tally_(tally), fate_(fate) {}
  virtual ~SrtLink() = default;
  SrtLink(const SrtLink &) = delete;
  SrtLink &operator=(const SrtLink &) = delete;

  /// Connects, accepts, gives up what is dead; never waits, but for a name to be resolved.
  virtual void tend(std::int64_t mono_ms) = 0;
  /// One datagram to everybody who is connected.
  void send(const std::uint8_t *bytes, std::size_t size, std::int64_t number) {
    number_ = number;
    pass(bytes, size);
  }

  /// [any] What is sent now has a way to go, or nobody wants it.
  bool is_ready() const { return is_ready_; }
  const Cause &why_not() const { return *why_not_; }     ///< [any]
  std::int64_t receivers() const { return receivers_; }  ///< [any]

 protected:
  virtual void pass(const std::uint8_t *bytes, std::size_t size) = 0;
  /// That which is being sent.
  void failed(const Cause &cause) {
    tally_.failed(1, cause);
    fate_.lost(number_, number_ + 1, 1);
  }
  /// `count` of those sent last but `behind`.
  void failed_earlier(std::int64_t count, std::int64_t behind, const Cause &cause) {
    if (count <= 0) return;
    tally_.failed(count, cause);
    fate_.lost(std::max<std::int64_t>(0, next() - behind - count), next() - behind, count);
  }
  /// The number behind the last that was sent.
  std::int64_t next() const { return number_ + 1; }

  Tally &tally_;
  Fate &fate_;
  std::int64_t number_ = -1;
  std::atomic<bool> is_ready_{false};
  std::atomic<const Cause *> why_not_{&causes::not_connected};
  std::atomic<std::int64_t> receivers_{0};
};

std::unique_ptr<SrtLink> srt_caller(const Address &to, const std::string &passphrase, Tally &tally,
                                    Fate &fate);
std::unique_ptr<SrtLink> srt_listener(const Address &at, const std::string &passphrase,
                                      Tally &tally, Fate &fate);

}  // namespace civicast::cable
