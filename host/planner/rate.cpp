// SPDX-License-Identifier: Apache-2.0
#include "host/planner/rate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace civicast::planner {
namespace {

double yield_of(const Pacing &pacing, const Memory &memory) {
  return memory.yield > 0 ? memory.yield : pacing.usual_yield;
}

/// Airings it would like to have in the next hour.
double need_of(const Pacing &pacing, const Claim &claim, double yield, double rest) {
  const double hours = claim.hours_gone + claim.hours_left;
  if (!claim.is_open || hours <= 0 || claim.hours_left <= 0) return 0;
  const double pace = claim.wanted / hours;
  const double had = claim.aired + (claim.pending + rest) * yield;
  const double left = claim.wanted - had;
  // Half an airing early, so that each stands in the middle of its own time.
  const double behind = pace * claim.hours_gone + 0.5 - had;
  const double need =
      std::max(pace + behind / pacing.catch_up_h, left / std::max(1.0, claim.hours_left));
  return std::clamp(need, 0.0, std::max(0.0, std::min(left, pacing.most_paces * pace)));
}

/// Of each need the same part for the same weight, more for a heavier one, and none more than it
/// needs; all together `supply`.
void share_out(const std::vector<Claim> &claims, double supply, std::vector<double> &needs) {
  double open = std::accumulate(needs.begin(), needs.end(), 0.0);
  if (open <= supply) return;
  std::vector<std::size_t> by_weight(needs.size());
  std::iota(by_weight.begin(), by_weight.end(), std::size_t{0});
  std::stable_sort(by_weight.begin(), by_weight.end(), [&](std::size_t a, std::size_t b) {
    return claims[a].weight > claims[b].weight;
  });
  double weighted = 0;
  for (std::size_t i = 0; i < needs.size(); ++i) weighted += needs[i] * claims[i].weight;
  double level = 0;
  for (const std::size_t i : by_weight) {
    level = weighted > 0 ? supply / weighted : 0;
    if (level * claims[i].weight < 1) break;
    supply -= needs[i];  // served whole
    weighted -= needs[i] * claims[i].weight;
  }
  for (std::size_t i = 0; i < needs.size(); ++i)
    needs[i] *= std::min(1.0, level * claims[i].weight);
}

/// Whole slots, no more than there are: of those with the smallest rests one comes later.
void keep_within(int slots, std::vector<Rate> &rates, std::vector<double> &rest) {
  int given = 0;
  for (const Rate &one : rates) given += one.slots;
  std::vector<std::size_t> order(rates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  while (given > slots) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rest[a] < rest[b]; });
    for (const std::size_t i : order) {
      if (given <= slots) break;
      if (rates[i].slots == 0) continue;
      --rates[i].slots;
      rest[i] += 1;
      --given;
    }
  }
}

}  // namespace

void see(const Pacing &pacing, int slots, double airings, double slots_an_hour, Memory &memory) {
  if (slots <= 0 || airings <= 0 || slots_an_hour <= 0) return;
  const double seen = std::clamp(airings / slots, pacing.usual_yield / 2, pacing.usual_yield * 2);
  const double hours = slots / slots_an_hour;
  const double before = yield_of(pacing, memory);
  memory.yield = before + (seen - before) * (1 - std::exp(-hours / pacing.smoothing_h));
}

std::vector<Rate> next_hour(const Pacing &pacing, const std::vector<Claim> &claims, int slots,
                            Memory &memory) {
  memory.rest.resize(claims.size(), 0);
  const double yield = yield_of(pacing, memory);
  std::vector<double> needs;
  for (std::size_t i = 0; i < claims.size(); ++i)
    needs.push_back(need_of(pacing, claims[i], yield, memory.rest[i]));
  share_out(claims, slots * yield, needs);
  std::vector<Rate> rates(claims.size());
  for (std::size_t i = 0; i < claims.size(); ++i) {
    Rate &rate = rates[i];
    rate.airings = needs[i];
    rate.share = slots > 0 ? needs[i] / (slots * yield) : 0;
    if (!claims[i].is_open || claims[i].hours_left <= 0) continue;
    double &rest = memory.rest[i];
    rest += needs[i] / yield;
    rate.slots = static_cast<int>(std::floor(rest + 1e-9));
    rest = std::max(0.0, rest - rate.slots);
  }
  keep_within(std::max(0, slots), rates, memory.rest);
  return rates;
}

}  // namespace civicast::planner
