// SPDX-License-Identifier: Apache-2.0
// Asks a few more times before it goes to sleep, while that pays: in a burst of calls the next one
// comes sooner than a processor that has gone idle wakes up.
#pragma once

#include <algorithm>
#include <chrono>

namespace civicast {

/// One thread's waits for one thing. After a long wait it sleeps at once, so an idle process never
/// spins; where asking is in vain (the other side needs this very processor), it asks ever more
/// rarely.
class ShortWait {
 public:
  /// `ask`: is it there? Asked for some 50 µs at most. False: sleep, and then say how it went.
  template <class Ask>
  bool is_there(Ask ask) {
    began_ = Clock::now();
    if (!was_short_) return false;
    if (skips_ > 0) {
      --skips_;
      return false;
    }
    do {
      if (ask()) {
        next_skips_ = std::max(next_skips_ - 1, 1);
        return true;
      }
    } while (Clock::now() - began_ < asks_for);
    skips_ = next_skips_;
    next_skips_ = std::min(next_skips_ * 2, most_skips);
    return false;
  }
  /// After the sleep.
  void slept() { was_short_ = Clock::now() - began_ < short_is; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::microseconds asks_for{50}, short_is{150};
  static constexpr int most_skips = 1024;

  Clock::time_point began_;
  bool was_short_ = false;
  int skips_ = 0, next_skips_ = 1;
};

}  // namespace civicast
