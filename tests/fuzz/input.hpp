// SPDX-License-Identifier: Apache-2.0
// A fuzzer's bytes, read as decisions: whatever they are, there is always a next one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace civicast::fuzz {

class Input {
 public:
  Input(const std::uint8_t *data, std::size_t size)
      : rest_(reinterpret_cast<const char *>(data), size) {}

  bool is_empty() const { return rest_.empty(); }

  /// 0 once there are no bytes left.
  std::uint8_t byte() {
    const std::string_view one = bytes(1);
    return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one[0]);
  }

  template <class T>
  T number() {
    T out = 0;
    for (std::size_t i = 0; i < sizeof out; ++i)
      out = static_cast<T>(out | static_cast<T>(byte()) << (8 * i));
    return out;
  }

  /// At most `size` of what is left.
  std::string_view bytes(std::size_t size) {
    const std::string_view out = rest_.substr(0, std::min(size, rest_.size()));
    rest_.remove_prefix(out.size());
    return out;
  }

  /// Short as it stands, or a few bytes said again and again up to 64 KiB: so that a small input
  /// reaches large sizes.
  std::string text() {
    const std::uint8_t kind = byte();
    const std::string_view piece = bytes(kind % 64);
    if (kind < 192 || piece.empty()) return std::string(piece);
    std::string out;
    const std::size_t size = number<std::uint16_t>();
    while (out.size() < size) out += piece;
    return out;
  }

 private:
  std::string_view rest_;
};

}  // namespace civicast::fuzz
