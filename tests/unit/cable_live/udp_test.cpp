// SPDX-License-Identifier: Apache-2.0
// A live input over UDP on air, on the machine's own clock; the ffmpeg program is the far side.
#include <catch2/catch.hpp>

#include "tests/unit/cable_live/live_rig.hpp"

namespace civicast::cable {
namespace {

std::string free_udp() {
  return "udp://127.0.0.1:" + std::to_string(free_port());
}

}  // namespace

TEST_CASE("A live input is on air, a break is cut into it, and it comes back without black") {
  const std::string url = free_udp();
  const Program far = far_side(url + "?pkt_size=1316");
  LiveRig rig;
  rig.plan({.id = "live", .live = url, .after_ms = 1000, .frames = 4000});
  REQUIRE(rig.airs("live", 50, 25'000));
  const std::int64_t black = rig.engine.status().slate_frames;
  REQUIRE(rig.airs_spot());
  CHECK(rig.airs("live", 50, 10'000));
  CHECK(rig.engine.status().slate_frames == black);
  rig.check_signal();
}

TEST_CASE("While a live input is away its own file stands in, and it is taken up again by itself") {
  const std::string url = free_udp();
  const std::string filler = house_file({.frames = 150, .picture = "smptebars"});
  LiveRig rig;
  rig.plan({"live", Kind::programme, filler, url, 2000, 1400, 150});
  {
    const Program far = far_side(url + "?pkt_size=1316");
    REQUIRE(rig.airs("live", 20, 20'000));
  }
  const std::int64_t standby = rig.engine.status().standby_frames;
  REQUIRE(rig.run_until(rig.elapsed_ms() + 20'000,
                        [&] { return rig.engine.status().standby_frames > standby + 30; }));
  REQUIRE(rig.engine.status().live.count(url) == 1);
  CHECK_FALSE(rig.engine.status().live.at(url).is_on_air);
  const Program far = far_side(url + "?pkt_size=1316");
  CHECK(rig.run_until(rig.elapsed_ms() + 20'000, [&] {
    const Engine::Status status = rig.engine.status();
    return status.placement == "live" && status.live.at(url).is_on_air;
  }));
  CHECK(rig.airs("live", 20, 20'000));
  CHECK(rig.engine.status().live.at(url).losses >= 1);
  rig.check_signal();
}

TEST_CASE("An input that is not of the house format is not put on air, and says why") {
  const std::string url = free_udp();
  const Program far({"ffmpeg", "-v", "fatal", "-nostdin", "-re", "-stream_loop", "-1", "-i",
                     house_file_of("ts_1080p25", 150), "-c", "copy", "-f", "mpegts",
                     url + "?pkt_size=1316"});
  LiveRig rig;
  rig.plan({.id = "live", .live = url, .after_ms = 500, .frames = 1000});
  REQUIRE(rig.run_until(30'000, [&] {
    const auto live = rig.engine.status().live;
    return live.count(url) == 1 && live.at(url).trouble.find("1280×720p") != std::string::npos;
  }));
  CHECK(rig.engine.status().placement != "live");
}

TEST_CASE("A live input is a network address and never a file of this machine") {
  for (const char *url : {"udp://239.1.1.7:5500", "srt://host:9000", "https://host/live.m3u8"})
    CHECK(is_live_url(url));
  for (const char *url : {"file:///etc/passwd", "/etc/passwd", "concat:a|b", "udp://", "", "UDP"})
    CHECK_FALSE(is_live_url(url));
}

}  // namespace civicast::cable
