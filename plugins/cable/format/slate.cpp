// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/slate.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
}

#include <cstring>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

using formats::HouseFormat;
using formats::SoundCodec;
using formats::VideoCodec;

const char *encoder_of(VideoCodec codec) {
  switch (codec) {
    case VideoCodec::hevc:
      return "libx265";
    case VideoCodec::mpeg2:
      return "mpeg2video";
    case VideoCodec::h264:
      break;
  }
  return "libx264";
}

const char *encoder_of(SoundCodec codec) {
  return codec == SoundCodec::mp2 ? "mp2" : codec == SoundCodec::aac ? "aac" : "ac3";
}

CodecPtr encoder(const char *name) {
  const AVCodec *codec = avcodec_find_encoder_by_name(name);
  if (!codec) throw std::runtime_error(std::string("libavcodec has no encoder ") + name);
  CodecPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  return context;
}

void set_colour(AVCodecContext &c, formats::Colour colour) {
  c.color_range = AVCOL_RANGE_MPEG;
  c.colorspace = AVCOL_SPC_BT709;
  c.color_primaries = AVCOL_PRI_BT709;
  c.color_trc = AVCOL_TRC_BT709;
  if (colour == formats::Colour::bt709) return;
  const bool is_pal = colour == formats::Colour::bt470bg;
  c.colorspace = is_pal ? AVCOL_SPC_BT470BG : AVCOL_SPC_SMPTE170M;
  c.color_primaries = is_pal ? AVCOL_PRI_BT470BG : AVCOL_PRI_SMPTE170M;
  c.color_trc = is_pal ? AVCOL_TRC_GAMMA28 : AVCOL_TRC_SMPTE170M;
}

void set_h264(AVCodecContext &c, formats::Scan scan) {
  c.profile = FF_PROFILE_H264_HIGH;
  av_opt_set(c.priv_data, "preset", "ultrafast", 0);
  av_opt_set(c.priv_data, "nal-hrd", "cbr", 0);
  av_opt_set(c.priv_data, "aud", "1", 0);
  std::string more = "cabac=1:8x8dct=1:scenecut=0:open-gop=0:bframes=0:repeat-headers=1";
  if (scan == formats::Scan::top_first) more += ":tff=1";
  if (scan == formats::Scan::bottom_first) more += ":bff=1";
  av_opt_set(c.priv_data, "x264-params", more.c_str(), 0);
}

void set_hevc(AVCodecContext &c, int group) {
  av_opt_set(c.priv_data, "preset", "ultrafast", 0);
  const std::string length = std::to_string(group);
  // One thread for one second of black: pools would outlive it.
  const std::string more =
      "scenecut=0:open-gop=0:bframes=0:repeat-headers=1:aud=1:hrd=1:log-level=none:pools=none:"
      "frame-threads=1:keyint=" +
      length + ":min-keyint=" + length;
  av_opt_set(c.priv_data, "x265-params", more.c_str(), 0);
}

