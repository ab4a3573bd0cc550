// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/time_text.hpp"

#include <ctime>

namespace civicast::screens {

std::string time_text(std::int64_t utc_ns) {
  std::int64_t ms = utc_ns / ns_per_ms;
  if (utc_ns % ns_per_ms < 0) --ms;
  std::int64_t second = ms / 1000;
  std::int64_t rest = ms % 1000;
  if (rest < 0) --second, rest += 1000;
  const std::time_t time = second;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[40];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  const std::string digits = std::to_string(1000 + rest);
  return std::string(text, size) + "." + digits.substr(1) + "Z";
}

}  // namespace civicast::screens
