// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "plugins/cable/send/pacer.hpp"
#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kRate = 4'000'000, kSecond = 1'000'000'000;
constexpr Pacer::Reading kStart{77 * kSecond, 1'800'000'000 * kSecond};

Pacer::Reading after(std::int64_t mono_ns, std::int64_t utc_ns) {
  return {kStart.mono_ns + mono_ns, kStart.utc_ns + utc_ns};
}

}  // namespace

TEST_CASE("After a second a second's packets are due") {
  Pacer pacer(kRate, kStart);
  std::int64_t due = 0;
  for (std::int64_t t = 0; t <= kSecond; t += 10'000'000) due = pacer.tick(after(t, t), due).due;
  CHECK(due == kRate / (188 * 8));
}

TEST_CASE("A signal that starts between two frames has its first frame at the next") {
  const Pacer pacer(kRate, {0, frame_ns(1000) + 1});
  CHECK(pacer.base() == 1001);
}

TEST_CASE("A clock that drifts is followed slowly, and the plan does not jump") {
  Pacer pacer(kRate, kStart);
  std::int64_t sent = 0;
  for (std::int64_t t = 0; t < 3600 * kSecond; t += 100'000'000) {
    const std::int64_t drifted = t + t / 50'000;  // 20 ppm
    const Pacer::Tick tick = pacer.tick(after(t, drifted), sent);
    REQUIRE(tick.moved_frames == 0);
    sent = tick.due;
  }
  const std::int64_t t = 3600 * kSecond;
  const std::int64_t error = pacer.signal_ns(kStart.mono_ns + t) - (kStart.utc_ns + t + t / 50'000);
  CHECK(std::abs(error) < kFrameNs / 10);
}

TEST_CASE("A step of the clock moves the plan by whole frames and sends no burst") {
  for (const std::int64_t step : {10 * kSecond, -10 * kSecond}) {
    Pacer pacer(kRate, kStart);
    const std::int64_t base = pacer.base();
    const std::int64_t before = pacer.tick(after(kSecond, kSecond), 2600).due;
    const Pacer::Tick tick = pacer.tick(after(kSecond, kSecond + step), before);
    CHECK(tick.moved_frames == step / kFrameNs);
    CHECK(pacer.base() == base + step / kFrameNs);
    CHECK(tick.due == before);
    CHECK_FALSE(tick.is_stall);
  }
}

TEST_CASE("After a stall the signal goes on where it stopped, and the plan where UTC is") {
  Pacer pacer(kRate, kStart);
  const std::int64_t sent = pacer.tick(after(kSecond, kSecond), 2600).due;
  const Pacer::Tick tick = pacer.tick(after(4 * kSecond, 4 * kSecond), sent);
  CHECK(tick.is_stall);
  CHECK(tick.moved_frames == 75);
  CHECK(tick.due - sent < packet_of(1, kRate));
}

TEST_CASE("A delay shorter than a stall loses nothing") {
  Pacer pacer(kRate, kStart);
  const std::int64_t sent = pacer.tick(after(kSecond, kSecond), 2600).due;
  const Pacer::Tick tick = pacer.tick(after(kSecond + 150'000'000, kSecond + 150'000'000), sent);
  CHECK_FALSE(tick.is_stall);
  CHECK(tick.moved_frames == 0);
  CHECK(tick.late_ns > 149'000'000);
}

}  // namespace civicast::cable
