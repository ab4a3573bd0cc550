// SPDX-License-Identifier: Apache-2.0
// Randomness that is the same everywhere: the standard leaves its distributions open.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <random>

namespace civicast::planner {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {
    // Of the logistic distribution; a cheapest way under such noise is a draw from all ways, each
    // as probable as heat makes it.
    for (std::size_t i = 0; i < noise_.size(); ++i) {
      const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(noise_.size());
      noise_[i] = static_cast<float>(std::log(share / (1 - share)));
    }
  }

  std::size_t below(std::size_t end) {
    return static_cast<std::size_t>(random_() % static_cast<std::uint64_t>(end));
  }
  double unit() { return static_cast<double>(random_() >> 11) * 0x1.0p-53; }
  float noise() {
    if (left_ == 0) {
      bits_ = random_();
      left_ = 5;
    }
    --left_;
    const float drawn = noise_[bits_ % noise_.size()];
    bits_ /= noise_.size();
    return drawn;
  }

 private:
  std::mt19937_64 random_;
  std::uint64_t bits_ = 0;
  int left_ = 0;
  std::array<float, 4096> noise_{};
};

}  // namespace civicast::planner
