// SPDX-License-Identifier: Apache-2.0
// The one picture of a PNG, JPEG, WebP, GIF, SVG or another file without time.
#pragma once

#include "host/library/probe.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::library {

struct Still {
  av::Frame picture;
  int orientation = 1;        ///< as EXIF counts them
  int width = 0, height = 0;  ///< as displayed
};

/// SVG is drawn at the size of the format's picture, whatever size it claims.
Result<Still> decode_still(const std::filesystem::path &file, const std::string &shown,
                           const Media &media, const formats::Video &format);

/// What is transparent becomes white paper; the frame itself if nothing can be transparent.
av::Frame without_transparency(const AVFrame &picture, bool is_premultiplied);

}  // namespace civicast::library
