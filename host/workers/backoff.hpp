// SPDX-License-Identifier: Apache-2.0
// How long to wait before a worker that ended is started again. Never for ever.
//
// What was killed from outside shall not be off air for it, and a loop of crashes shall not spin.
// So a worker that had settled is started at once, but each such start is paid for with a healthy
// life's time out of the time that it has lived: on the long run there are no more of them than if
// each life were healthy.
#pragma once

#include <cstdint>
#include <random>

namespace civicast::workers {

struct Pace;

class Backoff {
 public:
  Backoff(const Pace &pace, std::uint32_t seed);

  /// Told of a death after `lived_ms` of being ready (0: it never was). Milliseconds to wait.
  std::int64_t after_death_ms(std::int64_t lived_ms);
  /// Deaths in a row, without a forgiven life between them.
  int streak() const { return streak_; }

 private:
  std::int64_t healthy_ms_, forgiven_ms_, first_wait_ms_, longest_wait_ms_;
  std::int64_t most_credit_ms_, credit_ms_;
  int streak_ = 0;
  int waits_ = 0;
  std::minstd_rand jitter_;
};

}  // namespace civicast::workers
