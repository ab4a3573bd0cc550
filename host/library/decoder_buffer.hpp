// SPDX-License-Identifier: Apache-2.0
// The buffer of a decoder that is fed at a constant rate and takes a picture each 40 ms: the
// hypothetical reference decoder of H.264 and H.265 (annex C), the VBV of MPEG-2 (H.262 annex C).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sdk/formats/house_format.hpp"

namespace civicast::library {

class DecoderBuffer {
 public:
  explicit DecoderBuffer(const formats::Video &format);
  void picture(std::int64_t bytes);

  /// Why no initial filling of the buffer would do; nothing while one does.
  std::optional<std::string> wrong() const;

 private:
  std::int64_t bits_per_picture_;
  std::int64_t vbv_bits_;
  std::int64_t fed_bits_ = 0;    ///< since the first picture was due
  std::int64_t taken_bits_ = 0;  ///< by pictures so far
  std::int64_t least_bits_ = 0;  ///< that must wait when the first is due, or one comes too late
  std::int64_t rise_bits_ = 0;   ///< the highest above that
};

}  // namespace civicast::library
