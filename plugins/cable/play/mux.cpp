// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/mux.hpp"

extern "C" {
#include <libavutil/dict.h>
#include <libavutil/opt.h>
}

#include <algorithm>
#include <stdexcept>
#include <string>

#include "plugins/cable/ts/packet.hpp"
#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr int kIoBytes = 188 * 64;

AVCodecParameters &add_stream(AVFormatContext *format, AVMediaType type, AVCodecID codec) {
  AVStream *stream = avformat_new_stream(format, nullptr);
  if (!stream) throw std::bad_alloc();
  stream->time_base = {1, 90'000};
  stream->codecpar->codec_type = type;
  stream->codecpar->codec_id = codec;
  return *stream->codecpar;
}

void add_streams(AVFormatContext *format, const formats::HouseFormat &house) {
  AVCodecParameters &video = add_stream(format, AVMEDIA_TYPE_VIDEO, codec_id_of(house.video.codec));
  video.width = house.video.width;
  video.height = house.video.height;
  AVCodecParameters &sound = add_stream(format, AVMEDIA_TYPE_AUDIO, codec_id_of(house.sound.codec));
  sound.sample_rate = house.sound.samples_per_s;
  sound.ch_layout = AV_CHANNEL_LAYOUT_STEREO;
  sound.frame_size = house.sound.frame_samples;
}

/// The limit is 100 ms, and the muxer may write three more packets before it looks: of a slow
/// signal they take long.
std::string table_period(std::int64_t rate) {
  constexpr std::int64_t kLimitUs = 100'000, kUsualUs = 98'000;
  const std::int64_t four_packets_us = ceil_div(4 * kPacketBytes * 8 * 1'000'000, rate);
  return std::to_string(std::min(kUsualUs, kLimitUs - four_packets_us)) + "us";
}

AVDictionary *muxer_options(const MuxSettings &settings) {
  AVDictionary *options = nullptr;
  av_dict_set_int(&options, "muxrate", settings.house.rate_bits_per_s, 0);
  av_dict_set(&options, "pcr_period", "20", 0);
  av_dict_set(&options, "pat_period", table_period(settings.house.rate_bits_per_s).c_str(), 0);
  // AC-3 as DVB has it (ETSI EN 300 468 annex D), not as ATSC. A receiver that still holds the
  // packets of an earlier session is told to forget their counters.
  std::string flags = "+system_b";
  if (!settings.is_continuation) flags += "+initial_discontinuity";
  av_dict_set(&options, "mpegts_flags", flags.c_str(), 0);
  return options;
}

}  // namespace

Mux::Mux(PacketRing &ring, Splice &splice, const MuxSettings &settings)
    : ring_(ring), splice_(splice), settings_(settings), scratch_(make_packet()) {
  av_must(avformat_alloc_output_context2(&format_, nullptr, "mpegts", nullptr), "mpegts muxer");
  add_streams(format_, settings.house);
  auto *buffer = static_cast<std::uint8_t *>(av_malloc(kIoBytes));
  io_ = avio_alloc_context(buffer, kIoBytes, 1, this, nullptr, on_bytes, nullptr);
  if (!buffer || !io_) throw std::bad_alloc();
  format_->pb = io_;
  format_->max_delay = static_cast<int>(kMuxDelayTicks * 100 / 9);  // µs
  // The muxer is handed a monotonic int64; were it to "correct" the start, frames would lose
  // their instants.
  format_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
  av_dict_set(&format_->metadata, "service_name", "Civicast", 0);
  av_dict_set(&format_->metadata, "service_provider", "Civicast", 0);
  AVDictionary *options = muxer_options(settings);
  const int result = avformat_write_header(format_, &options);
  av_dict_free(&options);
  av_must(result, "mpegts header");
}

Mux::~Mux() {
  // No trailer: the signal of a channel has no end, and what the muxer still holds was not sent.
  if (io_) av_freep(&io_->buffer);
  avio_context_free(&io_);
  avformat_free_context(format_);
}

int Mux::on_bytes(void *self, std::uint8_t *bytes, int size) {
  auto &mux = *static_cast<Mux *>(self);
  try {
    mux.splice_.append(bytes, static_cast<std::size_t>(size));
    return size;
  } catch (...) {
    mux.failure_ = std::current_exception();
    return AVERROR(ENOBUFS);
  }
}

void Mux::write(const AVPacket &packet, int stream, std::int64_t ticks) {
  av_packet_unref(scratch_.get());
  av_must(av_packet_ref(scratch_.get(), &packet), "packet");
  scratch_->stream_index = stream;
  scratch_->pts = scratch_->dts = ticks;
  scratch_->duration = 0;
  check(av_write_frame(format_, scratch_.get()), "mpegts packet");
}

void Mux::flush() {
  check(av_write_frame(format_, nullptr), "mpegts flush");
}

void Mux::check(int result, const char *what) {
  avio_flush(io_);
  if (failure_) std::rethrow_exception(failure_);
  av_must(result, what);
}

Mux::Place Mux::video(const AVPacket &picture, std::int64_t out_frame) {
  const std::int64_t before = ring_.written();
  const std::int64_t ticks = settings_.first_dts + out_frame * kVideoTicks;
  write(picture, 0, ticks);
  Place place{before, ring_.written(), (ticks + 2 * kMuxDelayTicks) % kClockWrap};
  // The muxer puts padding and tables before the picture, and nothing behind it.
  const auto begins = [this](std::int64_t at) {
    const std::uint8_t *packet = ring_.packet(at);
    return pid_of(packet) == kVideoPid && starts_unit(packet);
  };
  while (place.first < place.end && !begins(place.first)) ++place.first;
  if (place.first == place.end) throw std::logic_error("the muxer kept a picture back");
  return place;
}

void Mux::audio(const AVPacket &sound, std::int64_t audio_frame) {
  write(sound, 1, settings_.first_dts + audio_frame * settings_.house.sound_ticks());
}

}  // namespace civicast::cable
