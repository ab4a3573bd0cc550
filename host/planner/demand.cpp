// SPDX-License-Identifier: Apache-2.0
#include "host/planner/demand.hpp"

#include <algorithm>
#include <cmath>

namespace civicast::planner {
namespace {

constexpr double most_airings = 100'000'000;

}  // namespace

double mean_length_ns(const Campaign &campaign, const std::vector<int> &channels) {
  double sum = 0;
  int with_length = 0;
  for (const int channel : channels) {
    double length = 0, weight = 0;
    for (const Asset &asset : campaign.assets) {
      const auto duration_ns = asset.duration_ns[static_cast<std::size_t>(channel)];
      if (duration_ns < 0) continue;
      length += static_cast<double>(duration_ns) * asset.weight;
      weight += asset.weight;
    }
    if (length <= 0) continue;
    sum += length / weight;
    ++with_length;
  }
  return with_length > 0 ? sum / with_length : 0;
}

int airings_for(double ns, double mean_ns) {
  // A whole number of airings must not become one more for an error of the last digit.
  return static_cast<int>(std::clamp(std::ceil(ns / mean_ns - 1e-9), 0.0, most_airings));
}

std::vector<int> rounded_quota(const std::vector<double> &airings_by_day, double due) {
  std::vector<int> quota;
  due -= std::floor(due);
  int given = static_cast<int>(std::lround(due));
  for (const double airings : airings_by_day) {
    due = std::min(most_airings, due + airings);
    quota.push_back(static_cast<int>(std::lround(due)) - given);
    given += quota.back();
  }
  return quota;
}

int places_in(const Break &one, double mean_ns) {
  if (mean_ns <= 0) return one.max_items > 0 ? one.max_items : 1;
  const auto fit = static_cast<int>(
      std::min(most_airings, std::floor(static_cast<double>(one.length_ns) / mean_ns)));
  return one.max_items > 0 ? std::min(one.max_items, fit) : fit;
}

}  // namespace civicast::planner
