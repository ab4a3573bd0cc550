// SPDX-License-Identifier: Apache-2.0
// What a file says about itself in its first bytes, where libav keeps it to itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace civicast::library {

struct Size {
  int width = 0, height = 0;
};

/// The size that a PNG or JPEG claims; libav refuses large ones without saying so.
std::optional<Size> claimed_size(std::string_view picture);

/// How long a RIFF file (WAV, AVI, WebP) claims to be; libav quietly takes what is there.
std::optional<std::uint64_t> claimed_bytes(const std::filesystem::path &file);

}  // namespace civicast::library
