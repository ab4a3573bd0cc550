// SPDX-License-Identifier: Apache-2.0
// How much one channel may say in the log: a hundred lines at once, and then ten a second.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace civicast::workers {

class LineBudget {
 public:
  static constexpr std::int64_t lines_at_once = 100;
  static constexpr std::int64_t lines_per_second = 10;

  /// Whether one more line may be told. `now_ms` of any clock that only goes forward.
  bool take(std::int64_t now_ms) {
    constexpr std::int64_t ms_per_line = 1000 / lines_per_second;
    full_at_ms_ = std::max(full_at_ms_, now_ms);
    if (full_at_ms_ + ms_per_line > now_ms + lines_at_once * ms_per_line) return ++dropped_, false;
    full_at_ms_ += ms_per_line;
    return true;
  }
  /// Lines that were not told since this was asked last.
  std::int64_t forget_dropped() { return std::exchange(dropped_, 0); }

 private:
  std::int64_t full_at_ms_ = 0;  ///< when nothing told will weigh any more
  std::int64_t dropped_ = 0;
};

}  // namespace civicast::workers
