// SPDX-License-Identifier: Apache-2.0
// Problems for tests: small ones by hand, random ones from a seed.
#pragma once

#include <cstdint>
#include <random>

#include "host/planner/problem.hpp"

namespace civicast::planner::test {

inline constexpr std::int64_t second_ns = 1'000'000'000;
inline constexpr std::int64_t day_s = 86'400;

/// One channel with a break of `length_s` every `every_s`, `days` days.
inline Problem even_breaks(int days, int every_s, int length_s) {
  Problem problem;
  problem.days = days;
  problem.channels = {"cable"};
  for (int day = 0; day < days; ++day)
    for (int second = 0; second < day_s; second += every_s) {
      Break one;
      one.day = day;
      one.second_of_day = second;
      one.start_ns = (day * day_s + second) * second_ns;
      one.length_ns = length_s * second_ns;
      problem.breaks.push_back(one);
      problem.break_ids.push_back(std::to_string(day) + "/" + std::to_string(second));
    }
  return problem;
}

/// A campaign with one asset of `length_s` and the given daily quotas on the first channel.
inline Campaign simple_campaign(const std::string &id, int length_s, std::vector<int> quota) {
  Campaign campaign;
  campaign.id = id;
  campaign.last_day = static_cast<int>(quota.size()) - 1;
  campaign.windows = {{0, 86'400}};
  campaign.assets = {{id + "-1", 1, {length_s * second_ns}, {0}}};
  Target target{{0}, std::move(quota), 0, 0, false};
  for (const int each : target.quota) target.most = target.wanted += each;
  campaign.targets = {target};
  return campaign;
}

/// Anything that problem_of could make: several channels, moments, windows, topics, classes, ends
/// of campaigns inside and outside the horizon, fixed and published placements.
Problem random_problem(std::uint64_t seed);

}  // namespace civicast::planner::test
