// SPDX-License-Identifier: Apache-2.0
// Plans to ask about.
#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "host/planner/layout.hpp"
#include "host/planner/planner.hpp"
#include "tests/unit/planner/problems.hpp"

namespace civicast::planner::test {

/// Lays what stands in each break end to end, in the order of starts.
inline std::vector<Placement> laid_again(const Problem &problem,
                                         std::vector<Placement> placements) {
  std::stable_sort(placements.begin(), placements.end(), [](const auto &a, const auto &b) {
    return std::pair(a.in_break, a.start_ns) < std::pair(b.in_break, b.start_ns);
  });
  std::int64_t at_ns = 0;
  for (std::size_t i = 0; i < placements.size(); ++i) {
    Placement &one = placements[i];
    const Break &here = problem.breaks[at_index(one.in_break)];
    if (i == 0 || placements[i - 1].in_break != one.in_break) at_ns = here.start_ns;
    one.start_ns = at_ns;
    at_ns = one.end_ns = at_ns + problem.campaigns[at_index(one.campaign)]
                                     .assets[at_index(one.asset)]
                                     .duration_ns[at_index(here.channel)];
  }
  return placements;
}

/// The campaign's shortest asset on the break's channel; none of negative length is given.
inline int shortest_asset(const Problem &problem, int campaign, int in_break) {
  const int channel = problem.breaks[at_index(in_break)].channel;
  int shortest = 0;
  std::int64_t best_ns = INT64_MAX;
  const auto &assets = problem.campaigns[at_index(campaign)].assets;
  for (std::size_t a = 0; a < assets.size(); ++a) {
    const auto length_ns = assets[a].duration_ns[at_index(channel)];
    if (length_ns >= 0 && length_ns < best_ns) {
      best_ns = length_ns;
      shortest = static_cast<int>(a);
    }
  }
  return shortest;
}

/// With one more of the campaign behind whatever stands in the break.
inline std::vector<Placement> with_one_more(const Problem &problem,
                                            std::vector<Placement> placements, int campaign,
                                            int in_break) {
  const Break &here = problem.breaks[at_index(in_break)];
  std::int64_t at_ns = here.start_ns;
  for (const Placement &one : placements)
    if (one.in_break == in_break) at_ns = std::max(at_ns, one.end_ns);
  const int asset = shortest_asset(problem, campaign, in_break);
  const auto length_ns = problem.campaigns[at_index(campaign)]
                             .assets[at_index(asset)]
                             .duration_ns[at_index(here.channel)];
  placements.push_back({campaign, asset, in_break, at_ns, at_ns + length_ns});
  return placements;
}

/// A plan that is not finished: some of what was planned is gone.
inline std::vector<Placement> thinned_plan(const Problem &problem, std::uint64_t seed) {
  Options options;
  options.seed = seed;
  options.moves = 500;
  auto placements = make_plan(problem, options).placements;
  std::mt19937_64 random(seed);
  std::erase_if(placements, [&](const Placement &) { return random() % 4 == 0; });
  return placements;
}

}  // namespace civicast::planner::test
