// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_live/live_rig.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace civicast::cable {
namespace {

std::int64_t ns(clockid_t id) {
  timespec now{};
  ::clock_gettime(id, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

Pacer::Reading MachineClock::read() {
  return {ns(CLOCK_MONOTONIC), ns(CLOCK_REALTIME)};
}

LiveRig::LiveRig()
    : slate(the_house()),
      start_ns(clock.read().utc_ns),
      journal(folder / "airing.now"),
      facts(journal),
      engine({clock, schedule, slate, journal, facts, {&output}}, {the_house()}) {}

void LiveRig::plan(const Wish &wish) {
  Item item;
  item.id = wish.id;
  item.kind = wish.kind;
  item.path = wish.path;
  item.live = wish.live;
  item.start_ns = start_ns + wish.after_ms * 1'000'000;
  item.end_ns = item.start_ns + frame_ns(wish.frames);
  item.clip_frames = wish.clip_frames;
  schedule.add(std::make_shared<const Item>(item));
}

void LiveRig::sleep_until(std::int64_t mono_ns) {
  const timespec until{mono_ns / 1'000'000'000, mono_ns % 1'000'000'000};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

bool LiveRig::airs(const std::string &id, std::int64_t frames, std::int64_t limit_ms) {
  const std::int64_t first = engine.status().placement == id ? engine.status().frame : 0;
  const bool does = run_until(elapsed_ms() + limit_ms, [&] {
    const Engine::Status status = engine.status();
    return status.placement == id && status.frame >= first + frames;
  });
  if (!does) WARN(situation());
  return does;
}

bool LiveRig::airs_spot() {
  const std::string file = house_file({.frames = 75});
  // A machine that is busy may hold the sender up amid the spot, which then is not counted,
  // rightly.
  for (int attempt = 0; attempt < 10; ++attempt) {
    const std::string id = "spot" + std::to_string(attempt);
    const std::int64_t stalls = engine.status().stalls, after_ms = elapsed_ms() + 1500;
    plan({id, Kind::placement, file, "", after_ms, 75, 75});
    const bool has_ended = run_until(after_ms + 20'000, [&] {
      return facts.count(id, CIV_AIRED) + facts.count(id, CIV_MISSED) > 0;
    });
    if (!has_ended) return false;
    if (facts.count(id, CIV_AIRED) == 1) return proof(facts.final_of(id)).at("frames_sent") == 75;
    if (engine.status().stalls == stalls) break;
  }
  WARN(situation());
  return false;
}

std::string LiveRig::situation() const {
  const Engine::Status status = engine.status();
  std::string out = "on air: \"" + status.placement + "\", frame " + std::to_string(status.frame) +
                    "; slate " + std::to_string(status.slate_frames) + ", standby " +
                    std::to_string(status.standby_frames) + " of " +
                    std::to_string(status.frames_sent);
  for (const auto &[url, live] : status.live)
    out += "; " + url + (live.is_coming ? " coming, " : " silent, ") + std::to_string(live.losses) +
           " losses, " + live.trouble;
  return out;
}

void LiveRig::check_signal() const {
  const tests::TsReport report = output.check.report();
  INFO(report.json());
  CHECK(report.continuity_errors == 0);
  CHECK(report.pcr_jumps == 0);
  CHECK(report.video.steps ==
        std::map<std::int64_t, std::int64_t>{{kVideoTicks, report.video.units - 1}});
  CHECK(report.video.lead_min_ticks >= 0);
}

std::string far_file() {
  return house_file({.frames = 1500, .picture = "rgbtestsrc"});
}

Program far_side(const std::string &url) {
  return Program({"ffmpeg", "-v", "fatal", "-nostdin", "-re", "-i", far_file(), "-c", "copy", "-f",
                  "mpegts", url});
}

Program far_over_srt(const std::string &url) {
  // ffmpeg dies with its shell.
  return Program({"sh", "-c",
                  "while :; do setpriv --pdeathsig KILL ffmpeg -v quiet -nostdin -re -i \"$0\" -c "
                  "copy -f mpegts \"$1\"; done",
                  far_file(), url});
}

int free_tcp_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr *>(&address), size) == 0);
  REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr *>(&address), &size) == 0);
  ::close(socket);
  return ntohs(address.sin_port);
}

}  // namespace civicast::cable
