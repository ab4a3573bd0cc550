// SPDX-License-Identifier: Apache-2.0
// What became of datagrams, where a thread of the output's own finds it out after the sender has
// gone on. They are numbered as send() was handed them, from 0.
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <utility>

#include "plugins/cable/send/output.hpp"

namespace civicast::cable {

class Fate {
 public:
  /// [thread] `count` of those in [first, end) were not delivered.
  void lost(std::int64_t first, std::int64_t end, std::int64_t count) {
    if (count <= 0) return;
    const std::scoped_lock lock(mutex_);
    LateLoss *last = news_.losses.empty() ? nullptr : &news_.losses.back();
    // One after the other, as a broken connection loses them: one entry for all.
    if (last && last->end == first && last->count == last->end - last->first &&
        count == end - first) {
      last->end = end;
      last->count += count;
    } else {
      news_.losses.push_back({first, end, count});
    }
  }
  /// [thread] Nothing more will be said of those in front of `number`.
  void certain_until(std::int64_t number) {
    const std::scoped_lock lock(mutex_);
    news_.certain = std::max(news_.certain, number);
  }
  /// [playout] Since the last call. Never waits: what cannot be had now comes the next time.
  News read() {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock()) return {{}, certain_};
    certain_ = news_.certain;
    return {std::exchange(news_.losses, {}), certain_};
  }

 private:
  std::mutex mutex_;
  News news_{{}, 0};
  std::int64_t certain_ = 0;  ///< as last read
};

}  // namespace civicast::cable
