// SPDX-License-Identifier: Apache-2.0
// Lengths and clock times as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace civicast {

/// "19:00", "19:00:30" or "19:00:30.480", up to "24:00", as milliseconds since midnight.
std::optional<std::int64_t> parse_clock_ms(std::string_view text);
/// "19:00:30", with ".480" where it is not a whole second.
std::string clock_text(std::int64_t ms);

/// "15s", "480ms", "2m", "1h30m", "12s480ms", "0s", as milliseconds; at most 24 hours.
std::optional<std::int64_t> parse_length_ms(std::string_view text);
std::string length_text(std::int64_t ms);  ///< the shortest of these

}  // namespace civicast
