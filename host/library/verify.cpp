// SPDX-License-Identifier: Apache-2.0
#include "host/library/verify.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "host/library/house.hpp"
#include "host/library/input.hpp"
#include "host/library/verify_ts.hpp"

namespace civicast::library {
namespace {

// Codecs of MP4 sound end on their own frame, not on ours.
constexpr std::int64_t aac_slack_samples = 3 * aac_samples;

std::optional<std::string> wrong_streams(const Input &input) {
  if (input.format().nb_streams != 2) return "not two streams";
  const AVCodecParameters &video = *input.stream(0).codecpar;
  const AVCodecParameters &audio = *input.stream(1).codecpar;
  const formats::Video &format = browser_format().video;
  if (video.codec_id != AV_CODEC_ID_H264 || video.width != format.width ||
      video.height != format.height)
    return "the pictures are not in the house format";
  if (audio.codec_id != AV_CODEC_ID_AAC || audio.sample_rate != house_sample_rate ||
      audio.ch_layout.nb_channels != 2)
    return "the sound is not in the house format";
  return std::nullopt;
}

std::optional<std::string> wrong_mp4(Input &input, std::int64_t pictures) {
  if (auto wrong = wrong_streams(input)) return wrong;
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
    if (((packet->flags & AV_PKT_FLAG_KEY) != 0) !=
        (found % browser_format().video.gop_pictures == 0))
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
  if (codec.width < 1 || codec.width > browser_format().video.width ||
      codec.height > browser_format().video.height)
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
  return wrong_with_ts(**input, *format.cable(), pictures);
}

}  // namespace civicast::library
