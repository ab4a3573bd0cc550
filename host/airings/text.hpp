// SPDX-License-Identifier: Apache-2.0
// Texts from plugins, before they are written for ever.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace civicast::airings {

bool is_utf8(std::string_view text);

/// At most `max_bytes` of `text`, cut between characters; what is not UTF-8 becomes U+FFFD.
std::string bounded(std::string_view text, std::size_t max_bytes);

}  // namespace civicast::airings
