// SPDX-License-Identifier: Apache-2.0
// How many airings of a campaign's whole target fall on each day.
#pragma once

#include <vector>

namespace civicast::planner {

/// The quota of each day of the horizon (0 to days − 1) for `airings` wanted from `first_day` to
/// `last_day`, of which `counted` came before day 0. Every run of days holds its share, rounded:
/// 30 in 30 days are one a day, 10 in 30 days every third. What is behind or ahead of that pace is
/// made up evenly over the days that are left.
std::vector<int> even_quota(int airings, int first_day, int last_day, int counted, int days);

/// Sends what is above `most` on a day to the days after it, or else before it, of those from
/// `first_day` to `last_day`. What no day can take is given up.
void keep_within(std::vector<int> &quota, int most, int first_day, int last_day);

}  // namespace civicast::planner
