// SPDX-License-Identifier: Apache-2.0
#include "host/library/decoder_buffer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace civicast::library {

DecoderBuffer::DecoderBuffer(const formats::Video &format)
    : bits_per_picture_(format.bits_per_s / formats::pictures_per_s), vbv_bits_(format.vbv_bits) {}

void DecoderBuffer::picture(std::int64_t bytes) {
  rise_bits_ = std::max(rise_bits_, fed_bits_ - taken_bits_);
  taken_bits_ += bytes * 8;
  least_bits_ = std::max(least_bits_, taken_bits_ - fed_bits_);
  fed_bits_ += bits_per_picture_;
}

std::optional<std::string> DecoderBuffer::wrong() const {
  if (least_bits_ + rise_bits_ <= vbv_bits_) return std::nullopt;
  return fmt::format("the decoder's buffer holds {} bits and would need {}", vbv_bits_,
                     least_bits_ + rise_bits_);
}

}  // namespace civicast::library
