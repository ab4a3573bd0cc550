// SPDX-License-Identifier: Apache-2.0
// What a file is, judged by its bytes and not by its name.
#pragma once

#include "host/library/asset.hpp"
#include "host/library/input.hpp"

namespace civicast::library {

struct Media {
  AssetKind kind = AssetKind::video;
  bool is_still = false;  ///< one picture without time
  int video = -1;         ///< stream indexes; -1: there is none
  int audio = -1;
  int orientation = 1;                 ///< as EXIF counts them, 1 to 8
  int width = 0, height = 0;           ///< as displayed; of a still, known only when it is decoded
  bool has_loose_time = false;         ///< a transport or programme stream, made to be cut anywhere
  std::int64_t declared_video_ns = 0;  ///< what the file says it lasts; 0: it does not say
  std::int64_t declared_audio_ns = 0;
  std::int64_t declared_ns = 0;  ///< the same of the whole
};

Result<Media> probe(const std::filesystem::path &file, const std::string &shown);

}  // namespace civicast::library
