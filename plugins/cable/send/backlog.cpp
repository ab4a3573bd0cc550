// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/backlog.hpp"

#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace civicast::cable {

Backlog::Backlog(std::size_t capacity, std::size_t wake_at)
    : capacity_(capacity),
      ring_(std::make_unique_for_overwrite<Datagram[]>(capacity)),
      wake_at_(wake_at) {
  if (::sem_init(&wake_, 0, 0) != 0) throw std::runtime_error("semaphore");
}

Backlog::~Backlog() {
  ::sem_destroy(&wake_);
}

std::size_t Backlog::waiting() const {
  return put_.load(std::memory_order_acquire) - taken_.load(std::memory_order_acquire);
}

std::size_t Backlog::put(const std::vector<iovec> &datagrams, std::int64_t at_ns,
                         std::int64_t number) {
  const std::size_t first = put_.load(std::memory_order_relaxed);
  const std::size_t room = capacity_ - (first - taken_.load(std::memory_order_acquire));
  const std::size_t count = std::min(room, datagrams.size());
  for (std::size_t i = 0; i < count; ++i) {
    Datagram &slot = ring_[(first + i) % capacity_];
    slot.at_ns = at_ns;
    slot.number = number + static_cast<std::int64_t>(i);
    slot.size = static_cast<std::uint32_t>(std::min(datagrams[i].iov_len, kMostBytes));
    std::memcpy(slot.bytes, datagrams[i].iov_base, slot.size);
  }
  put_.store(first + count, std::memory_order_seq_cst);
  if (waiting() >= wake_at_ && !is_woken_.exchange(true)) ::sem_post(&wake_);
  return datagrams.size() - count;
}

void Backlog::close() {
  is_closed_.store(true, std::memory_order_seq_cst);
  if (!is_woken_.exchange(true)) ::sem_post(&wake_);
}

std::size_t Backlog::wait(std::int64_t patience_ms, std::size_t known) {
  timespec until{};
  ::clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += patience_ms / 1000;
  until.tv_nsec += patience_ms % 1000 * 1'000'000;
  if (until.tv_nsec >= 1'000'000'000) {
    ++until.tv_sec;
    until.tv_nsec -= 1'000'000'000;
  }
  for (;;) {
    // First "wake me", then the look: what is put in between posts.
    is_woken_.store(false, std::memory_order_seq_cst);
    if (const std::size_t now = waiting(); (now >= wake_at_ && now > known) || is_closed())
      return now;
    while (::sem_clockwait(&wake_, CLOCK_MONOTONIC, &until) != 0) {
      if (errno != EINTR) return waiting();
    }
  }
}

const Backlog::Datagram &Backlog::at(std::size_t n) const {
  return ring_[(taken_.load(std::memory_order_relaxed) + n) % capacity_];
}

void Backlog::release(std::size_t count) {
  taken_.fetch_add(count, std::memory_order_release);
}

std::size_t datagrams_of(std::int64_t rate, std::int64_t seconds) {
  constexpr std::int64_t kBits = static_cast<std::int64_t>(Backlog::kMostBytes) * 8;
  return static_cast<std::size_t>(std::max<std::int64_t>(64, rate * seconds / kBits));
}

}  // namespace civicast::cable
