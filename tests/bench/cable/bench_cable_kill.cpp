// SPDX-License-Identifier: Apache-2.0
// bench-cable-kill: how long a cable channel sends nothing when its worker is killed with kill -9,
// and how exactly its items start, both from a capture on the loopback with the kernel's receive
// times. Host, supervisor (its own pace), runner and plugin are those of service. What is measured
// is held to plan and book as the tests do it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tests/unit/cable_air/trial.hpp"

namespace {

using namespace civicast;
using namespace civicast::air;

constexpr std::int64_t kRate = 4'000'000;

/// Over the plan, one in each equal part of it, at a random moment of it.
std::vector<Blow> blows(const Plan &plan, int kills, unsigned seed) {
  std::mt19937 random(seed);
  const std::int64_t part = (plan.end_ns - plan.start_ns) / std::max(kills, 1);
  std::vector<Blow> out;
  for (int i = 0; i < kills; ++i)
    out.push_back({"kill", plan.start_ns + i * part +
                               std::uniform_int_distribution<std::int64_t>(0, part)(random)});
  return out;
}

double ms(std::int64_t ns) {
  return static_cast<double>(ns) / 1e6;
}
double quantile_ms(std::vector<std::int64_t> ns, double share) {
  if (ns.empty()) return -1;
  std::sort(ns.begin(), ns.end());
  const auto at = static_cast<std::size_t>(share * static_cast<double>(ns.size()));
  return ms(ns[std::min(at, ns.size() - 1)]);
}

template <class Of>
std::vector<std::int64_t> of_starts(const Outcome &outcome, Of &&of) {
  std::vector<std::int64_t> out;
  for (const Start &start : outcome.starts) out.push_back(std::abs(of(start)));
  return out;
}

nlohmann::ordered_json figures(const Outcome &outcome) {
  std::vector<std::int64_t> gaps;
  for (const Gap &gap : outcome.gaps) gaps.push_back(gap.ns());
  const auto frames = of_starts(outcome, [](const Start &s) { return s.frames; });
  const auto clock = of_starts(outcome, [](const Start &s) { return s.clock_ns; });
  const auto packet = of_starts(outcome, [](const Start &s) { return s.packet_ns; });
  const Captured &captured = outcome.destinations.front().captured;
  std::vector<std::int64_t> gone;
  for (const Kill &kill : outcome.kills) gone.push_back(kill.gone_ns);
  const auto late = lateness_of(captured, first_of_lives(captured, gone), kRate);
  const Agreement books = compare(outcome.books, outcome.plan, outcome.destinations);
  return {{"kills", outcome.kills.size()},
          {"restart_gap_median_ms", quantile_ms(gaps, 0.5)},
          {"restart_gap_max_ms", quantile_ms(gaps, 1)},
          {"wrong_frames", outcome.wrong.size()},
          {"starts", outcome.starts.size()},
          {"start_error_max_frames",
           frames.empty() ? -1 : *std::max_element(frames.begin(), frames.end())},
          {"start_error_median_ms", quantile_ms(clock, 0.5)},
          {"start_error_max_ms", quantile_ms(clock, 1)},
          {"first_packet_error_median_ms", quantile_ms(packet, 0.5)},
          {"first_packet_error_max_ms", quantile_ms(packet, 1)},
          {"lateness_p999_ms", quantile_ms(late, 0.999)},
          {"planned", books.planned},
          {"seen_whole", books.whole},
          {"counted", books.counted},
          {"in_doubt", books.in_doubt},
          {"disagreements", books.wrong.size()}};
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app("有线频道进程被杀后的恢复 · How a cable channel comes back when it is killed");
  int kills = 10, every = 7;
  unsigned chosen = 0;
  app.add_option("--kills", kills, "次数 · How often its worker is killed")
      ->check(CLI::Range(0, 1000));
  app.add_option("--every", every, "平均间隔秒数 · Seconds from one to the next, on average")
      ->check(CLI::Range(1, 600));
  app.add_option("--seed", chosen, "随机种子 · Of the moments and the plan");
  CLI11_PARSE(app, argc, argv);
  if (chosen == 0) chosen = seed();

  const std::int64_t seconds = std::max(20, kills * every);
  const Outcome outcome = run({.seconds = seconds, .seed = chosen, .pace = {}},
                              [&](const Plan &plan) { return blows(plan, kills, chosen); });
  print(outcome);
  for (const std::string &sentence : outcome.wrong) std::printf("  %s\n", sentence.c_str());
  std::printf("%s\n", figures(outcome).dump().c_str());
  return 0;
}
