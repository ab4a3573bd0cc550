// SPDX-License-Identifier: Apache-2.0
// What re-planning costs while the week is on air: a published plan, an event, and what is planned
// then.
#pragma once

#include <string>
#include <vector>

#include "host/planner/planner.hpp"

namespace civicast::bench {

/// A problem of which a plan is published, after something has happened.
struct Event {
  planner::Problem problem;
  std::string name;
};

/// A break that the seed chooses, of those that hold something, is gone.
Event lost_break(const planner::Problem &problem, const planner::Plan &published,
                 std::uint64_t seed);

/// A campaign that is heavier than all others wants to be aired once an hour on every channel, for
/// three days that the seed chooses.
Event emergency_campaign(const planner::Problem &problem, const planner::Plan &published,
                         std::uint64_t seed);

struct Replanned {
  double milliseconds = 0;  ///< of CPU time: the new plan, and its check
  int untouched = 0;        ///< published airings whose break is still there
  int moved = 0;            ///< of those, not where they were
  int violations = 0;       ///< by the checker
  double objective = 0;     ///< of the new plan, whatever changed
  double fresh = 0;         ///< the same of a plan made as if nothing had been published
};

/// `options` are those of the published plan; `change` is what it costs to move a published airing.
Replanned replan(const Event &event, planner::Options options, std::int64_t change);

Replanned assess(const Event &event, const planner::Plan &plan, const planner::Options &options);

/// Seconds of CPU time that this process has used.
double cpu_s();

}  // namespace civicast::bench
