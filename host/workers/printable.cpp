// SPDX-License-Identifier: Apache-2.0
#include "host/workers/printable.hpp"

#include <algorithm>

#include "sdk/base/json.hpp"

namespace civicast::workers {

std::string printable(std::string_view bytes) {
  std::string text(bytes);
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }, ' ');
  const bool is_ascii = std::all_of(text.begin(), text.end(),
                                    [](char c) { return static_cast<signed char>(c) >= 0; });
  return is_ascii ? text : Json::parse(to_text(Json(text))).get<std::string>();
}

}  // namespace civicast::workers
