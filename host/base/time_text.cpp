// SPDX-License-Identifier: Apache-2.0
#include "host/base/time_text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace civicast {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> units = {
    {{"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes `digits` digits, or, for 0, one to eight, off the front.
std::optional<std::int64_t> take_number(std::string_view &text, std::size_t digits) {
  std::int64_t value = 0;
  std::size_t taken = 0;
  while (taken < text.size() && is_digit(text[taken]) && taken < (digits ? digits : 8))
    value = value * 10 + (text[taken++] - '0');
  if (taken == 0 || (digits && taken != digits)) return {};
  text.remove_prefix(taken);
  return value;
}

bool take(std::string_view &text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<std::int64_t> parse_clock_ms(std::string_view text) {
  const auto hours = take_number(text, 2);
  if (!hours || !take(text, ":")) return {};
  const auto minutes = take_number(text, 2);
  if (!minutes || *minutes > 59) return {};
  std::optional<std::int64_t> seconds = 0;
  std::optional<std::int64_t> thousandths = 0;
  if (take(text, ":")) {
    seconds = take_number(text, 2);
    if (seconds && take(text, ".")) thousandths = take_number(text, 3);
  }
  if (!seconds || *seconds > 59 || !thousandths || !text.empty()) return {};
  const auto ms = ((*hours * 60 + *minutes) * 60 + *seconds) * 1000 + *thousandths;
  if (ms > day_ms) return {};
  return ms;
}

std::string clock_text(std::int64_t ms) {
  auto text = fmt::format("{:02}:{:02}:{:02}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60);
  return ms % 1000 ? text + fmt::format(".{:03}", ms % 1000) : text;
}

std::optional<std::int64_t> parse_length_ms(std::string_view text) {
  if (text.empty()) return {};
  std::int64_t ms = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    const auto number = take_number(text, 0);
    if (!number) return {};
    std::size_t unit = next_unit;
    // "ms" before "m", which is its beginning.
    if (text.substr(0, 2) == "ms") unit = 3;
    while (unit < units.size() && text.substr(0, units[unit].first.size()) != units[unit].first)
      ++unit;
    if (unit == units.size()) return {};
    text.remove_prefix(units[unit].first.size());
    ms += *number * units[unit].second;
    if (ms > day_ms) return {};
    next_unit = unit + 1;
  }
  return ms;
}

std::string length_text(std::int64_t ms) {
  std::string text;
  for (const auto &[name, size] : units) {
    if (ms < size) continue;
    text += fmt::format("{}{}", ms / size, name);
    ms %= size;
  }
  return text.empty() ? "0s" : text;
}

}  // namespace civicast
