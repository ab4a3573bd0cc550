// SPDX-License-Identifier: Apache-2.0
// Grids and campaigns become the playlists of the coming days: planned, checked, published.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/library/library.hpp"
#include "host/planner/planner.hpp"
#include "host/playlists/playlist_store.hpp"
#include "host/rules/judge.hpp"
#include "host/station/station.hpp"

namespace civicast::flow {

/// How long an asset airs on a channel; nothing if it has no ready house file for it.
using Durations = std::function<std::optional<std::int64_t>(const std::string &asset,
                                                            const channels::Channel &channel)>;

/// Durations of what is ready in the library, which must outlive what is returned.
Durations durations_from(library::Library &library);

/// What one target of a campaign wants over the planned days, and what it gets. `asked` is less
/// than `wanted` where the day had begun before it was planned.
struct Promise {
  std::string channel;  ///< several as "cable, screens"
  std::string campaign;
  int wanted = 0, asked = 0, planned = 0;
  std::int64_t planned_s = 0;  ///< air time, whatever it was asked for in
  std::int64_t wanted_s = 0;   ///< of a target in seconds, or in a share of them; else 0
  int planned_permille = 0;    ///< of a share: what it gets
  bool is_share = false;
  bool has_position = false;  ///< its campaign wishes to be first, or last, in a break
  int in_position = 0;        ///< so many new placements are
};

struct Summary {
  Date first{};
  int days = 0;
  int placements = 0;                       ///< that stand on those days
  int made_good = 0;                        ///< of the new ones, those that replace one that failed
  std::vector<Promise> promises;            ///< by campaign, then channel
  Faults warnings;                          ///< what was left out, and why
  std::vector<rules::Verdict> minima = {};  ///< of each day, by channel
};

/// A placement that was not aired, or not whole, for sure: see counts::failed.
struct Failed {
  std::string placement;
  bool was_on = false;  ///< some of it was seen
};

/// Those that still matter to a plan from `first` (or today) on, oldest first: of campaigns that
/// run, since their beginning, or of that day where all targets are for a day.
std::vector<Failed> failed_placements(const station::Station &station, store::Store &store,
                                      std::int64_t now_ns, std::optional<Date> first = {});

/// What a plan leaves alone although it is still to come.
enum class Kept {
  nothing,
  planned_days,  ///< days that have a playlist already, planned here or brought in by a person
};

/// What makes a plan of a problem.
using Planner = std::function<planner::Plan(const planner::Problem &, const planner::Options &)>;

/// Plans `days` local days, beginning with the one of `now_ns`, and publishes them. What starts
/// before `from_ns` stays, as does a break that is in progress then, unless nothing was planned
/// there. What failed counts for no target: it is planned again as far as its target goes on, and
/// what is planned for it says so (playlists::Item::makes_good). Nothing is published that breaks a
/// rule (see planner::check), whoever planned it: those sentences come back. A legal minimum that
/// cannot be met is a warning: the law asks for airings, not for none at all.
Result<Summary, Faults> plan_days(const station::Station &station, const Durations &durations,
                                  playlists::PlaylistStore &playlists, std::int64_t now_ns,
                                  std::int64_t from_ns, int days, Kept kept = Kept::nothing,
                                  const std::vector<Failed> &failed = {},
                                  const Planner &planner = planner::make_plan);

/// Judges the published playlists of those days by the rules as they are now; changes nothing.
/// A sentence for each rule that is broken comes back.
Result<Summary, Faults> verify_days(const station::Station &station, const Durations &durations,
                                    playlists::PlaylistStore &playlists, Date first, int days,
                                    const std::vector<Failed> &failed = {});

/// What the planner is to minimise, and how long it may search for it, over so many days.
planner::Options options_for(int days);

/// Whether every channel has playlists for those days.
bool is_planned(const station::Station &station, playlists::PlaylistStore &playlists,
                std::int64_t now_ns, int days);

}  // namespace civicast::flow
