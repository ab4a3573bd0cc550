// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_air/trial.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace civicast::air {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
/// What a sender has in hand at once: a tick's packets, twice that when it catches up.
constexpr std::size_t kInHand = 16;

/// How long this machine takes to hand something over says how far ahead a plan has to begin.
std::int64_t time_to_hand(Station &station, const playlists::Item &filler) {
  const std::int64_t before = now_ns();
  station.hand({{filler}, 0, 0});
  return now_ns() - before;
}

void strike(Station &station, const Capture &capture, const Blow &blow) {
  const std::int64_t gone_ns = station.kills().empty() ? 0 : station.kills().back().gone_ns;
  if (!blow.is_unborn) station.until([&] { return capture.newest_ns() > gone_ns; });
  station.until_time(blow.at_ns);
  if (blow.after_birth_ns >= 0)
    station.until_time((blow.is_unborn ? gone_ns : now_ns()) + blow.after_birth_ns);
  if (blow.hold_up_ns > 0) {
    station.hold_up(blow.hold_up_ns);
    const std::int64_t free_ns = now_ns();
    return station.until([&] { return capture.newest_ns() > free_ns; });
  }
  station.until([&] { return station.pid() > 0; });
  station.kill(blow.amid);
}

}  // namespace

unsigned seed() {
  const char *given = std::getenv("CIVICAST_SEED");
  const auto chosen =
      given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device()();
  std::printf("CIVICAST_SEED=%u\n", chosen);
  return chosen;
}

Outcome run(const Trial &trial, const Blows &blows) {
  clips();
  Capture udp("udp://127.0.0.1"), rtp("rtp://239.255.77.7");
  Station station({udp.url(), rtp.url()}, trial.pace);
  station.until_ready();
  station.until([&] { return udp.newest_ns() > 0; });
  Outcome out;
  const playlists::Item filler = long_filler(now_ns());
  const std::int64_t took_ns = time_to_hand(station, filler);
  out.plan = make_plan(filler, now_ns() + 2 * kSecondNs + 20 * took_ns, trial.seconds, trial.seed);
  station.hand(out.plan);
  for (const Blow &blow : blows(out.plan)) strike(station, udp, blow);
  out.status = station.status();
  station.close(out.plan);
  out.kills = station.kills();
  out.destinations.push_back(destination_of("udp", udp.finish(), clips().known));
  out.destinations.push_back(destination_of("rtp", rtp.finish(), clips().known));
  for (Destination &each : out.destinations)
    for (std::string &sentence : follow(each, out.plan, clips()))
      out.wrong.push_back(std::move(sentence));
  const auto &first = out.destinations.front();
  out.books = {station.entries(), station.counted(), station.counted_by_asset()};
  out.flaw_of_ledger = station.verify();
  out.difference =
      difference(first.captured, out.destinations.back().captured, station.gone_ns(), kInHand);
  out.gaps = gaps_between(first.captured, first_of_lives(first.captured, station.gone_ns()));
  out.starts =
      starts_of(by_placement(spots_of(first.pictures), out.plan), out.plan, out.books.entries);
  return out;
}

void print(const Outcome &outcome) {
  for (const Gap &gap : outcome.gaps) {
    std::string words;
    for (const Kill &kill : outcome.kills)
      if (kill.gone_ns >= gap.from_ns && kill.at_ns <= gap.to_ns)
        words += (words.empty() ? "" : ", then ") + kill.amid;
    std::printf("  killed %-40s %5.0f ms without a packet\n", words.c_str(),
                static_cast<double>(gap.ns()) / 1e6);
  }
  const auto column = [&](const char *name, auto of) {
    std::vector<std::int64_t> values;
    for (const Start &start : outcome.starts) values.push_back(of(start));
    std::printf("  start against plan, %-26s %s\n", name, spread_ms(values).c_str());
  };
  column("on the grid:", [](const Start &s) { return s.frames * kFrameNs; });
  column("by the clock as received:", [](const Start &s) { return s.clock_ns; });
  column("arrival of the first packet:", [](const Start &s) { return s.packet_ns; });
  column("as the channel says:", [](const Start &s) { return s.fact_ns; });
  std::fflush(stdout);
}

}  // namespace civicast::air
