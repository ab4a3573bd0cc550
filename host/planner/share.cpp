// SPDX-License-Identifier: Apache-2.0
#include "host/planner/share.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <utility>

namespace civicast::planner {

double arrears(double mean, int counted) {
  return std::clamp(mean - counted, -1.0, 1.0);
}

int deal(int quota, std::vector<Sharer *> &sharers) {
  if (sharers.empty()) return quota;
  using Turn = std::pair<double, std::ptrdiff_t>;  // how far behind, and who, negative
  std::priority_queue<Turn> turns;
  for (std::size_t i = 0; i < sharers.size(); ++i) {
    Sharer &one = *sharers[i];
    one.behind += quota / static_cast<double>(sharers.size());
    if (one.due < one.most) turns.emplace(one.behind, -static_cast<std::ptrdiff_t>(i));
  }
  for (; quota > 0 && !turns.empty(); --quota) {
    const auto [behind, minus_index] = turns.top();
    turns.pop();
    Sharer &one = *sharers[static_cast<std::size_t>(-minus_index)];
    ++one.due;
    // Rounded, so that what should be equal is.
    one.behind = std::round((behind - 1) * 1e6) / 1e6;
    if (one.due < one.most) turns.emplace(one.behind, minus_index);
  }
  return quota;
}

}  // namespace civicast::planner
