// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/smpte_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/exchange/event.hpp"

namespace civicast::exchange {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The decimal number at the front of `text`, which is shortened by it.
std::optional<double> take_number(std::string_view &text) {
  double value = 0;
  double unit = 1;
  std::size_t digits = 0;
  bool has_point = false;
  while (!text.empty() && (is_digit(text.front()) || (text.front() == '.' && !has_point))) {
    if (text.front() == '.') {
      has_point = true;
    } else if (++digits > 12) {
      return {};
    } else if (has_point) {
      value += (text.front() - '0') * (unit /= 10);
    } else {
      value = value * 10 + (text.front() - '0');
    }
    text.remove_prefix(1);
  }
  if (digits == 0) return {};
  return value;
}

}  // namespace

std::optional<TimeCode> parse_time_code(std::string_view text, double fps) {
  constexpr std::string_view shape = "00:00:00:00";
  if (text.size() != shape.size()) return {};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool is_fit = shape[i] == '0' ? is_digit(text[i])
                        : i == 8        ? std::string_view(":;.,").find(text[i]) != text.npos
                                        : text[i] == ':';
    if (!is_fit) return {};
  }
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const int h = two(0), m = two(3), s = two(6), frame = two(9);
  if (h > 24 || m > 59 || s > 59 || (h == 24 && m + s + frame > 0)) return {};
  const int last = std::max(0, static_cast<int>(std::ceil(fps)) - 1);
  const double into_second = std::min(frame, last) * 1000.0 / fps;
  return TimeCode{((h * 60LL + m) * 60 + s) * ms_per_s +
                      std::min<std::int64_t>(std::llround(into_second), ms_per_s - 1),
                  frame > last};
}

std::string time_code(std::int64_t ms) {
  const std::int64_t s = ms / ms_per_s;
  return fmt::format("{:02}:{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60,
                     ms % ms_per_s * frames_per_s / ms_per_s);
}

std::optional<std::int64_t> parse_xml_duration_ms(std::string_view text) {
  if (text.empty() || text.front() != 'P') return {};
  text.remove_prefix(1);
  double seconds = 0;
  bool is_time = false, has_any = false;
  std::string_view units = "D";
  while (!text.empty()) {
    if (text.front() == 'T' && !is_time) {
      is_time = true;
      units = "HMS";
      text.remove_prefix(1);
      continue;
    }
    const auto value = take_number(text);
    const auto unit = text.empty() ? units.npos : units.find(text.front());
    if (!value || unit == units.npos) return {};
    constexpr double of_time[] = {3600, 60, 1};
    seconds += *value * (is_time ? of_time[3 - units.size() + unit] : 86'400);
    units.remove_prefix(unit + 1);
    text.remove_prefix(1);
    has_any = true;
  }
  if (!has_any || seconds > 86'400) return {};
  return std::llround(seconds * 1000);
}

}  // namespace civicast::exchange
