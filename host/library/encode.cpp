// SPDX-License-Identifier: Apache-2.0
#include "host/library/encode.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
}

#include <fmt/format.h>

#include <stdexcept>

#include "host/library/house.hpp"

namespace civicast::library {
namespace {

av::Codec codec_named(const char *name) {
  const AVCodec *kind = avcodec_find_encoder_by_name(name);
  if (kind == nullptr) throw std::runtime_error(std::string("libav lacks the encoder ") + name);
  av::Codec codec(avcodec_alloc_context3(kind));
  if (!codec) throw std::bad_alloc();
  return codec;
}

void open(AVCodecContext &codec, AVDictionary *options) {
  const int code = avcodec_open2(&codec, nullptr, &options);
  av_dict_free(&options);
  av::must(code, codec.codec->name);
}

av::Codec sound_codec(const char *name, AVSampleFormat format, std::int64_t bits) {
  av::Codec codec = codec_named(name);
  codec->sample_rate = house_sample_rate;
  codec->sample_fmt = format;
  codec->bit_rate = bits;
  codec->time_base = {1, house_sample_rate};
  av_channel_layout_default(&codec->ch_layout, 2);
  return codec;
}

}  // namespace

Encoder Encoder::video(Sets sets, Motion motion) {
  av::Codec codec = codec_named("libx264");
  codec->width = house_width;
  codec->height = house_height;
  codec->pix_fmt = AV_PIX_FMT_YUV420P;
  codec->time_base = {1, house_fps};
  codec->framerate = {house_fps, 1};
  codec->sample_aspect_ratio = {1, 1};
  codec->color_range = AVCOL_RANGE_MPEG;
  codec->colorspace = AVCOL_SPC_BT709;
  codec->color_primaries = AVCOL_PRI_BT709;
  codec->color_trc = AVCOL_TRC_BT709;
  codec->bit_rate = house_video_bits;
  codec->rc_min_rate = codec->rc_max_rate = house_video_bits;
  codec->rc_buffer_size = static_cast<int>(house_vbv_bits);
  codec->gop_size = codec->keyint_min = house_gop;
  codec->max_b_frames = 0;
  codec->thread_count = 0;
  codec->flags |= AV_CODEC_FLAG_CLOSED_GOP;
  if (sets == Sets::apart) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AVDictionary *options = nullptr;
  av_dict_set(&options, "preset", motion == Motion::film ? film_preset : still_preset, 0);
  av_dict_set(&options, "profile", "high", 0);
  av_dict_set(&options, "level", "3.1", 0);
  av_dict_set(&options, "nal-hrd", "cbr", 0);
  av_dict_set(&options, "aud", "1", 0);
  av_dict_set(&options, "x264-params", "scenecut=0:force-cfr=1", 0);
  open(*codec, options);
  return Encoder(std::move(codec));
}

Encoder Encoder::layer2() {
  av::Codec codec = sound_codec("mp2", AV_SAMPLE_FMT_S16, layer2_bits);
  open(*codec, nullptr);
  return Encoder(std::move(codec));
}

Encoder Encoder::aac() {
  av::Codec codec = sound_codec("aac", AV_SAMPLE_FMT_FLTP, aac_bits);
  codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  open(*codec, nullptr);
  return Encoder(std::move(codec));
}

void Encoder::put(const AVFrame *frame, const Take &take) {
  av::Frame timed;
  if (frame != nullptr) {
    timed = av::share(*frame);
    timed->pts = next_pts_;
    timed->pict_type = AV_PICTURE_TYPE_NONE;
    next_pts_ += timed->nb_samples > 0 ? timed->nb_samples : 1;
  }
  av::must(avcodec_send_frame(codec_.get(), timed.get()), codec_->codec->name);
  for (;;) {
    const int code = avcodec_receive_packet(codec_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    av::must(code, codec_->codec->name);
    take(*packet_);
    av_packet_unref(packet_.get());
  }
}

}  // namespace civicast::library
