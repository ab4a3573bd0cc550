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

using formats::SoundCodec;
using formats::Video;
using formats::VideoCodec;

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

const char *encoder_of(VideoCodec codec) {
  switch (codec) {
    case VideoCodec::h264:
      return "libx264";
    case VideoCodec::hevc:
      return "libx265";
    case VideoCodec::mpeg2:
      break;
  }
  return "mpeg2video";
}

const char *encoder_of(SoundCodec codec) {
  switch (codec) {
    case SoundCodec::mp2:
      return "mp2";
    case SoundCodec::aac:
      return "aac";
    case SoundCodec::ac3:
      break;
  }
  return "ac3";
}

void set_colour(AVCodecContext &codec, formats::Colour colour) {
  codec.color_range = AVCOL_RANGE_MPEG;
  switch (colour) {
    case formats::Colour::bt709:
      codec.colorspace = AVCOL_SPC_BT709;
      codec.color_primaries = AVCOL_PRI_BT709;
      codec.color_trc = AVCOL_TRC_BT709;
      return;
    case formats::Colour::bt470bg:
      codec.colorspace = AVCOL_SPC_BT470BG;
      codec.color_primaries = AVCOL_PRI_BT470BG;
      codec.color_trc = AVCOL_TRC_GAMMA28;
      return;
    case formats::Colour::smpte170m:
      codec.colorspace = AVCOL_SPC_SMPTE170M;
      codec.color_primaries = AVCOL_PRI_SMPTE170M;
      codec.color_trc = AVCOL_TRC_SMPTE170M;
  }
}

void set_common(AVCodecContext &codec, const Video &format) {
  codec.width = format.width;
  codec.height = format.height;
  codec.pix_fmt = AV_PIX_FMT_YUV420P;
  codec.time_base = {1, house_fps};
  codec.framerate = {house_fps, 1};
  codec.sample_aspect_ratio = {format.pixel_width, format.pixel_height};
  set_colour(codec, format.colour);
  codec.bit_rate = format.bits_per_s;
  codec.rc_min_rate = codec.rc_max_rate = format.bits_per_s;
  codec.rc_buffer_size = static_cast<int>(format.vbv_bits);
  codec.gop_size = codec.keyint_min = format.gop_pictures;
  codec.max_b_frames = 0;
  codec.thread_count = 0;
  codec.flags |= AV_CODEC_FLAG_CLOSED_GOP;
  if (!format.is_interlaced()) return;
  codec.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
  codec.field_order = format.scan == formats::Scan::top_first ? AV_FIELD_TT : AV_FIELD_BB;
}

AVDictionary *h264_options(const Video &format, Encoder::Motion motion) {
  AVDictionary *options = nullptr;
  av_dict_set(&options, "preset", motion == Encoder::Motion::film ? film_preset : still_preset, 0);
  av_dict_set(&options, "profile", format.profile.c_str(), 0);
  av_dict_set(&options, "level", format.level.c_str(), 0);
  av_dict_set(&options, "nal-hrd", "cbr", 0);
  av_dict_set(&options, "aud", "1", 0);
  const char *order = !format.is_interlaced()                      ? ""
                      : format.scan == formats::Scan::bottom_first ? ":bff=1"
                                                                   : ":tff=1";
  av_dict_set(&options, "x264-params", (std::string("scenecut=0:force-cfr=1") + order).c_str(), 0);
  return options;
}

AVDictionary *hevc_options(const Video &format) {
  AVDictionary *options = nullptr;
  av_dict_set(&options, "preset", hevc_preset, 0);
  av_dict_set(&options, "profile", format.profile.c_str(), 0);
  av_dict_set(&options, "x265-params",
              fmt::format("level-idc={}:hrd=1:strict-cbr=1:aud=1:repeat-headers=1:open-gop=0:"
                          "bframes=0:keyint={}:min-keyint={}:scenecut=0:info=0:log-level=none",
                          format.level, format.gop_pictures, format.gop_pictures)
                  .c_str(),
              0);
  return options;
}

/// A sequence header stands before each I picture. What libav calls low delay is that a picture is
/// shown when it is decoded, as it can be without B pictures: PTS is DTS.
AVDictionary *mpeg2_options(AVCodecContext &codec, const Video &format) {
  constexpr int main_level = 8, high_level = 4;  // H.262 table 8-3
  codec.flags |= AV_CODEC_FLAG_LOW_DELAY;
  codec.profile = FF_PROFILE_MPEG2_MAIN;
  codec.level = format.level == "main" ? main_level : high_level;
  codec.thread_count = 1;  // slices of their own would cost bits and change with the machine
  codec.rc_initial_buffer_occupancy = static_cast<int>(format.vbv_bits / 10 * 9);
  // The coarse end of the non-linear scale lets the busiest picture fit.
  codec.qmax = 28;
  AVDictionary *options = nullptr;
  av_dict_set(&options, "sc_threshold", "1000000000", 0);
  av_dict_set(&options, "non_linear_quant", "1", 0);
  av_dict_set(&options, "intra_vlc", "1", 0);
  av_dict_set(&options, "seq_disp_ext", "always", 0);
  return options;
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

Encoder Encoder::video(const Video &format, Sets sets, Motion motion) {
  av::Codec codec = codec_named(encoder_of(format.codec));
  set_common(*codec, format);
  if (sets == Sets::apart) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  switch (format.codec) {
    case VideoCodec::h264:
      open(*codec, h264_options(format, motion));
      break;
    case VideoCodec::hevc:
      open(*codec, hevc_options(format));
      break;
    case VideoCodec::mpeg2:
      open(*codec, mpeg2_options(*codec, format));
  }
  return Encoder(std::move(codec));
}

Encoder Encoder::sound(const formats::Sound &format) {
  av::Codec codec =
      sound_codec(encoder_of(format.codec), sample_format(format.codec), format.bits_per_s);
  // The muxer of a TS makes each frame's own header out of this one.
  if (format.codec == SoundCodec::aac) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  open(*codec, nullptr);
  if (codec->frame_size != format.frame_samples ||
      codec->initial_padding != encoder_delay(format.codec))
    throw std::logic_error(std::string(codec->codec->name) + " does not count as it should");
  return Encoder(std::move(codec));
}

Encoder Encoder::mp4_sound() {
  av::Codec codec = sound_codec("aac", AV_SAMPLE_FMT_FLTP, mp4_aac_bits);
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
    if (timed->nb_samples == 0) {
      // The format says how its pictures are coded, whatever the source was.
      timed->interlaced_frame =
          codec_->field_order == AV_FIELD_TT || codec_->field_order == AV_FIELD_BB;
      timed->top_field_first = codec_->field_order == AV_FIELD_TT;
    }
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

int encoder_delay(SoundCodec codec) {
  switch (codec) {
    case SoundCodec::mp2:
      return 481;
    case SoundCodec::aac:
      return 1024;
    case SoundCodec::ac3:
      break;
  }
  return 256;
}

AVSampleFormat sample_format(SoundCodec codec) {
  return codec == SoundCodec::mp2 ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_FLTP;
}

}  // namespace civicast::library
