// SPDX-License-Identifier: Apache-2.0
#include "sdk/base/text.hpp"

namespace civicast {

std::string shortened(std::string_view text, std::size_t max_bytes) {
  constexpr std::string_view more = "…";
  if (text.size() <= max_bytes) return std::string(text);
  if (max_bytes < more.size()) return {};
  std::size_t end = max_bytes - more.size();
  const auto is_inside = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  while (end > 0 && is_inside(end)) --end;
  return std::string(text.substr(0, end)) += more;
}

std::string pointer_to(const std::string &at, std::string_view name) {
  std::string out = at + "/";
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

}  // namespace civicast
