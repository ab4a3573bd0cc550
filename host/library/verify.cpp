// SPDX-License-Identifier: Apache-2.0
#include "host/library/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "host/library/house.hpp"
#include "host/library/input.hpp"

namespace civicast::library {
namespace {

constexpr std::int64_t picture_ticks = 3600;  // of 90 kHz
constexpr std::int64_t layer2_ticks = 2160;
// Codecs of MP4 sound end on their own frame, not on ours.
constexpr std::int64_t aac_slack_samples = 3 * aac_samples;

/// The kinds of NAL unit in an Annex B packet, in order.
std::string nal_kinds(const AVPacket &packet) {
  std::string kinds;
  for (int i = 0; i + 3 < packet.size; ++i)
    if (packet.data[i] == 0 && packet.data[i + 1] == 0 && packet.data[i + 2] == 1)
      kinds.push_back(static_cast<char>(packet.data[i + 3] & 0x1F));
  return kinds;
}

constexpr char nal_idr = 5, nal_sps = 7, nal_pps = 8, nal_aud = 9;

class TsCheck {
 public:
  std::optional<std::string> picture(const AVPacket &packet) {
    const std::string kinds = nal_kinds(packet);
    const bool must_be_idr = pictures_ % house_gop == 0;
    const auto has = [&kinds](char kind) { return kinds.find(kind) != std::string::npos; };
    if (kinds.empty() || kinds.front() != nal_aud) return at("no access unit delimiter");
    if (has(nal_idr) != must_be_idr || ((packet.flags & AV_PKT_FLAG_KEY) != 0) != must_be_idr)
      return at("an IDR picture is not where it must be");
    if (must_be_idr && !(has(nal_sps) && has(nal_pps))) return at("an IDR without parameter sets");
    if (packet.dts == AV_NOPTS_VALUE || packet.pts != packet.dts) return at("pts is not dts");
    if (pictures_ == 0) first_picture_ = packet.dts;
    if (packet.dts != first_picture_ + pictures_ * picture_ticks) return at("an uneven step");
    ++pictures_;
    return std::nullopt;
  }

  std::optional<std::string> sound(const AVPacket &packet) {
    if (packet.pts == AV_NOPTS_VALUE) return at("a sound frame without time");
    if (sounds_ == 0) first_sound_ = packet.pts;
    if (packet.pts != first_sound_ + sounds_ * layer2_ticks) return at("an uneven sound step");
    ++sounds_;
    return std::nullopt;
  }

  std::optional<std::string> whole(std::int64_t pictures) const {
    if (pictures_ != pictures) return at(fmt::format("{} pictures wanted", pictures));
    if (pictures_ % grid_pictures != 0 || sounds_ != pictures_ / grid_pictures * grid_layer2)
      return at("sound and pictures are not equally long");
    if (first_picture_ != first_sound_) return at("sound and pictures do not begin together");
    return std::nullopt;
  }

 private:
  std::string at(const std::string &what) const {
    return fmt::format("{} (picture {}, sound frame {})", what, pictures_, sounds_);
  }
  std::int64_t pictures_ = 0, sounds_ = 0, first_picture_ = 0, first_sound_ = 0;
};

std::optional<std::string> wrong_streams(const Input &input, AVCodecID sound) {
  if (input.format().nb_streams != 2) return "not two streams";
  const AVCodecParameters &video = *input.stream(0).codecpar;
  const AVCodecParameters &audio = *input.stream(1).codecpar;
  if (video.codec_id != AV_CODEC_ID_H264 || video.width != house_width ||
      video.height != house_height)
    return "the pictures are not in the house format";
  if (audio.codec_id != sound || audio.sample_rate != house_sample_rate ||
      audio.ch_layout.nb_channels != 2)
    return "the sound is not in the house format";
  return std::nullopt;
}

std::optional<std::string> wrong_ts(Input &input, std::int64_t pictures) {
  if (auto wrong = wrong_streams(input, AV_CODEC_ID_MP2)) return wrong;
  TsCheck check;
  const av::Packet packet = av::new_packet();
  while (input.read(*packet)) {
    auto wrong = packet->stream_index == 0 ? check.picture(*packet) : check.sound(*packet);
    if (wrong) return wrong;
  }
  return check.whole(pictures);
}

std::optional<std::string> wrong_mp4(Input &input, std::int64_t pictures) {
  if (auto wrong = wrong_streams(input, AV_CODEC_ID_AAC)) return wrong;
  std::int64_t found = 0, first = 0, samples = 0;
  const AVRational base = input.stream(0).time_base;
  const av::Packet packet = av::new_packet();
  while (input.read(*packet)) {
    if (packet->stream_index == 1) {
      samples += packet->duration;
      continue;
    }
    if (found == 0) first = packet->pts;
    if (av_rescale_q(packet->pts - first, base, {1, house_fps}) != found) return "an uneven step";
    if (((packet->flags & AV_PKT_FLAG_KEY) != 0) != (found % house_gop == 0))
      return "a key picture is not where it must be";
    ++found;
  }
  if (found != pictures) return fmt::format("{} pictures instead of {}", found, pictures);
  if (std::abs(samples - pictures * samples_per_picture) > aac_slack_samples)
    return fmt::format("{} samples of sound", samples);
  return std::nullopt;
}

std::optional<std::string> wrong_jpeg(const Input &input) {
  const AVCodecParameters &codec = *input.stream(0).codecpar;
  if (codec.codec_id != AV_CODEC_ID_MJPEG) return "not a JPEG";
  if (codec.width < 1 || codec.width > house_width || codec.height > house_height)
    return "a JPEG of the wrong size";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> wrong_with(const std::filesystem::path &file, HouseFormat format,
                                      std::int64_t pictures) {
  auto input = Input::open(file, file.filename().string());
  if (!input) return input.fault().sentence(Lang::en);
  if (auto looked = (*input)->look(); !looked) return looked.fault().sentence(Lang::en);
  if (format == HouseFormat::jpeg_720) return wrong_jpeg(**input);
  if (format == HouseFormat::mp4_720p25) return wrong_mp4(**input, pictures);
  return wrong_ts(**input, pictures);
}

}  // namespace civicast::library
