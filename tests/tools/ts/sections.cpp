// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/ts/sections.hpp"

namespace civicast::tests {

void SectionReader::feed(const std::uint8_t *payload, int size, bool is_start, const Sink &sink) {
  if (!is_start) {
    if (!open_.empty()) add(payload, size, sink);
    return;
  }
  const int pointer = payload[0];
  if (pointer >= size) return drop();
  if (!open_.empty()) add(payload + 1, pointer, sink);
  open_.clear();
  add(payload + 1 + pointer, size - 1 - pointer, sink);
}

void SectionReader::add(const std::uint8_t *bytes, int size, const Sink &sink) {
  open_.insert(open_.end(), bytes, bytes + size);
  while (!open_.empty()) {
    if (open_[0] == 0xFF) return open_.clear();  // stuffing to the end of the packet
    if (open_.size() < 3) return;
    const auto whole = static_cast<std::ptrdiff_t>(3 + ((open_[1] & 0x0F) << 8 | open_[2]));
    if (std::ssize(open_) < whole) return;
    sink({open_.begin(), open_.begin() + whole});
    open_.erase(open_.begin(), open_.begin() + whole);
  }
}

bool has_right_crc(const std::vector<std::uint8_t> &section) {
  if (section.size() < 5) return false;
  // Long division, bit by bit: a remainder of 0.
  std::uint32_t rest = 0xFFFFFFFF;
  for (const std::uint8_t byte : section)
    for (int bit = 7; bit >= 0; --bit) {
      const bool is_out = (rest >> 31 ^ (byte >> bit & 1U)) != 0;
      rest = (rest << 1) ^ (is_out ? 0x04C11DB7U : 0U);
    }
  return rest == 0;
}

}  // namespace civicast::tests
