// SPDX-License-Identifier: Apache-2.0
// bench-planner-year: plans a district's year week after week, each with what the weeks before have
// given in mind, and says what that took and how good the plans are. A week's parts are planned
// side by side.
#include <sys/resource.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <thread>

#include "host/planner/check.hpp"
#include "host/planner/parts.hpp"
#include "tests/bench/planner/year.hpp"

namespace {

using namespace civicast;
using namespace civicast::planner;

double seconds(clockid_t clock) {
  timespec used{};
  ::clock_gettime(clock, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

double peak_rss_mib() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1024;
}

/// The number of moves follows the size: so many for each day of each campaign on each channel.
std::int64_t moves_for(const Problem &problem, double each) {
  std::int64_t lane_days = 0;
  for (const Campaign &campaign : problem.campaigns)
    for (const Target &target : campaign.targets)
      lane_days += static_cast<std::int64_t>(target.channels.size()) *
                   std::max(0, std::min(problem.days - 1, campaign.last_day) -
                                   std::max(0, campaign.first_day) + 1);
  return static_cast<std::int64_t>(each * static_cast<double>(lane_days));
}

struct Wish {
  bench::Size size;
  int weeks = 52, threads = 2, part = 10;
  double moves = 6;
};

std::vector<Plan> plan_each(const std::vector<Part> &parts, const Wish &wish) {
  std::vector<Plan> plans(parts.size());
  std::vector<std::exception_ptr> troubles(parts.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t p = next++; p < parts.size(); p = next++) try {
        Options options;
        options.seed = wish.size.seed;
        options.moves = moves_for(parts[p].problem, wish.moves);
        plans[p] = make_plan(parts[p].problem, options);
      } catch (...) {
        troubles[p] = std::current_exception();
      }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < wish.threads; ++i) others.emplace_back(work);
  work();
  for (auto &other : others) other.join();
  for (const auto &trouble : troubles)
    if (trouble) std::rethrow_exception(trouble);
  return plans;
}

struct Outturn {
  std::int64_t wanted = 0, placed = 0, breaks = 0;
  std::size_t violations = 0;
  std::vector<double> gaps;  ///< by week, in per cent over the bound
};

void plan_week(bench::Year &year, int week, const Wish &wish, Outturn &result) {
  const double begin = seconds(CLOCK_MONOTONIC);
  const Problem problem = year.week(week);
  const double posed = seconds(CLOCK_MONOTONIC);
  const std::vector<Part> parts = cut(problem, wish.part);
  const double was_cut = seconds(CLOCK_MONOTONIC);
  const Plan plan = join(problem, parts, plan_each(parts, wish));
  const double planned = seconds(CLOCK_MONOTONIC);
  result.violations += check(problem, plan.placements).size();
  const double checked = seconds(CLOCK_MONOTONIC);
  std::int64_t wanted = 0;
  for (const Outcome &outcome : plan.outcomes) wanted += outcome.wanted;
  const double bound = static_cast<double>(plan.bound);
  result.gaps.push_back((static_cast<double>(plan.cost) / bound - 1) * 100);
  result.wanted += wanted;
  result.placed += static_cast<std::int64_t>(plan.placements.size());
  result.breaks += static_cast<std::int64_t>(problem.breaks.size());
  year.air(week, problem, plan);
  std::printf(
      "%2d: %zu breaks, %zu parts, %zu of %lld placed, cost %.0f, bound %.0f (%.2f %%), posed %.2f "
      "s, cut %.2f s, planned %.2f s, checked %.2f s\n",
      week + 1, problem.breaks.size(), parts.size(), plan.placements.size(),
      static_cast<long long>(wanted), static_cast<double>(plan.cost) / 1000, bound / 1000,
      result.gaps.back(), posed - begin, was_cut - posed, planned - was_cut, checked - planned);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app("一年的排播 · Planning a year");
  Wish wish;
  app.add_option("--channels", wish.size.channels, "渠道数 · Channels")
      ->check(CLI::Range(1, 5'000));
  app.add_option("--campaigns", wish.size.campaigns, "任务数 · Campaigns")
      ->check(CLI::Range(1, 20'000));
  app.add_option("--weeks", wish.weeks, "周数 · Weeks")->check(CLI::Range(1, 52));
  app.add_option("--load", wish.size.load,
                 "需求平均占时长之比 · What is wanted in the mean, of all seconds")
      ->check(CLI::Range(0.01, 2.0));
  app.add_option("--seed", wish.size.seed, "随机种子 · The seed");
  app.add_option("--threads", wish.threads, "线程数 · Threads")->check(CLI::Range(1, 64));
  app.add_option("--part", wish.part, "一部分的渠道数 · Channels in a part")
      ->check(CLI::Range(1, 5'000));
  app.add_option("--moves", wish.moves,
                 "每个任务、渠道、日的步数 · Moves for each campaign, channel and day")
      ->check(CLI::Range(0.0, 10'000.0));
  CLI11_PARSE(app, argc, argv);
  try {
    const double begin = seconds(CLOCK_MONOTONIC);
    bench::Year year(wish.size);
    Outturn result;
    for (int week = 0; week < wish.weeks; ++week) plan_week(year, week, wish, result);
    std::vector<double> gaps = result.gaps;
    std::sort(gaps.begin(), gaps.end());
    const auto [due, aired] = year.due_and_aired(wish.weeks);
    const auto [pace_error, worst_error] = year.pace_errors(wish.weeks);
    const nlohmann::ordered_json json{{"weeks", wish.weeks},
                                      {"channels", wish.size.channels},
                                      {"campaigns", wish.size.campaigns},
                                      {"breaks", result.breaks},
                                      {"wanted", result.wanted},
                                      {"placed", result.placed},
                                      {"whole_targets_due", due},
                                      {"whole_targets_aired", aired},
                                      {"pace_error_percent", pace_error * 100},
                                      {"pace_error_worst_campaign_percent", worst_error * 100},
                                      {"cpu_seconds", seconds(CLOCK_PROCESS_CPUTIME_ID)},
                                      {"wall_seconds", seconds(CLOCK_MONOTONIC) - begin},
                                      {"peak_rss_mib", peak_rss_mib()},
                                      {"gap_worst_percent", gaps.back()},
                                      {"gap_median_percent", gaps[gaps.size() / 2]},
                                      {"violations", result.violations}};
    std::printf("%s\n", json.dump().c_str());
    return result.violations == 0 ? 0 : 1;
  } catch (const std::exception &trouble) {
    std::cerr << trouble.what() << '\n';
    return 1;
  }
}
