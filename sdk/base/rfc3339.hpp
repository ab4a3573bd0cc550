// SPDX-License-Identifier: Apache-2.0
// Instants as text: "2026-11-23T14:36:00.123456789Z". Always UTC, always nine decimals when
// written, so that equal instants are equal texts and texts sort like instants.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace civicast {

/// `utc_ns`: nanoseconds since 1970, years 1678 to 2261.
std::string rfc3339(std::int64_t utc_ns);

/// Reads 0 to 9 decimals and "Z" or "+08:00"; nothing on anything else.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace civicast
