// SPDX-License-Identifier: Apache-2.0
// A live input on air, on the machine's own clock; the ffmpeg program is the far side.
#include <catch2/catch.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

struct MachineClock final : Clock {
  static std::int64_t ns(clockid_t id) {
    timespec now{};
    ::clock_gettime(id, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
  }
  Pacer::Reading read() override { return {ns(CLOCK_MONOTONIC), ns(CLOCK_REALTIME)}; }
};

/// Sends a house file to `url` at its own pace.
class FarSide {
 public:
  FarSide(const std::string &file, const std::string &url) {
    child_ = ::fork();
    REQUIRE(child_ >= 0);
    if (child_ > 0) return;
    ::execlp("ffmpeg", "ffmpeg", "-v", "error", "-nostdin", "-re", "-i", file.c_str(), "-c", "copy",
             "-f", "mpegts", url.c_str(), static_cast<char *>(nullptr));
    ::_exit(127);
  }
  ~FarSide() { end(); }
  FarSide(const FarSide &) = delete;
  FarSide &operator=(const FarSide &) = delete;
  void end() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }

 private:
  pid_t child_ = -1;
};

/// The engine on real time.
struct LiveRig {
  LiveRig()
      : slate(the_house()),
        start_ns(clock.read().utc_ns),
        journal(folder / "airing.now"),
        facts(journal),
        engine({clock, schedule, slate, journal, facts, {&output}}, {the_house()}) {}

  void plan(const std::string &id, Kind kind, const std::string &path, const std::string &live,
            std::int64_t after_ms, std::int64_t frames, std::int64_t clip_frames) {
    Item item;
    item.id = id;
    item.kind = kind;
    item.path = path;
    item.live = live;
    item.start_ns = start_ns + after_ms * 1'000'000;
    item.end_ns = item.start_ns + frame_ns(frames);
    item.clip_frames = clip_frames;
    schedule.add(std::make_shared<const Item>(item));
  }
  /// Until `is_enough`, or the instant; true if it was enough.
  template <class Enough>
  bool run_until(std::int64_t after_ms, Enough &&is_enough) {
    while (clock.read().utc_ns < start_ns + after_ms * 1'000'000) {
      const std::int64_t next = engine.tick();
      if (is_enough()) return true;
      const timespec until{next / 1'000'000'000, next % 1'000'000'000};
      ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    }
    return false;
  }
  void run_until(std::int64_t after_ms) {
    run_until(after_ms, [] { return false; });
  }
  std::int64_t frames_of(const std::string &id) const {
    return nlohmann::json::parse(facts.final_of(id).proof).at("frames_sent").get<std::int64_t>();
  }

  TempFolder folder;
  MachineClock clock;
  Slate slate;
  std::int64_t start_ns;
  Schedule schedule;
  Journal journal;
  FactList facts;
  CheckedOutput output;
  Engine engine;
};

std::string far_file() {
  return house_file({.frames = 1500, .picture = "rgbtestsrc"});
}

/// One of them at a time.
std::string free_udp() {
  return "udp://127.0.0.1:" + std::to_string(20'000 + ::getpid() % 20'000);
}

}  // namespace

TEST_CASE("A live input is on air, a break is cut into it, and it comes back without black") {
  const std::string url = free_udp();
  const std::string spot = house_file({.frames = 75});
  const FarSide far(far_file(), url + "?pkt_size=1316");
  LiveRig rig;
  rig.plan("live", Kind::programme, "", url, 4000, 275, 0);
  rig.plan("spot", Kind::placement, spot, "", 8000, 75, 75);
  rig.run_until(16'500);
  CHECK(rig.facts.final_of("spot").fact == CIV_AIRED);
  // All but the break, and what it takes to enter at the beginning.
  CHECK(rig.frames_of("live") >= 275 - 75 - 50);
  const tests::TsReport report = rig.output.check.report();
  INFO(report.json());
  CHECK(report.continuity_errors == 0);
  CHECK(report.pcr_jumps == 0);
  CHECK(report.video.steps ==
        std::map<std::int64_t, std::int64_t>{{kVideoTicks, report.video.units - 1}});
  CHECK(report.video.lead_min_ticks >= 0);
}

TEST_CASE("While a live input is away its own file stands in, and it is taken up again by itself") {
  const std::string url = free_udp();
  const std::string filler = house_file({.frames = 150, .picture = "smptebars"});
  auto far = std::make_unique<FarSide>(far_file(), url + "?pkt_size=1316");
  LiveRig rig;
  rig.plan("live", Kind::programme, filler, url, 2000, 1400, 150);
  const auto on_air = [&] {
    const Engine::Status status = rig.engine.status();
    return status.placement == "live" && status.frame > 20;
  };
  REQUIRE(rig.run_until(20'000, on_air));
  far->end();
  const std::int64_t standby = rig.engine.status().standby_frames;
  REQUIRE(rig.run_until(35'000, [&] { return rig.engine.status().standby_frames > standby + 30; }));
  const auto state = rig.engine.status().live;
  REQUIRE(state.count(url) == 1);
  far = std::make_unique<FarSide>(far_file(), url + "?pkt_size=1316");
  const std::int64_t frame = rig.engine.status().frame;
  CHECK(rig.run_until(55'000, [&] {
    const Engine::Status status = rig.engine.status();
    return status.placement == "live" && status.frame > frame + 20;
  }));
  CHECK(rig.engine.status().live.at(url).losses >= 1);
  const tests::TsReport report = rig.output.check.report();
  INFO(report.json());
  CHECK(report.continuity_errors == 0);
  CHECK(report.video.steps ==
        std::map<std::int64_t, std::int64_t>{{kVideoTicks, report.video.units - 1}});
}

TEST_CASE("An input that is not of the house format is not put on air, and says why") {
  const std::string url = free_udp();
  const FarSide far(house_file_of("ts_1080p25", 1500), url + "?pkt_size=1316");
  LiveRig rig;
  rig.plan("live", Kind::programme, "", url, 500, 1000, 0);
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
