// SPDX-License-Identifier: Apache-2.0
// bench-planner: plans a public benchmark's week with the station's own planner, in so many seconds
// of CPU time, and says how good the plan is and how much better one could be at most.
#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "host/planner/check.hpp"
#include "host/planner/planner.hpp"
#include "tests/bench/planner/instance.hpp"

namespace {

using namespace civicast;
using namespace civicast::planner;

double cpu_s() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

/// A plan is fixed by its seed and number of moves, not by time: how many moves there is time for
/// is measured first, with more and more of them until a tenth of the time is gone.
std::int64_t moves_for(const Problem &problem, Options options, double seconds) {
  const double begin = cpu_s();
  for (options.moves = 10'000;; options.moves *= 2) {
    const double before = cpu_s();
    make_plan(problem, options);
    const double took = cpu_s() - before, left = seconds - (cpu_s() - begin);
    if (left <= took) return options.moves / 2;
    if (cpu_s() - begin > 0.1 * seconds)
      return static_cast<std::int64_t>(0.95 * left / took * static_cast<double>(options.moves));
  }
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app("排播质量 · How good plans are");
  std::string path, out;
  double seconds = 10;
  Options options;
  std::int64_t moves = 0;
  app.add_option("instance", path, "题目（JSON） · The instance (JSON)")->required();
  app.add_option("--cpu-seconds", seconds, "CPU 秒 · Seconds of CPU time")
      ->check(CLI::Range(0.1, 86'400.0));
  app.add_option("--moves", moves, "改为固定的步数 · So many moves instead");
  app.add_option("--seed", options.seed, "随机种子 · The seed");
  app.add_option("--out", out, "写出“活动 时段”行 · Write lines of campaign and break");
  CLI11_PARSE(app, argc, argv);
  try {
    const double begin = cpu_s();
    const auto [problem, costs] = bench::instance(path);
    options.costs = costs;
    options.moves = moves > 0 ? moves : moves_for(problem, options, seconds - (cpu_s() - begin));
    const Plan plan = make_plan(problem, options);
    for (const Fault &fault : check(problem, plan.placements))
      throw std::runtime_error(fault.text());
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
