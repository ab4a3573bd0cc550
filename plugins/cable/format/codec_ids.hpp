// SPDX-License-Identifier: Apache-2.0
// The codecs of the house formats, as libavcodec numbers them.
#pragma once

#include "plugins/cable/format/av.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::cable {

inline AVCodecID codec_id_of(formats::VideoCodec codec) {
  switch (codec) {
    case formats::VideoCodec::hevc:
      return AV_CODEC_ID_HEVC;
    case formats::VideoCodec::mpeg2:
      return AV_CODEC_ID_MPEG2VIDEO;
    case formats::VideoCodec::h264:
      break;
  }
  return AV_CODEC_ID_H264;
}

inline AVCodecID codec_id_of(formats::SoundCodec codec) {
  switch (codec) {
    case formats::SoundCodec::aac:
      return AV_CODEC_ID_AAC;
    case formats::SoundCodec::ac3:
      return AV_CODEC_ID_AC3;
    case formats::SoundCodec::mp2:
      break;
  }
  return AV_CODEC_ID_MP2;
}

}  // namespace civicast::cable
