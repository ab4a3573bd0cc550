// SPDX-License-Identifier: Apache-2.0
// Questions about the plan of a station. None of them changes anything.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/flow/planning.hpp"
#include "host/planner/what_if.hpp"

namespace civicast::flow {

/// What stands in the playlists of some days, in the planner's words, for questions about it.
/// Closed is what plan_days (same instants) would leave alone.
struct Standing {
  Date first{};
  planner::Problem problem;  ///< with every break of those days, closed or not
  std::vector<planner::Placement> placements;
  std::vector<std::string> ids;                ///< of the placements, as many
  std::vector<std::int64_t> closed_before_ns;  ///< by channel: what starts sooner is settled
  Faults unknown;   ///< a sentence for each placement that is no longer part of the problem
  Faults warnings;  ///< what the planner leaves out, and why
};
Standing standing_of(const station::Station &station, const Durations &durations,
                     playlists::PlaylistStore &playlists, std::int64_t now_ns, std::int64_t from_ns,
                     Date first, int days, const std::vector<Failed> &failed = {});

/// The same of what plan_days (same arguments) could plan anew: closed breaks are left out, and
/// what stands in them is fixed.
Standing open_of(const station::Station &station, const Durations &durations,
                 playlists::PlaylistStore &playlists, std::int64_t now_ns, std::int64_t from_ns,
                 int days, const std::vector<Failed> &failed = {});

/// How the days that plan_days would plan now (same arguments) would change; publishes nothing.
/// Sentences for changes that cannot be made come back.
Result<planner::Effect, Faults> what_if(const station::Station &station, const Durations &durations,
                                        playlists::PlaylistStore &playlists, std::int64_t now_ns,
                                        std::int64_t from_ns, int days,
                                        const std::vector<planner::Change> &changes,
                                        const std::vector<Failed> &failed = {});

}  // namespace civicast::flow
