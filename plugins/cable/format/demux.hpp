// SPDX-License-Identifier: Apache-2.0
// The demuxer of one house file: whole pictures and whole sound frames with the file's own times.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "plugins/cable/format/av.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::cable {

/// One picture (an access unit) or one frame of sound.
struct Unit {
  bool is_video = false;
  std::int64_t pts = 0, dts = 0;  ///< ticks
  PacketPtr packet;               ///< null: there is no unit
  explicit operator bool() const { return packet != nullptr; }
};

/// The sound frames of one PES packet, which carries several. Throws std::runtime_error.
void split_sound(const AVPacket &pes, const formats::HouseFormat &house, std::deque<Unit> &to);

class Demux {
 public:
  /// Throws std::runtime_error with what is wrong with the file.
  Demux(const std::string &path, const formats::HouseFormat &house);

  const AVCodecParameters *video() const;  ///< null: the file has none
  const AVCodecParameters *audio() const;

  /// The next unit; none at the end of the file. Throws std::runtime_error when it cannot be read.
  Unit next();
  /// Goes to the picture of time `pts`, or to one before it.
  void seek(std::int64_t pts);

 private:
  const formats::HouseFormat &house_;
  InputPtr format_;
  int video_ = -1, audio_ = -1;
  std::deque<Unit> sounds_;  ///< of the last PES packet, which carries several
};

}  // namespace civicast::cable
