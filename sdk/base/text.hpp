// SPDX-License-Identifier: Apache-2.0
// Texts of strangers, made fit to be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace civicast {

/// `text`, or its beginning and "…": at most `max_bytes`, no UTF-8 character cut.
std::string shortened(std::string_view text, std::size_t max_bytes);

/// The JSON pointer to the member `name` of what stands at `at`, "~" and "/" escaped.
std::string pointer_to(const std::string &at, std::string_view name);

}  // namespace civicast
