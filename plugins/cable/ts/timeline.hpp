// SPDX-License-Identifier: Apache-2.0
// Integer time: which video and audio frame belongs to which instant; never a float, never a drift.
//
// A plan frame is UTC cut into 40 ms pieces since 1970, so the frame of an instant is the same in
// every process and after every restart. An out frame counts the frames of one muxer session from
// 0. Ticks are those of the 90 kHz clock of MPEG-2 systems.
#pragma once

#include <cstdint>

namespace civicast::cable {

constexpr std::int64_t kFrameNs = 40'000'000;  ///< 25 pictures a second
constexpr std::int64_t kVideoTicks = 3600;
constexpr std::int64_t kClockWrap = std::int64_t{1} << 33;
constexpr std::int64_t kPacketBytes = 188;
constexpr std::int64_t kDatagramPackets = 7;

/// Rounded towards minus infinity, unlike `/`. `b` is positive.
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}
constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return -floor_div(-a, b);
}

/// The plan frame whose start is nearest to an instant.
constexpr std::int64_t frame_near(std::int64_t utc_ns) {
  return floor_div(utc_ns + kFrameNs / 2, kFrameNs);
}
constexpr std::int64_t frame_ns(std::int64_t plan_frame) {
  return plan_frame * kFrameNs;
}

/// A half-open range of audio frames, counted from the session's first.
struct AudioSpan {
  std::int64_t first = 0, end = 0;
};

/// The audio frames, each `ticks` long, to be sent with out frame `frame`: those that begin before
/// its end and were not sent with an earlier one. Of MPEG-1 Layer II (2160 ticks) there are always
/// five over three video frames.
constexpr AudioSpan audio_of(std::int64_t frame, std::int64_t ticks) {
  return {ceil_div(frame * kVideoTicks, ticks), ceil_div((frame + 1) * kVideoTicks, ticks)};
}

/// Which of a clip's own audio frames is nearest to the session's audio frame `audio` when the
/// clip's frame 0 stands at out frame `origin`. Negative before the clip's first.
constexpr std::int64_t clip_audio(std::int64_t audio, std::int64_t origin, std::int64_t ticks) {
  return floor_div(audio * ticks - origin * kVideoTicks + ticks / 2, ticks);
}

/// The packet that goes out when the turn of out frame `frame` begins, in a signal of `rate` bit/s.
constexpr std::int64_t packet_of(std::int64_t frame, std::int64_t rate) {
  constexpr std::int64_t kPacketBits = kPacketBytes * 8;
  return ceil_div(frame * (rate / 25), kPacketBits);
}

}  // namespace civicast::cable
