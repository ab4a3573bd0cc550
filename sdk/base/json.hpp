// SPDX-License-Identifier: Apache-2.0
// JSON from outside is read here and nowhere else: bounded in depth, refused with a sentence.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "sdk/base/result.hpp"

namespace civicast {

using Json = nlohmann::json;

inline constexpr int max_json_depth = 32;

/// Parses one UTF-8 JSON document, nested at most `max_depth` deep.
Result<Json> parse_json(std::string_view text, int max_depth = max_json_depth);

/// A fault as an API body: {"code","number","at","zh","en","who"}.
Json to_json(const Fault &fault);

/// Compact, keys sorted, invalid UTF-8 replaced: never throws.
std::string to_text(const Json &json);

}  // namespace civicast
