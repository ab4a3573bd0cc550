// SPDX-License-Identifier: Apache-2.0
// Instants as text for the page and the console: "2026-11-23T14:36:00.120Z", always UTC and ms.
#pragma once

#include <cstdint>
#include <string>

namespace civicast::screens {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ns_per_s = 1'000'000'000;

std::string time_text(std::int64_t utc_ns);

}  // namespace civicast::screens
