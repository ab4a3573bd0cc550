// SPDX-License-Identifier: Apache-2.0
#include "host/workers/backoff.hpp"

#include <algorithm>

#include "host/workers/supervisor.hpp"

namespace civicast::workers {

Backoff::Backoff(const Pace &pace, std::uint32_t seed)
    : healthy_ms_(pace.healthy_ms),
      forgiven_ms_(pace.forgiven_ms),
      first_wait_ms_(pace.first_wait_ms),
      longest_wait_ms_(pace.longest_wait_ms),
      most_credit_ms_(pace.quick_starts * pace.healthy_ms),
      credit_ms_(most_credit_ms_),
      jitter_(seed) {}

std::int64_t Backoff::after_death_ms(std::int64_t lived_ms) {
  if (lived_ms >= forgiven_ms_) streak_ = 0;
  ++streak_;
  credit_ms_ = std::min(most_credit_ms_, credit_ms_ + lived_ms);
  const bool is_paid = lived_ms > 0 && credit_ms_ >= healthy_ms_;
  if (lived_ms >= healthy_ms_) waits_ = 0;
  if (lived_ms >= healthy_ms_ || streak_ == 1 || is_paid) {
    credit_ms_ = std::max<std::int64_t>(0, credit_ms_ - healthy_ms_);
    return 0;
  }
  const std::int64_t whole = std::min(longest_wait_ms_, first_wait_ms_ << std::min(waits_, 20));
  ++waits_;
  // Many channels that died of one cause must not all come back in the same instant.
  std::uniform_int_distribution<std::int64_t> off(0, whole / 5);
  return whole - off(jitter_);
}

}  // namespace civicast::workers
