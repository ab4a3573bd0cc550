// SPDX-License-Identifier: Apache-2.0
// Names for things that are never to be confused with another.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace civicast {

/// A UUID version 7: unique, and sorted by `now_ns`. 36 characters.
std::string new_id(std::int64_t now_ns);

/// Ids that people give: 1 to 64 of a-z, 0-9, "-", "_", ".", beginning with a letter or digit.
bool is_slug(std::string_view text);

}  // namespace civicast