/// Without B pictures nothing waits to be shown: decoding time is showing time.
void set_mpeg2(AVCodecContext &c) {
  c.flags |= AV_CODEC_FLAG_LOW_DELAY;
  av_opt_set_int(c.priv_data, "sc_threshold", 1'000'000'000, 0);  // groups of one length
}

/// As house files are made, so that a decoder keeps its set-up when the slate comes and goes.
CodecPtr video_encoder(const formats::Video &video) {
  CodecPtr context = encoder(encoder_of(video.codec));
  AVCodecContext &c = *context;
  c.width = video.width;
  c.height = video.height;
  c.sample_aspect_ratio = {video.pixel_width, video.pixel_height};
  c.pix_fmt = AV_PIX_FMT_YUV420P;
  c.time_base = {1, 25};
  c.framerate = {25, 1};
  c.gop_size = c.keyint_min = video.gop_pictures;
  c.max_b_frames = 0;
  c.bit_rate = c.rc_max_rate = c.rc_min_rate = video.bits_per_s;
  c.rc_buffer_size = static_cast<int>(video.vbv_bits);
  c.thread_count = 1;
  c.flags |= AV_CODEC_FLAG_CLOSED_GOP;
  set_colour(c, video.colour);
  if (video.is_interlaced()) {
    c.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    c.field_order = video.scan == formats::Scan::top_first ? AV_FIELD_TT : AV_FIELD_BB;
  }
  if (video.codec == VideoCodec::h264) set_h264(c, video.scan);
  if (video.codec == VideoCodec::mpeg2) set_mpeg2(c);
  if (video.codec == VideoCodec::hevc) set_hevc(c, video.gop_pictures);
  av_must(avcodec_open2(&c, c.codec, nullptr), c.codec->name);
  return context;
}

CodecPtr sound_encoder(const formats::Sound &sound) {
  CodecPtr context = encoder(encoder_of(sound.codec));
  AVCodecContext &c = *context;
  c.sample_rate = sound.samples_per_s;
  c.sample_fmt = sound.codec == SoundCodec::mp2 ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_FLTP;
  c.ch_layout = AV_CHANNEL_LAYOUT_STEREO;
  c.bit_rate = sound.bits_per_s;
  c.time_base = {1, sound.samples_per_s};
  av_must(avcodec_open2(&c, c.codec, nullptr), c.codec->name);
  return context;
}

FramePtr black_frame(const formats::Video &video) {
  FramePtr frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  frame->width = video.width;
  frame->height = video.height;
  frame->format = AV_PIX_FMT_YUV420P;
  frame->interlaced_frame = video.is_interlaced();
  frame->top_field_first = video.scan == formats::Scan::top_first;
  av_must(av_frame_get_buffer(frame.get(), 0), "black frame");
  for (int plane = 0; plane < 3; ++plane) {
    const int rows = plane == 0 ? video.height : video.height / 2;
    const int value = plane == 0 ? 16 : 128;  // black, in limited range
    std::memset(frame->data[plane], value,
                static_cast<std::size_t>(frame->linesize[plane]) * static_cast<std::size_t>(rows));
  }
  return frame;
}

FramePtr silent_frame(const AVCodecContext &c) {
  FramePtr frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  frame->nb_samples = c.frame_size;
  frame->format = c.sample_fmt;
  frame->sample_rate = c.sample_rate;
  av_must(av_channel_layout_copy(&frame->ch_layout, &c.ch_layout), "channel layout");
  av_must(av_frame_get_buffer(frame.get(), 0), "silent frame");
  av_must(av_samples_set_silence(frame->data, 0, frame->nb_samples, 2, c.sample_fmt), "silence");
  return frame;
}

/// Sends `frame` `count` times and collects all packets.
std::vector<PacketPtr> encode(AVCodecContext &c, AVFrame &frame, int count) {
  std::vector<PacketPtr> packets;
  for (int i = 0; i <= count; ++i) {
    frame.pts = std::int64_t{i} * (c.frame_size ? c.frame_size : 1);
    av_must(avcodec_send_frame(&c, i < count ? &frame : nullptr), "encode");
    for (;;) {
      PacketPtr packet = make_packet();
      const int result = avcodec_receive_packet(&c, packet.get());
      if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) break;
      av_must(result, "encode");
      packets.push_back(std::move(packet));
    }
  }
  return packets;
}

/// ISO/IEC 14496-3 §1.A.2.2: the encoder gives bare frames, a transport stream carries headers.
PacketPtr with_adts(const AVPacket &bare) {
  PacketPtr packet = make_packet();
  const int size = bare.size + 7;
  av_must(av_new_packet(packet.get(), size), "sound");
  std::uint8_t *out = packet->data;
  out[0] = 0xFF;
  out[1] = 0xF1;                                            // MPEG-4, no CRC
  out[2] = 1 << 6 | 3 << 2;                                 // low complexity, 48 kHz
  out[3] = static_cast<std::uint8_t>(2 << 6 | size >> 11);  // two channels
  out[4] = static_cast<std::uint8_t>(size >> 3);
  out[5] = static_cast<std::uint8_t>((size & 7) << 5 | 0x1F);
  out[6] = 0xFC;
  std::memcpy(out + 7, bare.data, static_cast<std::size_t>(bare.size));
  return packet;
}

}  // namespace

Slate::Slate(const HouseFormat &house) {
  const int group = house.video.gop_pictures;
  const CodecPtr video = video_encoder(house.video);
  pictures_ = encode(*video, *black_frame(house.video), group);
  if (pictures_.size() != static_cast<std::size_t>(group))
    throw std::runtime_error("the slate has a wrong length");
  const CodecPtr audio = sound_encoder(house.sound);
  // The last of some: encoders begin with a frame that looks back on nothing.
  auto sounds = encode(*audio, *silent_frame(*audio), 6);
  if (sounds.empty()) throw std::runtime_error("the slate has no sound");
  silence_ = std::move(sounds.back());
  if (house.sound.codec == SoundCodec::aac) silence_ = with_adts(*silence_);
}

const AVPacket &Slate::picture(std::int64_t frame) const {
  return *pictures_[static_cast<std::size_t>(frame) % pictures_.size()];
}

}  // namespace civicast::cable
