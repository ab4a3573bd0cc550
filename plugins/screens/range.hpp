// SPDX-License-Identifier: Apache-2.0
// The Range header of HTTP (RFC 9110 §14): one range of bytes. Several ranges, or what is no range,
// are answered with the whole file, as the RFC allows.
#pragma once

#include <cstdint>
#include <string_view>

namespace civicast::screens {

struct Range {
  enum Kind { whole, part, outside } kind = whole;
  std::uint64_t first = 0, last = 0;  ///< inclusive
};

/// `size` is the file's, not 0.
Range read_range(std::string_view header, std::uint64_t size);

}  // namespace civicast::screens
