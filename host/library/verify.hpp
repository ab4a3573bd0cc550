// SPDX-License-Identifier: Apache-2.0
// A house file is believed only after it has been read back.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "host/library/asset.hpp"

namespace civicast::library {

/// What is wrong with the file that should hold `pictures` house pictures (ignored for a JPEG), in
/// the engineer's words; nothing when it is right.
std::optional<std::string> wrong_with(const std::filesystem::path &file, HouseFormat format,
                                      std::int64_t pictures);

}  // namespace civicast::library
