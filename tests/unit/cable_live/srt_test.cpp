// SPDX-License-Identifier: Apache-2.0
// A live input over SRT on air; the ffmpeg program is the far side, called or calling.
#include <catch2/catch.hpp>

#include "tests/unit/cable_live/live_rig.hpp"

namespace civicast::cable {
namespace {

/// A break of three seconds is cut into the input, wherever that has come from.
void cut_a_break_into(const std::string &url) {
  LiveRig rig;
  rig.plan({.id = "live", .live = url, .after_ms = 1000, .frames = 4000});
  REQUIRE(rig.airs("live", 50, 25'000));
  REQUIRE(rig.airs_spot());
  // It goes on behind the break; nothing else was shown from its first picture on.
  const Engine::Status before = rig.engine.status();
  CHECK(rig.airs("live", 50, 10'000));
  const Engine::Status after = rig.engine.status();
  CHECK(after.slate_frames == before.slate_frames);
  CHECK(after.live.at(url).is_on_air);
  CHECK(after.live.at(url).trouble.empty());
  rig.check_signal();
}

}  // namespace

TEST_CASE("A live input that we call over SRT is on air, and a break is cut into it") {
  const std::string url = "srt://127.0.0.1:" + std::to_string(free_port());
  const Program far = far_over_srt(url + "?mode=listener");
  cut_a_break_into(url);
}

TEST_CASE("A live input that calls us over SRT is on air, and a break is cut into it") {
  const std::string address = "srt://127.0.0.1:" + std::to_string(free_port());
  const Program far = far_over_srt(address);
  cut_a_break_into(address + "?mode=listener");
}

TEST_CASE("A caller over SRT that goes away is waited for, and taken up again when it comes back") {
  const std::string address = "srt://127.0.0.1:" + std::to_string(free_port());
  const std::string url = address + "?mode=listener";
  const std::string filler = house_file({.frames = 150, .picture = "smptebars"});
  LiveRig rig;
  rig.plan({"live", Kind::programme, filler, url, 1000, 3000, 150});
  {
    const Program far = far_over_srt(address);
    REQUIRE(rig.airs("live", 50, 25'000));
  }
  const std::int64_t standby = rig.engine.status().standby_frames;
  REQUIRE(rig.run_until(rig.elapsed_ms() + 25'000, [&] {
    const Engine::Status status = rig.engine.status();
    return status.standby_frames > standby + 30 && status.live.at(url).losses >= 1;
  }));
  const Program far = far_over_srt(address);
  CHECK(rig.run_until(rig.elapsed_ms() + 25'000,
                      [&] { return rig.engine.status().live.at(url).is_on_air; }));
  rig.check_signal();
}

TEST_CASE("An SRT input that nobody answers is away, says so, and does not hold up the signal") {
  const std::string url = "srt://127.0.0.1:" + std::to_string(free_port());
  LiveRig rig;
  rig.plan({.id = "live", .live = url, .after_ms = 500, .frames = 1000});
  REQUIRE(rig.run_until(40'000, [&] {
    const auto live = rig.engine.status().live;
    return live.count(url) == 1 && live.at(url).losses > 0;
  }));
  const Engine::Status status = rig.engine.status();
  CHECK(status.live.at(url).trouble.find("直播输入中断") != std::string::npos);
  CHECK(status.slate_frames == status.frames_sent);
  rig.check_signal();
}

}  // namespace civicast::cable
