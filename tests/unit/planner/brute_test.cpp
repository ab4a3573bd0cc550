// SPDX-License-Identifier: Apache-2.0
// Problems so small that every plan can be tried: what the planner finds, and the bound that it
// certifies, are held against the best of all. What a plan costs is worked out here once more, from
// what planner.hpp says of costs.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

#include "host/planner/check.hpp"
#include "tests/unit/planner/problems.hpp"

namespace civicast::planner {
namespace {

using test::second_ns;

struct Cost {
  double minima = 0, missing = 0, rest = 0;
  double sum() const { return minima + missing + rest; }
  bool operator<(const Cost &other) const {
    const auto is_less = [](double a, double b) { return a < b - 1e-6; };
    if (is_less(minima, other.minima) || is_less(other.minima, minima))
      return minima < other.minima;
    return is_less(missing, other.missing);
  }
};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int from_to(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }

 private:
  std::mt19937_64 random_;
};

/// At most so many campaigns times breaks as bits of a number that can be counted through.
Problem tiny_problem(std::uint64_t seed) {
  Dice dice(seed);
  const int days = dice.from_to(1, 2), campaigns = dice.from_to(2, 3);
  const int breaks_a_day = 12 / days / campaigns;
  Problem problem = test::even_breaks(days, 86'400 / breaks_a_day, 10 * dice.from_to(2, 4));
  problem.measures_breaks = true;
  for (Break &each : problem.breaks) {
    each.audience = dice.from_to(0, 10) / 10.0;
    if (dice.from_to(0, 3) == 0) each.max_items = dice.from_to(1, 2);
  }
  for (int i = 0; i < campaigns; ++i) {
    std::vector<int> quota;
    for (int day = 0; day < days; ++day) quota.push_back(dice.from_to(0, breaks_a_day));
    auto one = test::simple_campaign("campaign-" + std::to_string(i), 10 * dice.from_to(1, 3),
                                     std::move(quota));
    one.weight = dice.from_to(1, 3);
    one.topic = dice.from_to(-1, 1);
    one.separation_ns = dice.from_to(0, 12) * 3'600 * second_ns;
    one.targets[0].is_daily = dice.from_to(0, 3) == 0;
    problem.campaigns.push_back(one);
  }
  Minimum minimum;
  minimum.classes = 1;
  minimum.to_s = 86'400;
  minimum.least = dice.from_to(0, breaks_a_day);
  problem.minima = {minimum};
  return problem;
}

/// The plan of those bits, each break's spots end to end.
std::vector<Placement> plan_of(const Problem &problem, unsigned bits) {
  std::vector<Placement> placements;
  const int campaigns = static_cast<int>(problem.campaigns.size());
  for (int b = 0; b < static_cast<int>(problem.breaks.size()); ++b) {
    std::int64_t at_ns = problem.breaks[static_cast<std::size_t>(b)].start_ns;
    for (int c = 0; c < campaigns; ++c) {
      if ((bits >> (b * campaigns + c) & 1U) == 0) continue;
      const auto &campaign = problem.campaigns[static_cast<std::size_t>(c)];
      const auto end_ns = at_ns + campaign.assets[0].duration_ns[0];
      placements.push_back({c, 0, b, at_ns, end_ns});
      at_ns = end_ns;
    }
  }
  return placements;
}

double missing_cost(const Costs &costs, double weight, int had, int wanted) {
  const double short_of = std::max(0, wanted - had);
  if (wanted == 0) return 0;
  return weight * static_cast<double>(costs.missing) / 1000 *
         (short_of + static_cast<double>(costs.fairness) * short_of * (short_of + 1) / 2 / wanted);
}

Cost cost_of(const Problem &problem, const Costs &costs, const std::vector<Placement> &placements) {
  Cost cost;
  int for_minimum = 0;
  const auto break_of = [&](const Placement &one) -> const Break & {
    return problem.breaks[static_cast<std::size_t>(one.in_break)];
  };
  for (const Placement &one : placements) {
    if (break_of(one).day == 0) ++for_minimum;
    cost.rest += problem.campaigns[static_cast<std::size_t>(one.campaign)].weight *
                 static_cast<double>(costs.audience) / 1000 * (1 - break_of(one).audience);
  }
  cost.minima = static_cast<double>(costs.minimum) / 1000 *
                std::max(0, problem.minima[0].least - for_minimum);
  for (int c = 0; c < static_cast<int>(problem.campaigns.size()); ++c) {
    const Campaign &campaign = problem.campaigns[static_cast<std::size_t>(c)];
    const Target &target = campaign.targets[0];
    int all = 0, wanted = 0;
    for (int day = 0; day < problem.days; ++day) {
      const int quota = target.quota[static_cast<std::size_t>(day)];
      const auto had = static_cast<int>(std::count_if(
          placements.begin(), placements.end(),
          [&](const Placement &one) { return one.campaign == c && break_of(one).day == day; }));
      all += had;
      wanted += quota;
      if (target.is_daily)
        cost.missing += missing_cost(costs, campaign.weight, had, quota);
      else
        cost.rest +=
            campaign.weight * static_cast<double>(costs.pace) / 1000 * std::abs(had - quota);
    }
    if (!target.is_daily) cost.missing += missing_cost(costs, campaign.weight, all, wanted);
  }
  return cost;
}

}  // namespace

TEST_CASE(
    "of problems that can be tried out the planner finds the best plan of nearly all, and bounds "
    "all") {
  const char *given = std::getenv("CIVICAST_SEED");
  const std::uint64_t base = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
  int missed = 0;
  for (std::uint64_t seed = base; seed < base + 20; ++seed) {
    INFO("CIVICAST_SEED=" << seed);
    const Problem problem = tiny_problem(seed);
    Options options;
    options.moves = 100'000;
    options.costs.spacing = options.costs.pace_growth = 0;
    double least = std::numeric_limits<double>::max();
    Cost first;
    first.minima = least;
    const unsigned all = 1U << (problem.breaks.size() * problem.campaigns.size());
    for (unsigned bits = 0; bits < all; ++bits) {
      const auto placements = plan_of(problem, bits);
      if (!check(problem, placements).empty()) continue;
      const Cost cost = cost_of(problem, options.costs, placements);
      least = std::min(least, cost.sum());
      first = std::min(first, cost);
    }
    const Plan plan = make_plan(problem, options);
    REQUIRE(check(problem, plan.placements).empty());
    const Cost cost = cost_of(problem, options.costs, plan.placements);
    CHECK(static_cast<double>(plan.cost) / 1000 == Approx(cost.sum()).margin(0.002));
    CHECK(static_cast<double>(plan.bound) / 1000 <= least + 0.002);
    // The law before the targets, and these before all the rest.
    if (cost.sum() > least + 0.002 || first < cost) ++missed;
  }
  // A search is no proof: of 600 such problems it has missed the best plan of 2.
  INFO("CIVICAST_SEED=" << base);
  CHECK(missed <= 2);
}

}  // namespace civicast::planner
