// SPDX-License-Identifier: Apache-2.0
// The demuxer of one house file: whole pictures and whole sound frames with the file's own times.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "plugins/cable/format/av.hpp"

namespace civicast::cable {

/// One picture (an H.264 access unit) or one MPEG-1 Layer II frame.
struct Unit {
  bool is_video = false;
  std::int64_t pts = 0, dts = 0;  ///< ticks
  PacketPtr packet;               ///< null: there is no unit
  explicit operator bool() const { return packet != nullptr; }
};

class Demux {
 public:
  /// Throws std::runtime_error with what is wrong with the file.
  explicit Demux(const std::string &path);

  const AVCodecParameters *video() const;  ///< null: the file has none
  const AVCodecParameters *audio() const;

  /// The next unit; none at the end of the file. Throws std::runtime_error when it cannot be read.
  Unit next();
  /// Goes to the picture of time `pts`, or to one before it.
  void seek(std::int64_t pts);

 private:
  void split(const AVPacket &pes);
  InputPtr format_;
  int video_ = -1, audio_ = -1;
  std::deque<Unit> sounds_;  ///< of the last PES packet, which carries several
};

/// The length in bytes of the MPEG-1 Layer II frame that begins at `bytes`; 0 if none does.
std::size_t layer2_frame_bytes(const std::uint8_t *bytes, std::size_t size);

}  // namespace civicast::cable
