// SPDX-License-Identifier: Apache-2.0
// UUIDs made from names (RFC 4122, version 5): the same name is the same UUID, for ever.
#pragma once

#include <string>
#include <string_view>

namespace civicast::exchange {

/// "886313e1-3b8a-5372-9b90-0c9aee199e5d". `name_space` is a UUID of 36 characters.
std::string uuid5(std::string_view name_space, std::string_view name);

/// "urn:uuid:…" of what a kind of thing ("event", "schedule") and its name are.
std::string urn_of(std::string_view kind, std::string_view name);

}  // namespace civicast::exchange
