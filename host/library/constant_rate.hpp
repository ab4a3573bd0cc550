// SPDX-License-Identifier: Apache-2.0
// Filler where an encoder leaves the rate below what it promises: libx265 says "constant" in its
// stream and keeps two percent back, so a decoder's buffer would run over after some seconds.
#pragma once

#include "host/library/av.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::library {

class ConstantRate {
 public:
  explicit ConstantRate(const formats::Video &format);
  /// The next picture; filler is put behind it where the buffer would run over.
  void fill(AVPacket &packet);

 private:
  bool is_needed_;
  std::int64_t bits_per_picture_;
  std::int64_t vbv_bits_;
  std::int64_t held_bits_;  ///< by the buffer, when the next picture is due
};

}  // namespace civicast::library
