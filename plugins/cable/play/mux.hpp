// SPDX-License-Identifier: Apache-2.0
// The muxer: one libavformat MPEG-TS muxer for a session's whole life, writing into a PacketRing.
// It is told frame numbers, never timestamps, so no clip can disturb the clock.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>

#include "plugins/cable/format/av.hpp"
#include "plugins/cable/format/codec_ids.hpp"
#include "plugins/cable/ts/ring.hpp"
#include "plugins/cable/ts/splice.hpp"

namespace civicast::cable {

/// Between a picture's first packet and its decoding; the decoder's buffer of 0.5 s fits in.
constexpr std::int64_t kMuxDelayTicks = 63'000;

struct MuxSettings {
  const formats::HouseFormat &house;
  std::int64_t first_dts = 0;    ///< ticks of out frame 0, before the muxer's own delay
  bool is_continuation = false;  ///< nothing in the signal may say that this muxer is new
};

class Mux {
 public:
  /// What it makes goes through `splice` into `ring`.
  Mux(PacketRing &ring, Splice &splice, const MuxSettings &settings);
  ~Mux();
  Mux(const Mux &) = delete;
  Mux &operator=(const Mux &) = delete;

  /// Where in the ring a picture lies: its first packet and the one after its last.
  struct Place {
    std::int64_t first = 0, end = 0;
    std::int64_t pts = 0;  ///< as sent, 33 bits
  };
  Place video(const AVPacket &picture, std::int64_t out_frame);
  void audio(const AVPacket &sound, std::int64_t audio_frame);
  /// The sound that the muxer still collects for one unit. Nothing may be written afterwards.
  void flush();

 private:
  static int on_bytes(void *self, std::uint8_t *bytes, int size);
  void write(const AVPacket &packet, int stream, std::int64_t ticks);

  void check(int result, const char *what);

  PacketRing &ring_;
  Splice &splice_;
  MuxSettings settings_;
  AVFormatContext *format_ = nullptr;
  AVIOContext *io_ = nullptr;
  PacketPtr scratch_;
  std::exception_ptr failure_;  ///< what on_bytes met; C code lies between it and us
};

}  // namespace civicast::cable
