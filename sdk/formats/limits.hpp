// SPDX-License-Identifier: Apache-2.0
// What standards allow a house format to ask of a decoder and of a transport stream.
#pragma once

#include <optional>
#include <string>

#include "sdk/formats/house_format.hpp"

namespace civicast::formats {

/// Why the format could not be made or not be played, in the engineer's words; none: it can.
std::optional<std::string> impossible_in(const HouseFormat &format);

}  // namespace civicast::formats
