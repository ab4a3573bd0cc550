// SPDX-License-Identifier: Apache-2.0
#include "sdk/base/rfc3339.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace civicast {
namespace {

using std::chrono::days;
using std::chrono::nanoseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t ns_per_second = 1'000'000'000;

/// Takes `width` digits off the front of `text`.
std::optional<int> take_digits(std::string_view &text, std::size_t width) {
  int value = 0;
  if (text.size() < width) return {};
  const auto end = text.data() + width;
  const auto [ptr, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || ptr != end || text.front() == '-') return {};
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view &text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_decimals(std::string_view &text) {
  if (!take(text, '.')) return 0;
  std::int64_t value = 0;
  std::int64_t scale = ns_per_second;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
    if (++digits > 9) return {};
    scale /= 10;
    value += (text.front() - '0') * scale;
  }
  if (digits == 0) return {};
  return value;
}

/// "Z" or "+hh:mm" at the end of the text, as seconds east of Greenwich.
std::optional<int> take_offset(std::string_view &text) {
  if (take(text, 'Z')) return 0;
  const int sign = take(text, '+') ? 1 : take(text, '-') ? -1 : 0;
  const auto hours = take_digits(text, 2);
  if (sign == 0 || !hours || !take(text, ':')) return {};
  const auto minutes = take_digits(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return {};
  return sign * (*hours * 3600 + *minutes * 60);
}

}  // namespace

std::string rfc3339(std::int64_t utc_ns) {
  const nanoseconds since{utc_ns};
  const auto day = std::chrono::floor<days>(since);
  const year_month_day date{sys_days{day}};
  const std::int64_t in_day = (since - day).count();
  const std::int64_t seconds = in_day / ns_per_second;
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%09dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
                static_cast<int>(in_day % ns_per_second));
  return out.data();
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return {};
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return {};
  const auto day = take_digits(text, 2);
  if (!day || !(take(text, 'T') || take(text, ' '))) return {};
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return {};
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return {};
  const auto second = take_digits(text, 2);
  if (!second) return {};
  const auto decimals = take_decimals(text);
  if (!decimals) return {};
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return {};

  const year_month_day date{std::chrono::year{*year},
                            std::chrono::month{static_cast<unsigned>(*month)},
                            std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *year < 1678 || *year > 2261) return {};
  if (*hour > 23 || *minute > 59 || *second > 59) return {};
  const std::int64_t days_since = sys_days{date}.time_since_epoch().count();
  const std::int64_t seconds = days_since * 86400 + *hour * 3600 + *minute * 60 + *second - *offset;
  return seconds * ns_per_second + *decimals;
}

}  // namespace civicast
