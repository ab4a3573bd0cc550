// SPDX-License-Identifier: Apache-2.0
// A transport stream read back and held to its format, picture by picture.
#pragma once

#include <optional>
#include <string>

#include "host/library/input.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::library {

/// What is wrong with a stream of `pictures` pictures, in the engineer's words. `input` has been
/// looked at.
std::optional<std::string> wrong_with_ts(Input &input, const formats::HouseFormat &format,
                                         std::int64_t pictures);

}  // namespace civicast::library
