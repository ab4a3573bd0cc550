// SPDX-License-Identifier: Apache-2.0
// libav's encoders, set to a house format.
#pragma once

#include <functional>

#include "host/library/av.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::library {

class Encoder {
 public:
  /// Parameter sets stand before each IDR picture, as a TS needs them, or apart, as an MP4 does.
  enum class Sets { in_band, apart };
  /// In a still there is no motion to search for. The parameter sets are the same.
  enum class Motion { film, still };
  /// Constant bit rate, closed groups of one length, no B-frames.
  static Encoder video(const formats::Video &format, Sets sets, Motion motion);
  static Encoder sound(const formats::Sound &format);
  static Encoder mp4_sound();  ///< AAC-LC

  using Take = std::function<void(AVPacket &)>;
  /// Encodes `frame` as the next one; a null frame ends the stream.
  void put(const AVFrame *frame, const Take &take);
  const AVCodecContext &codec() const { return *codec_; }

 private:
  explicit Encoder(av::Codec codec) : codec_(std::move(codec)) {}
  av::Codec codec_;
  av::Packet packet_ = av::new_packet();
  std::int64_t next_pts_ = 0;
};

/// Samples that libav's encoder of this sound puts before the first that it is given. They are left
/// out of what it is given, so that the first packet, stamped like the first picture, still sounds
/// when it should.
int encoder_delay(formats::SoundCodec codec);
/// The kind of samples that it takes.
AVSampleFormat sample_format(formats::SoundCodec codec);

}  // namespace civicast::library
