// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace civicast::screens {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Range read_range(std::string_view header, std::uint64_t size) {
  const Range whole{Range::whole, 0, size - 1};
  constexpr std::string_view unit = "bytes=";
  if (header.substr(0, unit.size()) != unit) return whole;
  header.remove_prefix(unit.size());
  const std::size_t dash = header.find('-');
  if (dash == header.npos) return whole;
  const auto first = number(header.substr(0, dash));
  const auto last = number(header.substr(dash + 1));
  const bool is_open = dash + 1 == header.size();
  if (!first && dash == 0 && last) {  // the last so many bytes
    if (*last == 0) return {Range::outside, 0, 0};
    return {Range::part, size - std::min(*last, size), size - 1};
  }
  if (!first || (!last && !is_open) || (last && *last < *first)) return whole;
  if (*first >= size) return {Range::outside, 0, 0};
  return {Range::part, *first, last ? std::min(*last, size - 1) : size - 1};
}

}  // namespace civicast::screens
