// SPDX-License-Identifier: Apache-2.0
#include "host/planner/quota.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace civicast::planner {

std::vector<int> even_quota(int airings, int first_day, int last_day, int counted, int days) {
  std::vector<int> quota(static_cast<std::size_t>(std::max(days, 0)), 0);
  const int length = last_day - first_day + 1;
  const int start = std::max(first_day, 0);
  const int left = last_day - start + 1;
  if (length <= 0 || left <= 0 || airings <= 0) return quota;

  // The share of the first k days, rounded: never more than half an airing away from even.
  const auto share = [&](std::int64_t k) { return (2 * k * airings + length) / (2 * length); };
  const std::int64_t before = share(start - first_day);
  const std::int64_t behind = before - counted;
  std::int64_t given = 0;
  for (int day = start; day < days && day <= last_day; ++day) {
    const std::int64_t k = day - start + 1;
    // Rounded up, so that what was missed comes back soon and a surplus is saved at once.
    const std::int64_t made_up = (std::llabs(behind) * k + left - 1) / left;
    const std::int64_t due =
        share(day - first_day + 1) - before + (behind < 0 ? -made_up : made_up);
    if (due <= given) continue;
    quota[static_cast<std::size_t>(day)] = static_cast<int>(due - given);
    given = due;
  }
  return quota;
}

void keep_within(std::vector<int> &quota, int most, int first_day, int last_day) {
  const int first = std::max(0, first_day);
  const int last = std::min(static_cast<int>(quota.size()) - 1, last_day);
  int excess = 0;
  for (int day = first; day <= last; ++day) {
    int &here = quota[static_cast<std::size_t>(day)];
    const int wanted = here + excess;
    here = std::min(wanted, most);
    excess = wanted - here;
  }
  for (int day = last; day >= first && excess > 0; --day) {
    int &here = quota[static_cast<std::size_t>(day)];
    const int more = std::min(excess, most - here);
    here += more;
    excess -= more;
  }
}

}  // namespace civicast::planner
