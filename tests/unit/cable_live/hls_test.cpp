// SPDX-License-Identifier: Apache-2.0
// A live input over HLS on air: segments that the ffmpeg program writes, from a web server.
#include <catch2/catch.hpp>

#include <sys/socket.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/cable_live/live_rig.hpp"

namespace civicast::cable {
namespace {

/// Serves a folder over HTTP.
class Web {
 public:
  explicit Web(const std::string &folder)
      : port_(free_tcp_port()),
        server_({"python3", "-c",
                 "import functools, http.server as h\n"
                 "class Quiet(h.SimpleHTTPRequestHandler):\n"
                 "  def log_message(self, *a): pass\n"
                 "h.ThreadingHTTPServer(('127.0.0.1', " +
                     std::to_string(port_) + "), functools.partial(Quiet, directory='" + folder +
                     "')).serve_forever()"}) {}
  std::string operator/(const std::string &name) const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/" + name;
  }

 private:
  int port_;
  Program server_;
};

/// Writes far_file() into `folder` as a live list of segments of `seconds`, as it is played.
Program segments(const std::string &folder, const std::string &seconds) {
  return Program({"ffmpeg",         "-v", "fatal",      "-nostdin",        "-re",
                  "-stream_loop",   "3",  "-i",         far_file(),        "-c",
                  "copy",           "-f", "hls",        "-hls_time",       seconds,
                  "-hls_list_size", "5",  "-hls_flags", "delete_segments", folder + "/live.m3u8"});
}

}  // namespace

TEST_CASE("A live input over HLS is on air, and a break is cut into it") {
  const TempFolder folder;
  const Web web(folder.path.string());
  const Program far = segments(folder.path.string(), "2");
  const std::string url = web / "live.m3u8";
  REQUIRE(comes_true([&] { return std::filesystem::exists(folder / "live.m3u8"); }));
  LiveRig rig;
  rig.plan({.id = "live", .live = url, .after_ms = 1000, .frames = 4000});
  REQUIRE(rig.airs("live", 100, 50'000));
  REQUIRE(rig.airs_spot());
  const Engine::Status before = rig.engine.status();
  // Ten seconds more: five segments, none of which may leave a hole.
  CHECK(rig.airs("live", 250, 20'000));
  const Engine::Status after = rig.engine.status();
  CHECK(after.slate_frames == before.slate_frames);
  CHECK(after.live.at(url).losses == 0);
  rig.check_signal();
}

TEST_CASE("A list over HTTP that names files of this machine gives none of them") {
  const TempFolder folder;
  const Web web(folder.path.string());
  std::ofstream(folder / "live.m3u8") << "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:60\n"
                                      << "#EXTINF:60.0,\nfile://" << far_file() << "\n";
  const std::string url = web / "live.m3u8";
  LiveRig rig;
  rig.plan({.id = "live", .live = url, .after_ms = 500, .frames = 1000});
  REQUIRE(rig.run_until(40'000, [&] {
    const auto live = rig.engine.status().live;
    return live.count(url) == 1 && live.at(url).losses > 1;
  }));
  CHECK(rig.engine.status().placement.empty());
  CHECK_FALSE(rig.engine.status().live.at(url).is_coming);
}

}  // namespace civicast::cable
