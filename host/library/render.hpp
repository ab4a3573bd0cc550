// SPDX-License-Identifier: Apache-2.0
// One staged source becomes the facts of its asset and its house files, not yet in their place.
#pragma once

#include <filesystem>
#include <vector>

#include "host/base/progress.hpp"
#include "host/library/asset.hpp"
#include "host/library/probe.hpp"
#include "sdk/base/result.hpp"

namespace civicast::library {

struct Source {
  std::filesystem::path file;
  std::filesystem::path sound;  ///< empty: none
  std::string shown;            ///< how sentences name the file
};

/// A house file in the making: `path` is where it waits.
struct Rendition {
  HouseFormat format;
  std::filesystem::path path;
  std::int64_t pictures = 0;  ///< 0 for a JPEG
};

/// Writes a file of each of `formats` beside `stem`, reads it back, and completes `asset`. Nothing
/// for sound only.
Result<std::vector<Rendition>> render(const Source &source, const Media &media,
                                      const std::filesystem::path &stem,
                                      const std::vector<HouseFormat> &formats, Asset &asset,
                                      Progress &progress);

/// Pictures of `format` that hold a film of `duration_ns`, or a still that stands so long; 0 for a
/// JPEG.
std::int64_t pictures_of(const HouseFormat &format, std::int64_t duration_ns, bool is_still);

}  // namespace civicast::library
