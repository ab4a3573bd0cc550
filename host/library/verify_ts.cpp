// SPDX-License-Identifier: Apache-2.0
#include "host/library/verify_ts.hpp"

#include <fmt/format.h>

#include <cmath>

#include "host/library/access_unit.hpp"
#include "host/library/decoder_buffer.hpp"

namespace civicast::library {
namespace {

using formats::HouseFormat;
using formats::picture_ticks;
using formats::SoundCodec;
using formats::Video;
using formats::VideoCodec;

AVCodecID id_of(VideoCodec codec) {
  switch (codec) {
    case VideoCodec::h264:
      return AV_CODEC_ID_H264;
    case VideoCodec::hevc:
      return AV_CODEC_ID_HEVC;
    case VideoCodec::mpeg2:
      break;
  }
  return AV_CODEC_ID_MPEG2VIDEO;
}

AVCodecID id_of(SoundCodec codec) {
  switch (codec) {
    case SoundCodec::mp2:
      return AV_CODEC_ID_MP2;
    case SoundCodec::aac:
      return AV_CODEC_ID_AAC;
    case SoundCodec::ac3:
      break;
  }
  return AV_CODEC_ID_AC3;
}

int profile_of(const Video &format) {
  if (format.codec == VideoCodec::hevc) return FF_PROFILE_HEVC_MAIN;
  if (format.codec == VideoCodec::mpeg2) return FF_PROFILE_MPEG2_MAIN;
  return format.profile == "high" ? FF_PROFILE_H264_HIGH : FF_PROFILE_H264_MAIN;
}

/// As the stream writes it: H.264 in tenths, H.265 in thirtieths, MPEG-2 by name.
int level_of(const Video &format) {
  if (format.codec == VideoCodec::mpeg2) return format.level == "main" ? 8 : 4;
  const int tenths = static_cast<int>(std::lround(std::stod(format.level) * 10));
  return format.codec == VideoCodec::hevc ? tenths * 3 : tenths;
}

bool has_colour(const AVCodecParameters &video, formats::Colour colour) {
  switch (colour) {
    case formats::Colour::bt709:
      return video.color_space == AVCOL_SPC_BT709 && video.color_primaries == AVCOL_PRI_BT709;
    case formats::Colour::bt470bg:
      return video.color_space == AVCOL_SPC_BT470BG && video.color_primaries == AVCOL_PRI_BT470BG;
    case formats::Colour::smpte170m:
      break;
  }
  return video.color_space == AVCOL_SPC_SMPTE170M && video.color_primaries == AVCOL_PRI_SMPTE170M;
}

/// H.265 says nothing of whole pictures, where the others do.
bool has_scan(const AVCodecParameters &video, const Video &format) {
  const AVFieldOrder order = video.field_order;
  switch (format.scan) {
    case formats::Scan::progressive:
      return order == AV_FIELD_PROGRESSIVE ||
             (format.codec == VideoCodec::hevc && order == AV_FIELD_UNKNOWN);
    case formats::Scan::top_first:
      return order == AV_FIELD_TT;
    case formats::Scan::bottom_first:
      break;
  }
  return order == AV_FIELD_BB;
}

std::optional<std::string> wrong_picture(const AVCodecParameters &video, const Video &format) {
  if (video.codec_id != id_of(format.codec)) return "the pictures are of another codec";
  if (video.width != format.width || video.height != format.height)
    return "the pictures are of another size";
  if (video.profile != profile_of(format) || video.level != level_of(format))
    return fmt::format("profile {} and level {}", video.profile, video.level);
  if (av_cmp_q(video.sample_aspect_ratio, {format.pixel_width, format.pixel_height}) != 0)
    return "samples of another shape";
  if (!has_scan(video, format)) return fmt::format("field order {}", int{video.field_order});
  if (!has_colour(video, format.colour)) return "other colours";
  return std::nullopt;
}

std::optional<std::string> wrong_streams(const Input &input, const HouseFormat &format) {
  if (input.format().nb_streams != 2) return "not two streams";
  const AVCodecParameters &sound = *input.stream(1).codecpar;
  if (auto wrong = wrong_picture(*input.stream(0).codecpar, format.video)) return wrong;
  if (sound.codec_id != id_of(format.sound.codec) ||
      sound.sample_rate != format.sound.samples_per_s ||
      sound.ch_layout.nb_channels != format.sound.channels)
    return "the sound is not in the house format";
  return std::nullopt;
}

class TsCheck {
 public:
  explicit TsCheck(const HouseFormat &format) : format_(format), buffer_(format.video) {}

  std::optional<std::string> picture(const AVPacket &packet) {
    const AccessUnit unit = access_unit(format_.video.codec, packet);
    const bool opens = pictures_ % format_.video.gop_pictures == 0;
    if (!unit.has_picture) return at("a packet without a picture");
    if (!unit.has_delimiter) return at("no access unit delimiter");
    if (unit.opens_a_group != opens || ((packet.flags & AV_PKT_FLAG_KEY) != 0) != opens)
      return at("an IDR picture is not where it must be");
    if (opens && !unit.has_parameters) return at("an IDR without parameter sets");
    if (unit.has_backward) return at("a B picture");
    const std::int64_t dts = packet.dts == AV_NOPTS_VALUE ? packet.pts : packet.dts;
    if (packet.pts == AV_NOPTS_VALUE || packet.pts != dts) return at("pts is not dts");
    if (pictures_ == 0) first_picture_ = packet.pts;
    if (packet.pts != first_picture_ + pictures_ * picture_ticks) return at("an uneven step");
    buffer_.picture(packet.size);
    ++pictures_;
    return std::nullopt;
  }

  std::optional<std::string> sound(const AVPacket &packet) {
    if (packet.pts == AV_NOPTS_VALUE) return at("a sound frame without time");
    if (sounds_ == 0) first_sound_ = packet.pts;
    if (packet.pts != first_sound_ + sounds_ * format_.sound_ticks())
      return at("an uneven sound step");
    ++sounds_;
    return std::nullopt;
  }

  std::optional<std::string> whole(std::int64_t pictures) const {
    if (pictures_ != pictures) return at(fmt::format("{} pictures wanted", pictures));
    if (pictures_ % format_.step_pictures() != 0 || sounds_ != format_.sounds_for(pictures_))
      return at("sound and pictures are not equally long");
    if (first_picture_ != first_sound_) return at("sound and pictures do not begin together");
    return buffer_.wrong();
  }

 private:
  std::string at(const std::string &what) const {
    return fmt::format("{} (picture {}, sound frame {})", what, pictures_, sounds_);
  }
  const HouseFormat &format_;
  DecoderBuffer buffer_;
  std::int64_t pictures_ = 0, sounds_ = 0, first_picture_ = 0, first_sound_ = 0;
};

}  // namespace

std::optional<std::string> wrong_with_ts(Input &input, const HouseFormat &format,
                                         std::int64_t pictures) {
  if (auto wrong = wrong_streams(input, format)) return wrong;
  TsCheck check(format);
  const av::Packet packet = av::new_packet();
  while (input.read(*packet)) {
    auto wrong = packet->stream_index == 0 ? check.picture(*packet) : check.sound(*packet);
    if (wrong) return wrong;
  }
  return check.whole(pictures);
}

}  // namespace civicast::library
