// SPDX-License-Identifier: Apache-2.0
#include "host/flow/questions.hpp"

#include <algorithm>
#include <utility>

#include "host/flow/station_question.hpp"
#include "host/station/reach.hpp"

namespace civicast::flow {
namespace {

Standing standing_in(StationQuestion &asked, planner::Posed posed) {
  Standing out;
  Placed placed = asked.placed_in(posed.problem);
  out.first = asked.question().first;
  out.problem = std::move(posed.problem);
  out.placements = std::move(placed.placements);
  out.ids = std::move(placed.ids);
  out.unknown = std::move(placed.unknown);
  out.warnings = std::move(posed.warnings);
  return out;
}

}  // namespace

Standing standing_of(const station::Station &station, const Durations &durations,
                     playlists::PlaylistStore &playlists, std::int64_t now_ns, std::int64_t from_ns,
                     Date first, int days, const std::vector<Failed> &failed) {
  StationQuestion asked(station, durations, playlists, first, days, failed);
  Standing out = standing_in(asked, asked.pose_all());
  for (const std::string &channel : asked.question().channels)
    out.closed_before_ns.push_back(asked.open_from(channel, now_ns, from_ns));
  return out;
}

Standing open_of(const station::Station &station, const Durations &durations,
                 playlists::PlaylistStore &playlists, std::int64_t now_ns, std::int64_t from_ns,
                 int days, const std::vector<Failed> &failed) {
  StationQuestion asked(station, durations, playlists, station.zone.date_at(now_ns), days, failed);
  asked.close(now_ns, std::max(now_ns, from_ns), Kept::nothing);
  Standing out = standing_in(asked, asked.pose());
  out.unknown.clear();  // what stands in closed breaks is none of the problem's, and fixed
  out.closed_before_ns = asked.question().open_from_ns;
  return out;
}

Result<planner::Effect, Faults> what_if(const station::Station &station, const Durations &durations,
                                        playlists::PlaylistStore &playlists, std::int64_t now_ns,
                                        std::int64_t from_ns, int days,
                                        const std::vector<planner::Change> &given,
                                        const std::vector<Failed> &failed) {
  std::vector<planner::Change> changes = given;
  Faults wrong;
  for (planner::Change &change : changes)
    if (auto *comes = std::get_if<planner::CampaignComes>(&change))
      for (Fault &fault : station::find_channels(station, comes->campaign))
        wrong.push_back(std::move(fault));
  if (!wrong.empty()) return wrong;
  StationQuestion asked(station, durations, playlists, station.zone.date_at(now_ns), days, failed);
  asked.close(now_ns, std::max(now_ns, from_ns), Kept::nothing);
  return planner::effect_of(asked.question(), changes, station.zone, options_for(days));
}

}  // namespace civicast::flow
