// SPDX-License-Identifier: Apache-2.0
// The preview's sound: the house format's in, AAC out. Times follow the input, so a drop leaves a
// gap and no drift.
#pragma once

extern "C" {
#include <libavutil/audio_fifo.h>
}

#include "plugins/cable/format/codec_ids.hpp"

namespace civicast::cable {

struct FreeFifo {
  void operator()(AVAudioFifo *f) const { av_audio_fifo_free(f); }
};

class SoundMaker {
 public:
  explicit SoundMaker(formats::SoundCodec codec) {
    // All three give planar floats, as the encoder takes them.
    const AVCodec *from = codec == formats::SoundCodec::mp2
                              ? avcodec_find_decoder_by_name("mp2float")
                              : avcodec_find_decoder(codec_id_of(codec));
    const AVCodec *aac = avcodec_find_encoder(AV_CODEC_ID_AAC);
    if (!from || !aac) throw std::runtime_error("libavcodec lacks a codec of sound");
    decoder_.reset(avcodec_alloc_context3(from));
    encoder_.reset(avcodec_alloc_context3(aac));
    if (!decoder_ || !encoder_) throw std::bad_alloc();
    av_must(avcodec_open2(decoder_.get(), from, nullptr), from->name);
    encoder_->sample_rate = 48'000;
    encoder_->sample_fmt = AV_SAMPLE_FMT_FLTP;
    encoder_->ch_layout = AV_CHANNEL_LAYOUT_STEREO;
    encoder_->bit_rate = 128'000;
    encoder_->time_base = {1, 48'000};
    av_must(avcodec_open2(encoder_.get(), aac, nullptr), "aac");
    fifo_.reset(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, 2, 8192));
    frame_.reset(av_frame_alloc());
    if (!fifo_ || !frame_) throw std::bad_alloc();
  }

  const AVCodecContext &encoder() const { return *encoder_; }

  template <class Sink>
  void feed(const AVPacket &packet, std::int64_t ticks, Sink &&sink) {
    if (avcodec_send_packet(decoder_.get(), &packet) < 0) return;  // damaged: silence in a preview
    while (avcodec_receive_frame(decoder_.get(), frame_.get()) >= 0) {
      if (frame_->ch_layout.nb_channels != 2) continue;
      const std::int64_t held = av_audio_fifo_size(fifo_.get());
      next_sample_ = av_rescale(ticks, 8, 15) - held;  // 48 kHz out of 90 kHz
      auto **data = reinterpret_cast<void **>(frame_->extended_data);
      av_must(av_audio_fifo_write(fifo_.get(), data, frame_->nb_samples), "fifo");
    }
    while (av_audio_fifo_size(fifo_.get()) >= encoder_->frame_size) encode(sink);
  }

 private:
  template <class Sink>
  void encode(Sink &sink) {
    FramePtr frame(av_frame_alloc());
    if (!frame) throw std::bad_alloc();
    frame->nb_samples = encoder_->frame_size;
    frame->format = encoder_->sample_fmt;
    frame->sample_rate = encoder_->sample_rate;
    av_must(av_channel_layout_copy(&frame->ch_layout, &encoder_->ch_layout), "layout");
    av_must(av_frame_get_buffer(frame.get(), 0), "sound");
    auto **data = reinterpret_cast<void **>(frame->extended_data);
    av_must(av_audio_fifo_read(fifo_.get(), data, frame->nb_samples), "fifo");
    frame->pts = next_sample_;
    next_sample_ += frame->nb_samples;
    av_must(avcodec_send_frame(encoder_.get(), frame.get()), "aac");
    PacketPtr packet = make_packet();
    while (avcodec_receive_packet(encoder_.get(), packet.get()) >= 0) sink(*packet);
  }

  CodecPtr decoder_, encoder_;
  std::unique_ptr<AVAudioFifo, FreeFifo> fifo_;
  FramePtr frame_;
  std::int64_t next_sample_ = 0;
};

}  // namespace civicast::cable
