// SPDX-License-Identifier: Apache-2.0
// From what libavformat reads to whole pictures and whole frames of sound, in order.
#pragma once

#include <cstdint>
#include <deque>

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

class UnitSorter {
 public:
  explicit UnitSorter(const formats::HouseFormat &house) : house_(house) {}

  /// The first stream of pictures and the first of sound. A live input names them when its tables
  /// come by: then again.
  void find_streams(const AVFormatContext &input);
  bool has_both() const { return video_ && audio_; }
  const AVStream *video() const { return video_; }  ///< null: there is none
  const AVStream *audio() const { return audio_; }

  /// A packet of any stream. Throws std::runtime_error when its sound cannot be taken apart.
  void put(PacketPtr packet);
  /// The next unit of what was put; none: put more.
  Unit take();
  void clear() { waiting_.clear(); }

 private:
  void split_sound(const AVPacket &pes);

  const formats::HouseFormat &house_;
  const AVStream *video_ = nullptr, *audio_ = nullptr;
  std::deque<Unit> waiting_;
};

}  // namespace civicast::cable
