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
      jitter_(seed) {}

std::int64_t Backoff::after_death_ms(std::int64_t lived_ms) {
  if (lived_ms >= forgiven_ms_) streak_ = 0;
  ++streak_;
  if (lived_ms >= healthy_ms_ || streak_ == 1) {
    waits_ = 0;
    return 0;
  }
  const std::int64_t whole = std::min(longest_wait_ms_, first_wait_ms_ << std::min(waits_, 20));
  ++waits_;
  // Many channels that died of one cause must not all come back in the same instant.
  std::uniform_int_distribution<std::int64_t> off(0, whole / 5);
  return whole - off(jitter_);
}

}  // namespace civicast::workers
