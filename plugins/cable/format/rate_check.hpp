// SPDX-License-Identifier: Apache-2.0
// Whether pictures fit into the signal: how far the muxer's bytes lie behind the pictures' turns.
#pragma once

#include <algorithm>
#include <cstdint>

#include "plugins/cable/ts/timeline.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::cable {

class RateCheck {
 public:
  explicit RateCheck(const formats::HouseFormat &house)
      : rate_(house.rate_bits_per_s - house.sound.bits_per_s - kTablesRate) {}

  /// The next picture. False: the muxer would come too late with it.
  bool add(std::int64_t bytes) {
    const std::int64_t packets = ceil_div(bytes + kPesHeaderBytes, kPacketBytes - 4);
    lag_us_ = std::max<std::int64_t>(0, lag_us_ - kFrameNs / 1000);
    lag_us_ += packets * kPacketBytes * 8 * 1'000'000 / rate_;
    return lag_us_ <= kMaxLagUs;
  }
  /// Whether what comes next begins in time.
  bool may_end() const { return lag_us_ <= kMaxEndLagUs; }
  std::int64_t lag_us() const { return lag_us_; }

 private:
  /// bit/s: PSI, PCR, and what packets cost the sound.
  static constexpr std::int64_t kTablesRate = 68'000;
  static constexpr std::int64_t kMaxLagUs = 600'000;  ///< of the muxer's delay of 700 ms
  static constexpr std::int64_t kMaxEndLagUs = 120'000;
  static constexpr std::int64_t kPesHeaderBytes = 22;

  std::int64_t rate_;
  std::int64_t lag_us_ = 0;
};

}  // namespace civicast::cable
