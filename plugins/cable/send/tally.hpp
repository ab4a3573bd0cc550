// SPDX-License-Identifier: Apache-2.0
// What an output has done: counted by the thread that sends, read by the one that tells.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "plugins/cable/send/output.hpp"

namespace civicast::cable {

/// Why something was not delivered, as an operator reads it.
struct Cause {
  const char *zh, *en;
};

namespace causes {
inline constexpr Cause queue_full{"写得太慢，队列已满",
                                  "writing is too slow, and its queue is full"};
inline constexpr Cause not_connected{"未连接到接收端", "not connected to the receiver"};
inline constexpr Cause no_name{"主机名解析不到地址", "the host name has no address"};
inline constexpr Cause no_answer{"接收端没有应答", "the receiver does not answer"};
inline constexpr Cause turned_away{"接收端拒绝连接，或密码不符",
                                   "the receiver refuses, or the passphrase differs"};
inline constexpr Cause cut_off{"与接收端的连接中断", "the connection to the receiver broke"};
inline constexpr Cause too_late{"网络太慢，过期的数据已丢弃",
                                "the network is too slow; what came too late was dropped"};
inline constexpr Cause no_entry{"信号中没有可切分的位置",
                                "the signal has no place at which to cut"};
}  // namespace causes

/// What an errno means to an operator.
const Cause &cause_of(int error);

/// `cause` must be static, as those above are: it is told later.
class Tally {
 public:
  Tally(std::string rel, std::string href) : rel_(std::move(rel)), href_(std::move(href)) {}

  void sent(std::int64_t datagrams) { sent_.fetch_add(datagrams, std::memory_order_relaxed); }
  void failed(std::int64_t datagrams, const Cause &cause, int error = 0);
  void failed(std::int64_t datagrams, int error) { failed(datagrams, cause_of(error), error); }

  OutputState state() const;

 private:
  std::string rel_, href_;
  std::atomic<std::int64_t> sent_{0}, errors_{0};
  std::atomic<const Cause *> cause_{nullptr};
  std::atomic<int> error_{0};
};

}  // namespace civicast::cable
