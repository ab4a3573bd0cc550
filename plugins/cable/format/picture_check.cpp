// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/picture_check.hpp"

#include "plugins/cable/format/codec_ids.hpp"
#include "plugins/cable/format/flaw.hpp"

namespace civicast::cable {
namespace {

bool is_codec(formats::SoundCodec codec, AVCodecID id) {
  // libavformat names Layers II and III by one type.
  return id == codec_id_of(codec) || (codec == formats::SoundCodec::mp2 && id == AV_CODEC_ID_MP3);
}

/// The first picture as a decoder shows it. Throws Flaw when it cannot be decoded alone.
FramePtr first_picture(const formats::Video &video, const AVPacket &packet) {
  const AVCodec *codec = avcodec_find_decoder(codec_id_of(video.codec));
  const CodecPtr context(avcodec_alloc_context3(codec));
  FramePtr frame(av_frame_alloc());
  if (!context || !frame) throw std::bad_alloc();
  context->thread_count = 1;
  av_must(avcodec_open2(context.get(), codec, nullptr), "decoder");
  if (avcodec_send_packet(context.get(), &packet) < 0 ||
      avcodec_send_packet(context.get(), nullptr) < 0 ||
      avcodec_receive_frame(context.get(), frame.get()) < 0)
    throw Flaw("media.undecodable",
               "第一帧画面无法单独解码。 · The first picture cannot be decoded by itself.");
  return frame;
}

std::string shape_of(int width, int height, bool is_interlaced) {
  return std::to_string(width) + "×" + std::to_string(height) + (is_interlaced ? "i" : "p");
}

}  // namespace

void check_picture(const formats::Video &video, const AVPacket &first) {
  const FramePtr frame = first_picture(video, first);
  const std::string wanted = shape_of(video.width, video.height, video.is_interlaced());
  const std::string found = shape_of(frame->width, frame->height, frame->interlaced_frame);
  if (found != wanted)
    throw Flaw("media.size", "画面不是 " + wanted + "。 · The picture is not " + wanted + ".",
               found);
  const bool is_top_first = video.scan == formats::Scan::top_first;
  if (video.is_interlaced() && (frame->top_field_first != 0) != is_top_first)
    throw Flaw("media.field_order", "场序与频道不符。 · Its fields are not in the channel's order.",
               is_top_first ? "bottom first" : "top first");
}

void check_codecs(const formats::HouseFormat &house, const AVCodecParameters *picture,
                  const AVCodecParameters *sound_parameters) {
  const std::string video = formats::name_of(house.video.codec);
  const std::string sound = formats::name_of(house.sound.codec);
  if (!picture || picture->codec_id != codec_id_of(house.video.codec))
    throw Flaw("media.picture_codec",
               "画面编码不是 " + video + "。 · The picture is not " + video + ".");
  if (!sound_parameters || !is_codec(house.sound.codec, sound_parameters->codec_id))
    throw Flaw("media.sound_codec",
               "声音编码不是 " + sound + "。 · The sound is not " + sound + ".");
}

}  // namespace civicast::cable
