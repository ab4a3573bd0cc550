// SPDX-License-Identifier: Apache-2.0
// Between the sender, which never waits, and a thread that may: datagrams in a ring of fixed size.
//
// One thread puts, one takes, and neither holds a lock that the other could want: a taker that is
// put aside by the system does not hold up the signal.
#pragma once

#include <semaphore.h>
#include <sys/uio.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace civicast::cable {

class Backlog {
 public:
  static constexpr std::size_t kMostBytes = 7 * 188;
  struct Datagram {
    std::int64_t at_ns;   ///< UTC, when it was put
    std::int64_t number;  ///< its putter's
    std::uint32_t size;
    std::uint8_t bytes[kMostBytes];
  };

  /// Holds `capacity` datagrams; the taker is woken when `wake_at` of them wait.
  Backlog(std::size_t capacity, std::size_t wake_at);
  ~Backlog();
  Backlog(const Backlog &) = delete;
  Backlog &operator=(const Backlog &) = delete;

  /// [putter] Returns how many of the last ones had no room. The first is numbered `number`.
  std::size_t put(const std::vector<iovec> &datagrams, std::int64_t at_ns, std::int64_t number = 0);
  /// [any] The taker is woken, and is_closed().
  void close();

  /// [taker] Until `wake_at` datagrams wait and more than `known` of them, it is closed, or
  /// `patience_ms` have passed. Returns how many wait.
  std::size_t wait(std::int64_t patience_ms, std::size_t known = 0);
  bool is_closed() const { return is_closed_.load(std::memory_order_acquire); }
  /// [taker] The n-th that waits.
  const Datagram &at(std::size_t n) const;
  void release(std::size_t count);

 private:
  std::size_t waiting() const;

  std::size_t capacity_;
  std::unique_ptr<Datagram[]> ring_;  ///< not touched before it is used
  std::size_t wake_at_;
  sem_t wake_{};
  std::atomic<std::size_t> put_{0}, taken_{0};  ///< since the beginning
  std::atomic<bool> is_woken_{false}, is_closed_{false};
};

/// How many datagrams a signal of `rate` bit/s is in `seconds`.
std::size_t datagrams_of(std::int64_t rate, std::int64_t seconds);

}  // namespace civicast::cable
