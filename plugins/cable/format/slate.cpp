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

constexpr int kWidth = 1280, kHeight = 720;

CodecPtr open_encoder(const char *name, void (*set_up)(AVCodecContext &)) {
  const AVCodec *codec = avcodec_find_encoder_by_name(name);
  if (!codec) throw std::runtime_error(std::string("libavcodec has no encoder ") + name);
  CodecPtr context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  set_up(*context);
  av_must(avcodec_open2(context.get(), codec, nullptr), name);
  return context;
}

/// As house files are made, so that a decoder keeps its set-up when the slate comes and goes.
void set_up_video(AVCodecContext &c) {
  c.width = kWidth;
  c.height = kHeight;
  c.pix_fmt = AV_PIX_FMT_YUV420P;
  c.time_base = {1, 25};
  c.framerate = {25, 1};
  c.gop_size = static_cast<int>(kGopFrames);
  c.keyint_min = static_cast<int>(kGopFrames);
  c.max_b_frames = 0;
  c.bit_rate = c.rc_max_rate = c.rc_min_rate = 3'200'000;
  c.rc_buffer_size = 1'600'000;
  c.profile = FF_PROFILE_H264_HIGH;
  c.thread_count = 1;
  c.color_range = AVCOL_RANGE_MPEG;
  c.colorspace = AVCOL_SPC_BT709;
  c.color_primaries = AVCOL_PRI_BT709;
  c.color_trc = AVCOL_TRC_BT709;
  av_opt_set(c.priv_data, "preset", "ultrafast", 0);
  av_opt_set(c.priv_data, "nal-hrd", "cbr", 0);
  av_opt_set(c.priv_data, "aud", "1", 0);
  av_opt_set(c.priv_data, "x264-params",
             "cabac=1:8x8dct=1:scenecut=0:open-gop=0:bframes=0:repeat-headers=1", 0);
}

void set_up_audio(AVCodecContext &c) {
  c.sample_rate = 48'000;
  c.sample_fmt = AV_SAMPLE_FMT_S16;
  c.ch_layout = AV_CHANNEL_LAYOUT_STEREO;
  c.bit_rate = 192'000;
  c.time_base = {1, 48'000};
}

FramePtr black_frame() {
  FramePtr frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  frame->width = kWidth;
  frame->height = kHeight;
  frame->format = AV_PIX_FMT_YUV420P;
  av_must(av_frame_get_buffer(frame.get(), 0), "black frame");
  for (int plane = 0; plane < 3; ++plane) {
    const int rows = plane == 0 ? kHeight : kHeight / 2;
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

}  // namespace

Slate::Slate() {
  const CodecPtr video = open_encoder("libx264", set_up_video);
  pictures_ = encode(*video, *black_frame(), static_cast<int>(kGopFrames));
  if (static_cast<std::int64_t>(pictures_.size()) != kGopFrames)
    throw std::runtime_error("the slate has a wrong length");
  const CodecPtr audio = open_encoder("mp2", set_up_audio);
  auto sounds = encode(*audio, *silent_frame(*audio), 4);
  silence_ = std::move(sounds.back());
}

const AVPacket &Slate::picture(std::int64_t frame) const {
  return *pictures_[static_cast<std::size_t>(frame % kGopFrames)];
}

}  // namespace civicast::cable
