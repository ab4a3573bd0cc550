// SPDX-License-Identifier: Apache-2.0
// Deals a day's airings out to the channels of a target, each in its turn.
#pragma once

#include <vector>

namespace civicast::planner {

/// One of those that share. `behind` says by how many airings it is behind its share.
struct Sharer {
  double behind = 0;
  int due = 0;   ///< what it has been dealt
  int most = 0;  ///< it can take no more
};

/// Where it stands against its fellows before the first day: one airing's lead or arrears at most,
/// or all others would have to wait for one that was off the air for a week.
double arrears(double mean, int counted);

/// Each becomes its share of `quota` further behind; then one airing after the other goes to the
/// one furthest behind that can take one, the first of equals. What nobody can take is returned.
int deal(int quota, std::vector<Sharer *> &sharers);

}  // namespace civicast::planner
