// SPDX-License-Identifier: Apache-2.0
#include "sdk/formats/limits.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace civicast::formats {
namespace {

/// A level: ITU-T H.264 table A-1 (high profile: 1.25 × the bits), H.265 tables A.8 and A.9 (main
/// tier), H.262 tables 8-10 to 8-14.
struct Level {
  VideoCodec codec;
  std::string_view profile, level;
  std::int64_t picture_samples, samples_per_s, bits_per_s, vbv_bits;
};
constexpr std::int64_t macroblock = 256;
constexpr std::array<Level, 11> levels = {{
    {VideoCodec::h264, "main", "3.0", 1620 * macroblock, 40'500 * macroblock, 10'000'000,
     10'000'000},
    {VideoCodec::h264, "high", "3.0", 1620 * macroblock, 40'500 * macroblock, 12'500'000,
     12'500'000},
    {VideoCodec::h264, "main", "3.1", 3600 * macroblock, 108'000 * macroblock, 14'000'000,
     14'000'000},
    {VideoCodec::h264, "high", "3.1", 3600 * macroblock, 108'000 * macroblock, 17'500'000,
     17'500'000},
    {VideoCodec::h264, "main", "4.0", 8192 * macroblock, 245'760 * macroblock, 20'000'000,
     25'000'000},
    {VideoCodec::h264, "high", "4.0", 8192 * macroblock, 245'760 * macroblock, 25'000'000,
     31'250'000},
    {VideoCodec::hevc, "main", "3.1", 983'040, 33'177'600, 10'000'000, 10'000'000},
    {VideoCodec::hevc, "main", "4.0", 2'228'224, 66'846'720, 12'000'000, 12'000'000},
    {VideoCodec::hevc, "main", "4.1", 2'228'224, 133'693'440, 20'000'000, 20'000'000},
    {VideoCodec::mpeg2, "main", "main", 720 * 576, 10'368'000, 15'000'000, 1'835'008},
    {VideoCodec::mpeg2, "main", "high", 1920 * 1088, 62'668'800, 80'000'000, 9'781'248},
}};

constexpr int layer2_samples = 1152, aac_samples = 1024, ac3_samples = 1536;
constexpr std::array<std::int64_t, 11> layer2_stereo_bits = {64'000,  96'000,  112'000, 128'000,
                                                             160'000, 192'000, 224'000, 256'000,
                                                             320'000, 384'000, 448'000};
constexpr std::array<std::int64_t, 13> ac3_stereo_bits = {
    96'000,  112'000, 128'000, 160'000, 192'000, 224'000, 256'000,
    320'000, 384'000, 448'000, 512'000, 576'000, 640'000};

// Headers of packets, tables, clock samples and cues take their share of a transport stream.
constexpr std::int64_t payload_percent = 92;
// A picture must stand in the decoder's buffer before it is due, and no time stamp may lie further
// ahead of the clock than 0.7 s (H.222.0 §2.7.4).
constexpr std::int64_t most_buffer_ms = 600;

const Level *level_of(const Video &video) {
  const auto found = std::find_if(levels.begin(), levels.end(), [&video](const Level &each) {
    return each.codec == video.codec && each.profile == video.profile && each.level == video.level;
  });
  return found == levels.end() ? nullptr : &*found;
}

std::optional<std::string> wrong_picture(const Video &video) {
  const Level *level = level_of(video);
  if (level == nullptr) return "this codec has no such profile and level here";
  const int lines = video.is_interlaced() ? 32 : 16;  // coded in pairs of macroblocks
  const std::int64_t coded =
      std::int64_t{(video.width + 15) / 16 * 16} * ((video.height + lines - 1) / lines * lines);
  const std::int64_t samples =
      video.codec == VideoCodec::hevc ? std::int64_t{video.width} * video.height : coded;
  if (samples > level->picture_samples || samples * pictures_per_s > level->samples_per_s)
    return "the picture is larger than its level allows";
  if (video.bits_per_s > level->bits_per_s) return "the bit rate is above its level";
  if (video.vbv_bits > level->vbv_bits) return "the buffer is above its level";
  if (video.width % 2 != 0 || video.height % (video.is_interlaced() ? 4 : 2) != 0)
    return "width and height do not divide into chroma samples";
  if (video.codec == VideoCodec::hevc && video.is_interlaced())
    return "H.265 has no interlaced coding that receivers know";
  if (video.vbv_bits * 1000 > video.bits_per_s * most_buffer_ms)
    return "the buffer takes longer to fill than a transport stream may hold";
  if (video.vbv_bits < video.bits_per_s / pictures_per_s * 2)
    return "the buffer does not hold two pictures";
  return std::nullopt;
}

/// The shape of the whole picture: MPEG-2 can say 4:3 and 16:9, and square samples.
std::optional<std::string> wrong_shape(const Video &video) {
  if (video.codec != VideoCodec::mpeg2) return std::nullopt;
  const std::int64_t width = std::int64_t{video.width} * video.pixel_width;
  const std::int64_t height = std::int64_t{video.height} * video.pixel_height;
  const bool is_square = video.pixel_width == video.pixel_height;
  if (is_square || width * 3 == height * 4 || width * 9 == height * 16) return std::nullopt;
  return "MPEG-2 has no word for this shape of sample";
}

template <std::size_t n>
bool holds(const std::array<std::int64_t, n> &values, std::int64_t value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::optional<std::string> wrong_sound(const Sound &sound) {
  const int samples = sound.codec == SoundCodec::mp2   ? layer2_samples
                      : sound.codec == SoundCodec::aac ? aac_samples
                                                       : ac3_samples;
  if (sound.frame_samples != samples)
    return "a frame of this codec holds " + std::to_string(samples) + " samples";
  if (sound.samples_per_s != 48'000) return "sound must have 48000 samples a second";
  if (sound.channels != 2) return "sound must have two channels";
  if (sound.codec == SoundCodec::mp2 && !holds(layer2_stereo_bits, sound.bits_per_s))
    return "Layer II has no such bit rate in stereo";
  if (sound.codec == SoundCodec::ac3 && !holds(ac3_stereo_bits, sound.bits_per_s))
    return "AC-3 has no such bit rate in stereo";
  if (sound.bits_per_s < 64'000 || sound.bits_per_s > 640'000)
    return "the bit rate of sound is out of all bounds";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> impossible_in(const HouseFormat &format) {
  for (auto wrong :
       {wrong_picture(format.video), wrong_shape(format.video), wrong_sound(format.sound)})
    if (wrong) return wrong;
  if (format.video.bits_per_s + format.sound.bits_per_s >
      format.rate_bits_per_s * payload_percent / 100)
    return "picture and sound leave less than 8 % of the rate to the stream itself";
  return std::nullopt;
}

}  // namespace civicast::formats
