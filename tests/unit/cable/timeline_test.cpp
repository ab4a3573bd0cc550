// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

/// One frame of MPEG-1 Layer II, AC-3 and AAC at 48 kHz, and the pictures after which it and a
/// picture end together.
struct Grid {
  std::int64_t ticks, pictures;
};
constexpr Grid kGrids[] = {{2160, 3}, {2880, 4}, {1920, 8}};
constexpr std::int64_t kLayer2 = 2160;

}  // namespace

TEST_CASE("Any instant belongs to the nearest frame, and a frame's own instant to itself") {
  for (const std::int64_t frame : {std::int64_t{0}, std::int64_t{45'000'000'001}}) {
    CHECK(frame_near(frame_ns(frame)) == frame);
    CHECK(frame_near(frame_ns(frame) + 19'999'999) == frame);
    CHECK(frame_near(frame_ns(frame) - 20'000'000) == frame);
    CHECK(frame_near(frame_ns(frame) + 20'000'000) == frame + 1);
  }
}

TEST_CASE("Sound never drifts from picture: on the grid both end together, for ever") {
  for (const Grid &grid : kGrids) {
    std::int64_t next = 0;
    for (std::int64_t frame = 0; frame < 300'000; ++frame) {
      const AudioSpan span = audio_of(frame, grid.ticks);
      REQUIRE(span.first == next);
      next = span.end;
      const std::int64_t lead = next * grid.ticks - (frame + 1) * kVideoTicks;
      REQUIRE(lead >= 0);
      REQUIRE(lead < grid.ticks);
      if ((frame + 1) % grid.pictures == 0) REQUIRE(lead == 0);
    }
  }
}

TEST_CASE("A clip that begins on the 120 ms grid brings exactly its own sound frames") {
  for (const std::int64_t origin : {0, 3, 75, 1'000'002}) {
    const std::int64_t first = audio_of(origin, kLayer2).first;
    for (std::int64_t i = 0; i < 125; ++i) REQUIRE(clip_audio(first + i, origin, kLayer2) == i);
  }
}

TEST_CASE("Off the grid the sound is at most half a sound frame away from its picture") {
  for (std::int64_t origin = 0; origin < 30; ++origin)
    for (std::int64_t i = 0; i < 100; ++i) {
      const std::int64_t audio = audio_of(origin, kLayer2).first + i;
      const std::int64_t index = clip_audio(audio, origin, kLayer2);
      const std::int64_t error = audio * kLayer2 - (origin * kVideoTicks + index * kLayer2);
      REQUIRE(std::abs(error) <= kLayer2 / 2);
    }
}

TEST_CASE("Packets are counted in whole numbers: a day of 4 Mb/s is off by less than one") {
  constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 25;
  const std::int64_t bits = packet_of(kDay, 4'000'000) * 188 * 8;
  CHECK(bits >= std::int64_t{24} * 3600 * 4'000'000);
  CHECK(bits < std::int64_t{24} * 3600 * 4'000'000 + 188 * 8);
}

}  // namespace civicast::cable
