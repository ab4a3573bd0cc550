// SPDX-License-Identifier: Apache-2.0
#include "host/library/scan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/library/faults.hpp"
#include "host/library/library.hpp"

namespace civicast::library {
namespace {

// Encoders pad sound by a frame or two; only a longer tail keeps the last picture standing.
constexpr std::int64_t padded_tail_ns = 500 * ns_per_ms;
constexpr std::int64_t codec_delay_ns = 100 * ns_per_ms;

struct Span {
  std::int64_t begin_ns = INT64_MAX;
  std::int64_t end_ns = INT64_MIN;
  std::int64_t packets = 0;
  std::int64_t length_ns() const { return packets == 0 ? 0 : end_ns - begin_ns; }
};

std::int64_t frame_ns(const AVStream &stream) {
  for (const AVRational rate : {stream.avg_frame_rate, stream.r_frame_rate})
    if (rate.num > 0 && rate.den > 0) return av_rescale(ns_per_s, rate.den, rate.num);
  return formats::picture_ns;
}

void include(Span &span, const AVPacket &packet, const AVStream &stream) {
  const AVRational base = stream.time_base;
  const std::int64_t stamp = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  const std::int64_t length =
      packet.duration > 0 ? av_rescale_q(packet.duration, base, av::ns_base) : frame_ns(stream);
  std::int64_t at = span.packets == 0 ? 0 : span.end_ns;
  if (stamp != AV_NOPTS_VALUE) at = av_rescale_q(stamp, base, av::ns_base);
  span.begin_ns = std::min(span.begin_ns, at);
  span.end_ns = std::max(span.end_ns, at + length);
  ++span.packets;
}

std::string seconds(std::int64_t ns) {
  return fmt::format("{:.2f} s", static_cast<double>(ns) / static_cast<double>(ns_per_s));
}

Result<void> must_be_whole(const std::string &shown, std::int64_t declared_ns,
                           std::int64_t found_ns) {
  const std::int64_t slack_ns = std::max(ns_per_s / 2, declared_ns / 50);
  if (declared_ns <= 0 || found_ns + slack_ns >= declared_ns) return {};
  return Fault(faults::media_truncated,
               {{"file", shown}, {"declared", seconds(declared_ns)}, {"found", seconds(found_ns)}});
}

Result<Span> span_of_video(const std::filesystem::path &file, const std::string &shown,
                           const Media &media, const Tick &tick, Scan &scan) {
  auto opened = Input::open(file, shown);
  if (!opened) return std::move(opened).fault();
  Input &input = **opened;
  if (auto looked = input.look(); !looked) return std::move(looked).fault();
  input.only(media.video);
  const AVStream &stream = input.stream(media.video);
  scan.frame_ns = frame_ns(stream);
  const Fault damaged(faults::media_damaged,
                      {{"file", shown}, {"part", avcodec_get_name(stream.codecpar->codec_id)}});
  Span span;
  const av::Packet packet = av::new_packet();
  while (input.read(*packet)) {
    if ((packet->flags & AV_PKT_FLAG_CORRUPT) != 0 && !media.has_loose_time)
      return Fault(damaged).with_detail("a packet is cut off");
    if (av_packet_get_side_data(packet.get(), AV_PKT_DATA_ENCRYPTION_INFO, nullptr) != nullptr)
      return Fault(faults::media_encrypted, {{"file", shown}});
    include(span, *packet, stream);
    if (span.packets % 64 == 0) tick(span.length_ns(), media.declared_ns);
  }
  if (input.read_error() != 0 && !media.has_loose_time)
    return Fault(damaged).with_detail(av::reason(input.read_error()));
  // A jump in the time stamps looks like hours of one still picture.
  const std::int64_t shown_ns = span.packets * frame_ns(stream);
  if (span.length_ns() > 10 * shown_ns + 60 * ns_per_s)
    return Fault(faults::media_times_wrong, {{"file", shown}});
  return span;
}

Result<Heard> hear(const std::filesystem::path &file, const std::string &shown, const Media &media,
                   const Tick &tick) {
  auto decoded = Decoded::open(file, shown, media.audio);
  if (!decoded) return std::move(decoded).fault();
  return measure(**decoded, [&](std::int64_t done_ns) { tick(done_ns, media.declared_ns); });
}

void join(Scan &scan, const Span &video, const Heard &heard) {
  const bool has_sound = heard.end_ns > heard.begin_ns;
  if (video.packets == 0) {
    scan.begin_ns = heard.begin_ns;
    scan.duration_ns = heard.end_ns - heard.begin_ns;
    return;
  }
  const bool sound_first = has_sound && heard.begin_ns < video.begin_ns - codec_delay_ns;
  scan.begin_ns = sound_first ? heard.begin_ns : video.begin_ns;
  const bool sound_last = has_sound && heard.end_ns > video.end_ns + padded_tail_ns;
  scan.duration_ns = (sound_last ? heard.end_ns : video.end_ns) - scan.begin_ns;
}

Result<void> must_be_whole(const std::string &shown, const Media &media, const Scan &scan,
                           const Span &video, const Heard &heard) {
  auto picture = must_be_whole(shown, media.declared_video_ns, video.length_ns());
  if (!picture) return picture;
  auto sound = must_be_whole(shown, media.declared_audio_ns, heard.end_ns - heard.begin_ns);
  if (!sound) return sound;
  if (media.declared_video_ns > 0 || media.declared_audio_ns > 0) return {};
  // Some formats count from zero, not from their first picture.
  const std::int64_t end_ns = scan.begin_ns + scan.duration_ns;
  return must_be_whole(shown, media.declared_ns, std::max(scan.duration_ns, end_ns));
}

Result<void> refuse_long(const std::string &shown, std::int64_t duration_ns) {
  if (duration_ns <= max_duration_ns) return {};
  return Fault(faults::media_too_long, {{"file", shown},
                                        {"seconds", std::to_string(duration_ns / ns_per_s)},
                                        {"limit", std::to_string(max_duration_ns / ns_per_s)}});
}

}  // namespace

Result<Scan> scan(const std::filesystem::path &file, const std::string &shown, const Media &media,
                  const Tick &tick) {
  if (auto fits = refuse_long(shown, media.declared_ns); !fits) return std::move(fits).fault();
  Scan scan;
  Span video;
  Heard heard;
  if (media.video >= 0) {
    auto found = span_of_video(file, shown, media, tick, scan);
    if (!found) return std::move(found).fault();
    video = *found;
    if (video.packets == 0) return Fault(faults::media_no_duration, {{"file", shown}});
    auto lines = find_lines(file, shown, media);
    if (!lines) return std::move(lines).fault();
    scan.lines = *lines;
  }
  if (media.audio >= 0) {
    auto found = hear(file, shown, media, tick);
    if (!found) return std::move(found).fault();
    heard = *found;
    scan.loudness = heard.loudness;
  }
  join(scan, video, heard);
  if (scan.duration_ns <= 0) return Fault(faults::media_no_duration, {{"file", shown}});
  auto whole = must_be_whole(shown, media, scan, video, heard);
  if (!whole) return std::move(whole).fault();
  if (auto fits = refuse_long(shown, scan.duration_ns); !fits) return std::move(fits).fault();
  return scan;
}

}  // namespace civicast::library
