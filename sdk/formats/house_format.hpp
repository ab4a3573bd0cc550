// SPDX-License-Identifier: Apache-2.0
// The house formats of cable, as data (house.json): the one table by which the library makes house
// files and by which a channel lays them one after another. decisions/0011 says why.
//
// Common to all: a transport stream of constant rate, 25 pictures a second, closed groups that
// begin with an IDR (or I) picture, no B pictures: decoding order is showing order and each picture
// is a clean out point.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/base/result.hpp"

namespace civicast::formats {

enum class VideoCodec { h264, hevc, mpeg2 };
enum class SoundCodec { mp2, aac, ac3 };
enum class Scan { progressive, top_first, bottom_first };
enum class Colour { bt709, bt470bg, smpte170m };
/// How sound frames end where pictures do.
enum class SoundEnds {
  together,  ///< each length is a whole multiple of the grid
  nearest,   ///< any whole number of pictures; sound ends up to half a frame before or after
};

inline constexpr int pictures_per_s = 25;
inline constexpr std::int64_t ticks_per_s = 90'000;
inline constexpr std::int64_t picture_ticks = ticks_per_s / pictures_per_s;
inline constexpr std::int64_t picture_ns = 1'000'000'000 / pictures_per_s;

struct Video {
  VideoCodec codec = VideoCodec::h264;
  std::string profile;  ///< "high", "main"
  std::string level;    ///< "3.1"; "main" for MPEG-2
  int width = 0, height = 0;
  int pixel_width = 1, pixel_height = 1;  ///< the shape of a sample
  Scan scan = Scan::progressive;
  int gop_pictures = 0;  ///< from one IDR (or I) picture to the next
  std::int64_t bits_per_s = 0;
  std::int64_t vbv_bits = 0;  ///< the decoder's buffer
  Colour colour = Colour::bt709;

  bool is_interlaced() const { return scan != Scan::progressive; }
  bool operator==(const Video &) const = default;
};

struct Sound {
  SoundCodec codec = SoundCodec::mp2;
  int samples_per_s = 0;
  int channels = 0;
  std::int64_t bits_per_s = 0;
  int frame_samples = 0;  ///< samples in one frame of the codec
  SoundEnds ends = SoundEnds::together;
};

struct HouseFormat {
  std::string id;  ///< "ts_720p25", as in channels.xml and in the library's tables
  std::string name_zh, name_en;
  std::int64_t rate_bits_per_s = 0;  ///< of the whole transport stream
  Video video;
  Sound sound;

  std::int64_t sound_ticks() const;  ///< of 90 kHz in one sound frame; always whole
  int samples_per_picture() const { return sound.samples_per_s / pictures_per_s; }
  /// The grid: the fewest pictures that end together with a whole number of sound frames.
  int grid_pictures() const;
  int grid_sounds() const;
  /// What lengths are rounded up to: the grid, or one picture where sound ends "nearest".
  int step_pictures() const;
  /// Pictures of a house file that holds `duration_ns`: rounded up, never less than one step.
  std::int64_t pictures_for(std::int64_t duration_ns) const;
  /// Sound frames that go with so many pictures: exactly as long on the grid, else the nearest.
  std::int64_t sounds_for(std::int64_t pictures) const;
};

/// What the program carries, in the order of the table.
const std::vector<HouseFormat> &all();
/// None: there is no such format.
const HouseFormat *find(std::string_view id);

/// Reads a table in the form of house.json and holds it to what codecs and decoders can do; a fault
/// says where, as a JSON pointer.
Result<std::vector<HouseFormat>> read_formats(std::string_view json);

/// "h264", "mp2", "top_first": as in the table.
const char *name_of(VideoCodec codec);
const char *name_of(SoundCodec codec);
const char *name_of(Scan scan);
const char *name_of(Colour colour);

}  // namespace civicast::formats
