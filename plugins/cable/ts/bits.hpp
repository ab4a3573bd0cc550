// SPDX-License-Identifier: Apache-2.0
// Writes a section field by field, as the standards' tables list them: so many bits, this value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace civicast::cable {

class BitWriter {
 public:
  /// The lowest `bits` of `value`, the highest of them first.
  BitWriter &put(int bits, std::uint64_t value) {
    for (int bit = bits - 1; bit >= 0; --bit) {
      if (used_ == 0) bytes_.push_back(0);
      if (value >> bit & 1)
        bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | 0x80 >> used_);
      used_ = (used_ + 1) % 8;
    }
    return *this;
  }
  BitWriter &reserved(int bits) { return put(bits, ~std::uint64_t{0}); }
  BitWriter &flag(bool is_set) { return put(1, is_set ? 1 : 0); }

  std::size_t size() const { return bytes_.size(); }
  const std::vector<std::uint8_t> &bytes() const { return bytes_; }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
  int used_ = 0;  ///< bits of the last byte
};

}  // namespace civicast::cable
