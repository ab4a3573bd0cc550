// SPDX-License-Identifier: Apache-2.0
// libav's encoders, set to the house format.
#pragma once

#include <functional>

#include "host/library/av.hpp"

namespace civicast::library {

class Encoder {
 public:
  /// Parameter sets stand before each IDR picture, as a TS needs them, or apart, as an MP4 does.
  enum class Sets { in_band, apart };
  /// In a still there is no motion to search for. The parameter sets are the same.
  enum class Motion { film, still };
  /// H.264 high, CBR, closed GOP of 25, no B-frames.
  static Encoder video(Sets sets, Motion motion);
  static Encoder layer2();  ///< MPEG-1 Layer II
  static Encoder aac();     ///< AAC-LC

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

}  // namespace civicast::library
