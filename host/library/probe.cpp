// SPDX-License-Identifier: Apache-2.0
#include "host/library/probe.hpp"

extern "C" {
#include <libavutil/display.h>
}

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "host/library/claims.hpp"
#include "host/library/faults.hpp"
#include "host/library/library.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::library {
namespace {

// Writers forget the padding byte, or the header itself.
constexpr std::uint64_t riff_slack_bytes = 8;

Fault fault_of(const FaultKind &kind, const Input &input) {
  return Fault(kind, {{"file", input.shown()}});
}

bool is_cover(const AVStream &stream) {
  return (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) !=
         0;
}

int best(const Input &input, AVMediaType type) {
  const int stream =
      av_find_best_stream(const_cast<AVFormatContext *>(&input.format()), type, -1, -1, nullptr, 0);
  if (stream < 0 || is_cover(input.stream(stream))) return -1;
  return stream;
}

bool is_encrypted(const AVStream &stream) {
  const std::uint32_t tag = stream.codecpar->codec_tag;
  for (const char *name : {"encv", "enca", "drmi", "drms", "encs"})
    if (tag == MKTAG(name[0], name[1], name[2], name[3])) return true;
  return av_stream_get_side_data(&stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, nullptr) != nullptr;
}

/// The display matrix as one of EXIF's eight orientations.
int orientation_of(const AVStream &stream) {
  const auto *m = reinterpret_cast<const std::int32_t *>(
      av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
  if (m == nullptr) return 1;
  const double turned = -av_display_rotation_get(m);
  if (std::isnan(turned)) return 1;
  switch ((static_cast<int>(std::lround(turned / 90)) % 4 + 4) % 4) {
    case 1:
      return m[3] > 0 ? 5 : 6;
    case 2:
      return m[0] < 0 && m[4] < 0 ? 3 : m[0] < 0 ? 2 : 4;
    case 3:
      return m[3] < 0 ? 7 : 8;
    default:
      return m[4] < 0 ? 4 : 1;
  }
}

Result<void> set_picture_size(Media &media, const Input &input) {
  const AVStream &stream = input.stream(media.video);
  const int width = stream.codecpar->width;
  const int height = stream.codecpar->height;
  if (width <= 0 || height <= 0)
    return Fault(faults::media_codec_unsupported,
                 {{"file", input.shown()}, {"codec", avcodec_get_name(stream.codecpar->codec_id)}});
  const AVRational sar = av_guess_sample_aspect_ratio(
      const_cast<AVFormatContext *>(&input.format()), const_cast<AVStream *>(&stream), nullptr);
  media.orientation = orientation_of(stream);
  media.width =
      sar.num > 0 && sar.den > 0 ? static_cast<int>(av_rescale(width, sar.num, sar.den)) : width;
  media.height = height;
  if (media.orientation > 4) std::swap(media.width, media.height);
  return {};
}

Result<void> refuse_large(const Input &input) {
  for (unsigned i = 0; i < input.format().nb_streams; ++i) {
    const AVCodecParameters &codec = *input.stream(static_cast<int>(i)).codecpar;
    if (codec.width > max_picture_side || codec.height > max_picture_side)
      return Fault(faults::picture_too_large,
                   {{"file", input.shown()},
                    {"size", std::to_string(codec.width) + "×" + std::to_string(codec.height)},
                    {"limit", std::to_string(max_picture_side)}});
  }
  return {};
}

Result<void> refuse_encrypted(const Input &input) {
  for (unsigned i = 0; i < input.format().nb_streams; ++i)
    if (is_encrypted(input.stream(static_cast<int>(i))))
      return fault_of(faults::media_encrypted, input);
  return {};
}

std::int64_t stream_ns(const Input &input, int index) {
  if (index < 0) return 0;
  const AVStream &stream = input.stream(index);
  if (stream.duration == AV_NOPTS_VALUE || stream.duration < 0) return 0;
  return av_rescale_q(stream.duration, stream.time_base, av::ns_base);
}

void set_declared(Media &media, const Input &input) {
  const AVFormatContext &format = input.format();
  const std::string_view name = format.iformat->name;
  media.has_loose_time = name == "mpegts" || name == "mpeg";
  // Without an index libav guesses the length from the size; a guess proves nothing.
  if (format.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return;
  media.declared_video_ns = stream_ns(input, media.video);
  media.declared_audio_ns = stream_ns(input, media.audio);
  if (format.duration != AV_NOPTS_VALUE) media.declared_ns = format.duration * 1000;
}

/// The streams that libav can name but not decode are refused by that name, not overlooked.
Result<void> refuse_undecodable(const Media &media, const Input &input) {
  if (media.video >= 0 || media.audio >= 0) return {};
  for (unsigned i = 0; i < input.format().nb_streams; ++i) {
    const AVCodecParameters &codec = *input.stream(static_cast<int>(i)).codecpar;
    if (codec.codec_type != AVMEDIA_TYPE_VIDEO && codec.codec_type != AVMEDIA_TYPE_AUDIO) continue;
    if (is_cover(input.stream(static_cast<int>(i)))) continue;
    return Fault(faults::media_codec_unsupported,
                 {{"file", input.shown()}, {"codec", avcodec_get_name(codec.codec_id)}});
  }
  return fault_of(faults::media_unknown, input);
}

/// One packet is a picture, two are a film.
bool is_moving(const std::filesystem::path &file, const std::string &shown, int stream) {
  auto input = Input::open(file, shown);
  if (!input) return false;
  (*input)->only(stream);
  const av::Packet packet = av::new_packet();
  return (*input)->read(*packet) && (*input)->read(*packet);
}

Result<void> refuse_cut(const std::filesystem::path &file, const std::string &shown) {
  const auto claimed = claimed_bytes(file);
  const std::uint64_t found = std::filesystem::file_size(file);
  if (!claimed || found + riff_slack_bytes >= *claimed) return {};
  return Fault(faults::media_truncated, {{"file", shown},
                                         {"declared", fmt::format("{} B", *claimed)},
                                         {"found", fmt::format("{} B", found)}});
}

}  // namespace

Result<Media> probe(const std::filesystem::path &file, const std::string &shown) {
  auto opened = Input::open(file, shown);
  if (!opened) return std::move(opened).fault();
  if (auto whole = refuse_cut(file, shown); !whole) return std::move(whole).fault();
  Input &input = **opened;
  Media media;
  if (input.is_picture()) {
    media.kind = AssetKind::image;
    media.is_still = true;
    media.video = 0;
    return media;
  }
  if (auto large = refuse_large(input); !large) return std::move(large).fault();
  if (auto looked = input.look(); !looked) return std::move(looked).fault();
  if (auto large = refuse_large(input); !large) return std::move(large).fault();
  if (auto secret = refuse_encrypted(input); !secret) return std::move(secret).fault();
  media.video = best(input, AVMEDIA_TYPE_VIDEO);
  media.audio = best(input, AVMEDIA_TYPE_AUDIO);
  if (auto known = refuse_undecodable(media, input); !known) return std::move(known).fault();
  set_declared(media, input);
  media.kind = media.video >= 0 ? AssetKind::video : AssetKind::audio;
  if (media.video < 0) return media;
  if (auto size = set_picture_size(media, input); !size) return std::move(size).fault();
  const std::string format = input.format_name();
  if (format == "gif" && !is_moving(file, shown, media.video)) {
    media.kind = AssetKind::image;
    media.is_still = true;
  }
  return media;
}

}  // namespace civicast::library
