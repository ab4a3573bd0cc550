// SPDX-License-Identifier: Apache-2.0
// Reads the body of a report of plays:
//   {"session":"…","records":[{"seq","placement","start","end","outcome","reason","visible_ms",
//                              "frames","sha256"}…]}
// Whole or not at all: the first mistake is answered, with where it is.
#pragma once

#include <string_view>
#include <variant>

#include "plugins/screens/book.hpp"
#include "plugins/screens/problem.hpp"

namespace civicast::screens {

std::variant<Report, Problem> read_plays(std::string_view body, const std::string &place,
                                         std::int64_t now_ns);

}  // namespace civicast::screens
