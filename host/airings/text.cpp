// SPDX-License-Identifier: Apache-2.0
#include "host/airings/text.hpp"

#include <cstdint>

namespace civicast::airings {
namespace {

/// Bytes of the character at the front of `text`; 0 if there is no good one (overlong forms,
/// surrogates and numbers above U+10FFFF are none).
std::size_t character_bytes(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = at(0);
  if (first < 0x80) return 1;
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return 0;
  for (std::size_t i = 1; i < bytes; ++i)
    if ((at(i) & 0xC0) != 0x80) return 0;
  if (first == 0xE0 && at(1) < 0xA0) return 0;
  if (first == 0xED && at(1) > 0x9F) return 0;
  if (first == 0xF0 && at(1) < 0x90) return 0;
  if (first == 0xF4 && at(1) > 0x8F) return 0;
  return bytes;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = character_bytes(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::string bounded(std::string_view text, std::size_t max_bytes) {
  std::string out;
  while (!text.empty()) {
    const std::size_t bytes = character_bytes(text);
    const std::string_view character = bytes > 0 ? text.substr(0, bytes) : "\xEF\xBF\xBD";
    if (out.size() + character.size() > max_bytes) break;
    out += character;
    text.remove_prefix(bytes > 0 ? bytes : 1);
  }
  return out;
}

}  // namespace civicast::airings
