// SPDX-License-Identifier: Apache-2.0
// An asset 素材: a piece of media and its facts; and its house files, the only thing ever aired.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/words.hpp"
#include "sdk/formats/house_format.hpp"

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

/// The name of a house format. Each channel names the one it airs. Those of cable stand in a table
/// (sdk/formats/house.json); the other two are made of every picture, for browsers and posts.
class HouseFormat {
 public:
  static const HouseFormat ts_720p25;   ///< cable's first
  static const HouseFormat mp4_720p25;  ///< MP4, H.264 720p25 + AAC: browsers (screens, previews)
  static const HouseFormat jpeg_720;    ///< a JPEG of at most 1280×720: posts and thumbnails

  explicit HouseFormat(const formats::HouseFormat &cable) : name_(cable.id) {}

  std::string_view name() const { return name_; }
  /// Its numbers; none for MP4 and JPEG.
  const formats::HouseFormat *cable() const { return formats::find(name_); }
  bool operator==(const HouseFormat &other) const { return name_ == other.name_; }
  bool operator<(const HouseFormat &other) const { return name_ < other.name_; }

 private:
  constexpr explicit HouseFormat(std::string_view name) : name_(name) {}
  std::string_view name_;  ///< of a literal or of the table, which stands as long as the program
};

inline constexpr HouseFormat HouseFormat::ts_720p25{std::string_view("ts_720p25")};
inline constexpr HouseFormat HouseFormat::mp4_720p25{std::string_view("mp4_720p25")};
inline constexpr HouseFormat HouseFormat::jpeg_720{std::string_view("jpeg_720")};

struct HouseFile {
  std::string asset;
  HouseFormat format = HouseFormat::ts_720p25;
  std::filesystem::path path;
  std::string sha256;  ///< of the house file, hex
  std::string mime;
  std::int64_t duration_ns = 0;  ///< a whole multiple of its format's step; 0 for a picture
  std::int64_t frames = 0;       ///< video frames, 25 a second; 0 for a picture
  std::string made_from;         ///< "source", or the house format that stood in for it
};

}  // namespace civicast::library
