// SPDX-License-Identifier: Apache-2.0
// The self check: looks at every packet as it goes out. Cheap, and independent of the muxer's word.
#pragma once

#include <array>
#include <cstdint>

namespace civicast::cable {

class SelfCheck {
 public:
  SelfCheck() { last_counter_.fill(-1); }
  void look(const std::uint8_t *packet);

  struct Counters {
    std::int64_t packets = 0;
    std::int64_t sync_errors = 0, continuity_errors = 0;
    std::int64_t pcr_interval_max_us = 0;
    std::int64_t pcr_backward = 0;
  };
  const Counters &counters() const { return counters_; }

 private:
  void look_at_clock(const std::uint8_t *packet);
  std::array<std::int8_t, 8192> last_counter_{};
  std::int64_t last_pcr_ = -1;  ///< 27 MHz
  Counters counters_;
};

}  // namespace civicast::cable
