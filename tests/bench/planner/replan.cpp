// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/planner/replan.hpp"

#include <time.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>

#include "host/planner/check.hpp"
#include "host/planner/weighing.hpp"

namespace civicast::bench {
namespace {

using namespace planner;

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr int emergency_weight = 10, emergency_days = 3, emergency_s = 30;

void publish(Problem &problem, const Plan &plan) {
  problem.published.clear();
  for (const Placement &one : plan.placements)
    problem.published.push_back({one.campaign, one.asset, one.in_break});
}

Problem without_published(Problem problem) {
  problem.published.clear();
  return problem;
}

}  // namespace

double cpu_s() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

Event lost_break(const Problem &problem, const Plan &published, std::uint64_t seed) {
  Event event{problem, "lost break"};
  publish(event.problem, published);
  auto &standing = event.problem.published;
  if (standing.empty()) return event;
  std::mt19937_64 random(seed);
  const int lost = standing[random() % standing.size()].in_break;
  event.problem.breaks.erase(event.problem.breaks.begin() + lost);
  event.problem.break_ids.erase(event.problem.break_ids.begin() + lost);
  std::erase_if(standing, [&](const Published &one) { return one.in_break == lost; });
  for (Published &one : standing)
    if (one.in_break > lost) --one.in_break;
  return event;
}

Event emergency_campaign(const Problem &problem, const Plan &published, std::uint64_t seed) {
  Event event{problem, "emergency campaign"};
  publish(event.problem, published);
  std::mt19937_64 random(seed);
  const std::size_t channels = problem.channels.size();
  Campaign urgent;
  urgent.id = "emergency";
  urgent.weight = emergency_weight;
  const int days = std::min(emergency_days, problem.days);
  urgent.first_day =
      static_cast<int>(random() % static_cast<std::uint64_t>(problem.days - days + 1));
  urgent.last_day = urgent.first_day + days - 1;
  urgent.windows = {{6 * 3'600, 86'400}};
  urgent.separation_ns = 30 * 60 * ns_per_s;
  urgent.assets = {{urgent.id, 1, std::vector<std::int64_t>(channels, emergency_s * ns_per_s), {}}};
  Target target;
  for (std::size_t c = 0; c < channels; ++c) target.channels.push_back(static_cast<int>(c));
  target.quota.assign(static_cast<std::size_t>(problem.days), 0);
  for (int day = urgent.first_day; day <= urgent.last_day; ++day)
    target.wanted += target.quota[static_cast<std::size_t>(day)] = 18 * static_cast<int>(channels);
  target.most = target.wanted;
  urgent.targets = {target};
  event.problem.campaigns.push_back(urgent);
  return event;
}

Replanned replan(const Event &event, Options options, std::int64_t change) {
  const double fresh =
      static_cast<double>(make_plan(without_published(event.problem), options).cost) / 1000;
  options.costs.change = change;
  const double begin = cpu_s();
  const Plan plan = make_plan(event.problem, options);
  const auto violations = check(event.problem, plan.placements);
  const double took = cpu_s() - begin;
  Replanned out = assess(event, plan, options);
  out.milliseconds = took * 1000;
  out.violations = static_cast<int>(violations.size());
  out.fresh = fresh;
  return out;
}

Replanned assess(const Event &event, const Plan &plan, const Options &options) {
  Replanned out;
  std::set<std::pair<int, int>> after;
  for (const Placement &one : plan.placements) after.emplace(one.campaign, one.in_break);
  out.untouched = static_cast<int>(event.problem.published.size());
  for (const Published &one : event.problem.published)
    if (!after.contains({one.campaign, one.in_break})) ++out.moved;
  out.objective = Weighing(event.problem, options.costs, plan.placements, {}).cost();
  return out;
}

}  // namespace civicast::bench
