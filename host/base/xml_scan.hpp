// SPDX-License-Identifier: Apache-2.0
// What pugixml lets pass and we do not: bad UTF-8, a DOCTYPE, undefined entities, "<" in values.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "host/base/words.hpp"

namespace civicast::xml {

/// The offset of the first byte that is not UTF-8 of a character that XML 1.0 allows.
std::optional<std::size_t> bad_utf8(std::string_view text);

struct Mistake {
  std::size_t offset = 0;
  bool is_doctype = false;
  Words problem;  ///< where it is not a DOCTYPE
};

/// The first such mistake in valid UTF-8.
std::optional<Mistake> scan(std::string_view text);

}  // namespace civicast::xml
