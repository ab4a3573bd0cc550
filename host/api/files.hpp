// SPDX-License-Identifier: Apache-2.0
// Files that may be sent: a plain name, a known type, a regular file and no link out of its folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/api/answer.hpp"

namespace civicast::api {

/// 1 to 128 of A–Z, a–z, 0–9, ".", "-", "_", beginning with a letter, a digit or "_".
bool is_file_name(std::string_view name);

/// The files of an HLS preview: .m3u8 .ts .m4s .mp4
bool is_preview_type(std::string_view name);

/// Nothing if there is no such regular file. The ETag is its size and time of change.
std::optional<Answer> file_answer(const std::filesystem::path &file, const std::string &cache);

/// The page shown instead of the console where it has not been built.
Answer console_absent();

}  // namespace civicast::api
