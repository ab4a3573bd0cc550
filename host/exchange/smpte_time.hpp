// SPDX-License-Identifier: Apache-2.0
// Time codes of SMPTE (HH:MM:SS:FF) and durations of XML Schema (PT15S), as milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace civicast::exchange {

inline constexpr int frames_per_s = 25;  ///< of the house, and where a file does not say

struct TimeCode {
  std::int64_t ms = 0;
  bool is_beyond = false;  ///< it named a frame that such a second does not have; the last is meant
};

/// "19:00:30:12", with ":", ";", "." or "," before the frames; 24 h at most. Nothing on anything
/// else. `fps` is more than 0.
std::optional<TimeCode> parse_time_code(std::string_view text, double fps);
/// The frame in which `ms` lies. 0 ≤ ms < 24 h.
std::string time_code(std::int64_t ms);

/// "PT15S", "PT1H30M", "P0DT0H0M15.48S": days, hours, minutes, seconds; 24 h at most.
std::optional<std::int64_t> parse_xml_duration_ms(std::string_view text);

}  // namespace civicast::exchange
