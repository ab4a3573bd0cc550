// SPDX-License-Identifier: Apache-2.0
// bench-planner: plans a public benchmark's week with the station's own planner, in so many seconds
// of CPU time, and says how good the plan is and how much better one could be at most.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "host/planner/check.hpp"
#include "host/planner/planner.hpp"
#include "tests/bench/planner/instance.hpp"
#include "tests/bench/planner/replan.hpp"

namespace {

using namespace civicast;
using namespace civicast::planner;
using bench::cpu_s;

/// A plan is fixed by its seed and number of moves, not by time: how many moves there is time for
/// is measured first, with more and more of them until a tenth of the time is gone. What the last
/// doubling took is what so many moves take; the rest, prices above all, is taken once.
std::int64_t moves_for(const Problem &problem, Options options, double seconds) {
  const double begin = cpu_s();
  double took_before = 0;
  for (options.moves = 10'000;; options.moves *= 2) {
    const double before = cpu_s();
    make_plan(problem, options);
    const double took = cpu_s() - before, left = seconds - (cpu_s() - begin);
    if (left <= took) return options.moves / 2;
    if (cpu_s() - begin > 0.1 * seconds) {
      const double half = std::clamp(took - took_before, took / 3, took / 2);
      const double more = 0.95 * left - took;
      return options.moves + static_cast<std::int64_t>(std::max(0.0, more / half) *
                                                       static_cast<double>(options.moves) / 2);
    }
    took_before = took;
  }
}

nlohmann::ordered_json summary_of(const std::vector<bench::Replanned> &all) {
  std::vector<double> milliseconds, moved, over_fresh;
  int violations = 0;
  for (const bench::Replanned &each : all) {
    milliseconds.push_back(each.milliseconds);
    moved.push_back(each.untouched > 0 ? 100.0 * each.moved / each.untouched : 0);
    over_fresh.push_back(100 * (each.objective / each.fresh - 1));
    violations += each.violations;
  }
  for (auto *of : {&milliseconds, &moved, &over_fresh}) std::sort(of->begin(), of->end());
  return {{"events", all.size()},
          {"cpu_ms_median", milliseconds[milliseconds.size() / 2]},
          {"cpu_ms_max", milliseconds.back()},
          {"untouched_moved_percent_median", moved[moved.size() / 2]},
          {"untouched_moved_percent_max", moved.back()},
          {"violations", violations},
          {"over_fresh_plan_percent_median", over_fresh[over_fresh.size() / 2]},
          {"over_fresh_plan_percent_max", over_fresh.back()}};
}

/// A line for each event, and one for each kind of event.
void print_replanned(const Problem &problem, const Options &options, const Plan &published,
                     int events) {
  const auto costs_change = Costs().change;
  for (const auto &happens : {bench::lost_break, bench::emergency_campaign}) {
    std::vector<bench::Replanned> all;
    std::string name;
    for (int i = 0; i < events; ++i) {
      const bench::Event event =
          happens(problem, published, options.seed + static_cast<std::uint64_t>(i));
      name = event.name;
      all.push_back(bench::replan(event, options, costs_change));
      const bench::Replanned &last = all.back();
      std::printf("%s\n", nlohmann::ordered_json{{"event", name},
                                                 {"cpu_ms", last.milliseconds},
                                                 {"untouched", last.untouched},
                                                 {"moved", last.moved},
                                                 {"violations", last.violations},
                                                 {"objective", last.objective},
                                                 {"fresh", last.fresh}}
                              .dump()
                              .c_str());
    }
    std::printf("%s\n", nlohmann::ordered_json{{name, summary_of(all)}}.dump().c_str());
  }
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app("排播质量 · How good plans are");
  std::string path, out;
  double seconds = 10;
  Options options;
  std::int64_t moves = 0;
  int events = 0;
  app.add_option("instance", path, "题目（JSON） · The instance (JSON)")->required();
  app.add_option("--cpu-seconds", seconds, "CPU 秒 · Seconds of CPU time")
      ->check(CLI::Range(0.1, 86'400.0));
  app.add_option("--moves", moves, "改为固定的步数 · So many moves instead");
  app.add_option("--seed", options.seed, "随机种子 · The seed");
  app.add_option("--out", out, "写出“活动 时段”行 · Write lines of campaign and break");
  app.add_option("--replan", events,
                 "发布后各发生几次时段取消与应急任务 · So many lost breaks, and so many emergency "
                 "campaigns, happen to the published plan")
      ->check(CLI::Range(1, 1'000));
  CLI11_PARSE(app, argc, argv);
  try {
    const double begin = cpu_s();
    const auto [problem, costs] = bench::instance(path);
    options.costs = costs;
    options.moves = moves > 0 ? moves : moves_for(problem, options, seconds - (cpu_s() - begin));
    const Plan plan = make_plan(problem, options);
    for (const Fault &fault : check(problem, plan.placements))
      throw std::runtime_error(fault.text());
    if (events > 0) {
      print_replanned(problem, options, plan, events);
      return 0;
    }
    int wanted = 0;
    for (const Outcome &outcome : plan.outcomes) wanted += outcome.wanted;
    if (!out.empty()) {
      std::ofstream file(out);
      for (const Placement &one : plan.placements)
        file << one.campaign << ' ' << one.in_break << '\n';
      if (!file.flush()) throw std::runtime_error(out + ": 写不进去 · cannot be written");
    }
    const nlohmann::ordered_json result{{"objective", static_cast<double>(plan.cost) / 1000},
                                        {"bound", static_cast<double>(plan.bound) / 1000},
                                        {"placed", plan.placements.size()},
                                        {"wanted", wanted},
                                        {"cpu_seconds", cpu_s() - begin},
                                        {"moves", options.moves}};
    std::printf("%s\n", result.dump().c_str());
    return 0;
  } catch (const std::exception &trouble) {
    std::cerr << trouble.what() << '\n';
    return 1;
  }
}
