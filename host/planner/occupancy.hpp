// SPDX-License-Identifier: Apache-2.0
// What stands in the breaks, as it was laid: for questions about a plan, which it never changes.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "host/planner/layout.hpp"

namespace civicast::planner {

class Occupancy {
 public:
  /// Every placement must name a break, a campaign and an asset of the problem.
  Occupancy(const Problem &problem, const std::vector<Placement> &placements);

  /// Which placements stand in the break, by start.
  const std::vector<int> &in(int in_break) const { return in_[static_cast<std::size_t>(in_break)]; }
  std::int64_t used_ns(int in_break) const { return used_ns_[static_cast<std::size_t>(in_break)]; }
  /// Where one more could start behind what stands there.
  std::int64_t free_from_ns(int in_break) const;
  /// The instants by which a campaign's airings on a channel are kept apart, in order, with those
  /// that are fixed.
  const std::vector<std::int64_t> &starts(int campaign, int channel) const;
  /// Airings of a target on a day, and over all days, with those that are fixed.
  int on_day(int campaign, int target, int day) const;
  int total(int campaign, int target) const;
  /// The campaign's airings on one channel and day, likewise.
  int on_channel_day(int campaign, int channel, int day) const;
  /// The placement of a campaign in a break; −1 if there is none.
  int of(int campaign, int in_break) const;
  /// A placement in the break that may not stand beside the campaign; −1 if there is none.
  int excluded_by(const Layout &layout, int campaign, int in_break) const;

 private:
  const Problem &problem_;
  const std::vector<Placement> &placements_;
  std::vector<std::vector<int>> in_;
  std::vector<std::int64_t> used_ns_;
  std::map<std::pair<int, int>, std::vector<std::int64_t>> starts_;
  std::map<std::pair<int, int>, std::vector<int>> counts_;  ///< by campaign and target: by day
  std::map<std::pair<int, int>, std::vector<int>> channel_counts_;  ///< by campaign and channel
};

/// Is the placement one of those that the legal minimum asks for?
bool counts(const Problem &problem, const Minimum &minimum, const Placement &placement);

/// Of the assets that can be aired on the channel; negative if there is none.
std::int64_t shortest_ns(const Campaign &campaign, int channel);
/// The campaign's target for a channel; −1 if it has none.
int target_on(const Campaign &campaign, int channel);

}  // namespace civicast::planner
