// SPDX-License-Identifier: Apache-2.0
// The preview's pictures where browsers cannot play the house format's: decoded, made small, and
// encoded as H.264.
#pragma once

extern "C" {
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <array>

#include "plugins/cable/format/codec_ids.hpp"

namespace civicast::cable {

class PictureMaker {
 public:
  static constexpr int kWidth = 640, kHeight = 360;

  explicit PictureMaker(const formats::Video &video) {
    const AVCodec *from = avcodec_find_decoder(codec_id_of(video.codec));
    const AVCodec *h264 = avcodec_find_encoder_by_name("libx264");
    if (!from || !h264) throw std::runtime_error("libavcodec lacks a codec of pictures");
    decoder_.reset(avcodec_alloc_context3(from));
    encoder_.reset(avcodec_alloc_context3(h264));
    frame_.reset(av_frame_alloc());
    if (!decoder_ || !encoder_ || !frame_) throw std::bad_alloc();
    decoder_->thread_count = 1;
    av_must(avcodec_open2(decoder_.get(), from, nullptr), from->name);
    encoder_->width = kWidth;
    encoder_->height = kHeight;
    encoder_->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder_->time_base = {1, 90'000};
    encoder_->framerate = {25, 1};
    encoder_->gop_size = 50;
    encoder_->max_b_frames = 0;
    encoder_->bit_rate = 600'000;
    encoder_->thread_count = 1;
    av_opt_set(encoder_->priv_data, "preset", "ultrafast", 0);
    av_opt_set(encoder_->priv_data, "tune", "zerolatency", 0);
    av_must(avcodec_open2(encoder_.get(), h264, nullptr), "libx264");
  }

  /// Gives the small pictures that `packet` completes, in ticks.
  template <class Sink>
  void feed(const AVPacket &packet, Sink &&sink) {
    if (avcodec_send_packet(decoder_.get(), &packet) < 0) return;  // damaged: the next one may do
    while (avcodec_receive_frame(decoder_.get(), frame_.get()) >= 0) {
      const FramePtr small = shrink(*frame_);
      av_must(avcodec_send_frame(encoder_.get(), small.get()), "libx264");
      PacketPtr out = make_packet();
      while (avcodec_receive_packet(encoder_.get(), out.get()) >= 0) sink(*out);
    }
  }

 private:
  struct FreeScaler {
    void operator()(SwsContext *s) const { sws_freeContext(s); }
  };

  /// Of two fields one is shown: they are of two instants, and would look like a comb.
  FramePtr shrink(const AVFrame &from) {
    const int fields = from.interlaced_frame ? 2 : 1;
    const int height = from.height / fields;
    std::array<int, AV_NUM_DATA_POINTERS> strides{};
    std::transform(std::begin(from.linesize), std::end(from.linesize), strides.begin(),
                   [&](int stride) { return stride * fields; });
    scaler_.reset(sws_getCachedContext(scaler_.release(), from.width, height,
                                       static_cast<AVPixelFormat>(from.format), kWidth, kHeight,
                                       AV_PIX_FMT_YUV420P, SWS_AREA, nullptr, nullptr, nullptr));
    FramePtr small(av_frame_alloc());
    if (!scaler_ || !small) throw std::bad_alloc();
    small->width = kWidth;
    small->height = kHeight;
    small->format = AV_PIX_FMT_YUV420P;
    small->pts = from.best_effort_timestamp;
    av_must(av_frame_get_buffer(small.get(), 0), "picture");
    sws_scale(scaler_.get(), from.data, strides.data(), 0, height, small->data, small->linesize);
    return small;
  }

  CodecPtr decoder_, encoder_;
  std::unique_ptr<SwsContext, FreeScaler> scaler_;
  FramePtr frame_;
};

}  // namespace civicast::cable
