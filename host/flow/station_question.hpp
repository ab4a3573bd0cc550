// SPDX-License-Identifier: Apache-2.0
// What the planner is asked for some days of a station: its grids, campaigns and rules, what was
// aired before, what stands, and what may be planned anew.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "host/flow/make_goods.hpp"
#include "host/flow/planning.hpp"
#include "host/planner/problem_of.hpp"

namespace civicast::flow {

/// What the playlists hold, in the planner's words.
struct Placed {
  std::vector<planner::Placement> placements;
  std::vector<std::string> ids;  ///< of the placements, as many
  Faults unknown;                ///< a sentence for each that is no part of the problem
};

class StationQuestion {
 public:
  StationQuestion(const station::Station &station, const Durations &durations,
                  playlists::PlaylistStore &playlists, Date first, int days,
                  const std::vector<Failed> &failed);

  /// Closes what may not be planned anew, and tells the planner what stands.
  void close(std::int64_t now_ns, std::int64_t from_ns, Kept kept);
  planner::Posed pose() const;
  /// With all breaks open and nothing settled but the day before.
  planner::Posed pose_all();

  const planner::Question &question() const { return question_; }
  /// The placements of those days that did not fail.
  Placed placed_in(const planner::Problem &problem);
  bool has_failed(const std::string &placement) const { return failed_.contains(placement); }
  /// What failed, oldest first.
  const std::vector<Owed> &owed() const { return owed_; }
  Faults take_warnings() { return std::move(warnings_); }

  Date date_of(int day) const;
  std::size_t channel_index(const std::string &channel) const;
  /// From when on a channel may be planned anew.
  std::int64_t open_from(const std::string &channel, std::int64_t now_ns, std::int64_t from_ns);

 private:
  void leave_out_unready(grids::GridDay &day);
  void count_before();
  void take_failed(const std::vector<Failed> &failed);
  void take_standing(int day);
  std::vector<playlists::Item> planned_between(const std::string &channel, std::int64_t from_ns,
                                               std::int64_t to_ns);
  std::int64_t planned_until(const std::string &channel);
  std::int64_t behind_what_is_on(const std::string &channel, std::int64_t open_ns);
  std::int64_t break_end(const std::string &channel, std::int64_t at_ns) const;
  std::optional<planner::Placement> placement_of(const planner::Problem &problem,
                                                 const std::string &channel,
                                                 const playlists::Item &item);

  const station::Station &station_;
  const Durations &durations_;
  playlists::PlaylistStore &playlists_;
  planner::Question question_;
  /// By channel and asset. A grid names the same few assets thousands of times.
  std::map<std::pair<std::string, std::string>, std::optional<std::int64_t>> known_;
  std::set<std::pair<std::string, std::string>> unready_;
  std::map<std::string, int> break_index_;
  Date counted_from_{};
  std::map<std::string, bool> failed_;  ///< current placements; whether some of it was on
  std::vector<Owed> owed_;
  Faults warnings_;
};

}  // namespace civicast::flow
