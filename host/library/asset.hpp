// SPDX-License-Identifier: Apache-2.0
// An asset 素材: a piece of media and its facts; and its house files, the only thing ever aired.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "host/base/words.hpp"

namespace civicast::library {

enum class AssetKind { video, audio, image, text };

struct Asset {
  std::string id;  ///< a slug, unique in the station
  Words title;
  AssetKind kind = AssetKind::video;
  std::string sha256;            ///< of the imported bytes, hex; two assets never share it
  std::string source_name;       ///< the file's name as it was imported
  std::int64_t duration_ns = 0;  ///< of the source; for a still, how long it is to stand on screen
  int width = 0, height = 0;     ///< of the source, as displayed; 0 without a picture
  std::optional<double> loudness_lkfs;  ///< EBU R128 integrated; none for silence or no sound
  Words text;  ///< the body of a text asset, or the words that go with a post
  std::int64_t imported_ns = 0;
};

/// The house formats. Each channel names the one it airs.
enum class HouseFormat {
  ts_720p25,   ///< MPEG-TS, H.264 720p25 + MPEG-1 Layer II: cable
  mp4_720p25,  ///< MP4, H.264 720p25 + AAC: browsers (screens, previews)
  jpeg_720,    ///< a JPEG picture of at most 1280×720: posts and thumbnails
};

struct HouseFile {
  std::string asset;
  HouseFormat format = HouseFormat::ts_720p25;
  std::filesystem::path path;
  std::string sha256;  ///< of the house file, hex
  std::string mime;
  std::int64_t duration_ns = 0;  ///< a whole multiple of 120 ms; 0 for a picture
  std::int64_t frames = 0;       ///< video frames, 25 a second; 0 for a picture
};

}  // namespace civicast::library
