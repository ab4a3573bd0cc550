// SPDX-License-Identifier: Apache-2.0
// Puts the sections of one PID together from its packets, and says whether their CRC holds.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace civicast::tests {

class SectionReader {
 public:
  using Sink = std::function<void(const std::vector<std::uint8_t> &section)>;
  /// The payload of the PID's next packet; every section that ends in it goes to `sink`.
  void feed(const std::uint8_t *payload, int size, bool is_start, const Sink &sink);
  /// A packet is missing: what was begun has no end.
  void drop() { open_.clear(); }

 private:
  void add(const std::uint8_t *bytes, int size, const Sink &sink);
  std::vector<std::uint8_t> open_;
};

/// The last four bytes are the CRC of the others, by the polynomial of ISO/IEC 13818-1 annex A.
bool has_right_crc(const std::vector<std::uint8_t> &section);

}  // namespace civicast::tests
