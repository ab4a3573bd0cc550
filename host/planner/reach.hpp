// SPDX-License-Identifier: Apache-2.0
// Can a campaign's targets be met at all, and if not, what stands in the way? Counted, never
// guessed: each answer comes from a problem that really is so.
#pragma once

#include <vector>

#include "host/planner/planner.hpp"

namespace civicast::planner {

/// What is taken away, alone, to see what it withholds.
enum class Lever {
  half_separation,
  no_separation,
  longer_window,  ///< one more hour of the day, the best one
  all_hours,
  all_dates,       ///< of the horizon
  any_class,       ///< every break carries the campaign's class
  shorter_assets,  ///< half as long
  more_items,      ///< no limit to the items of a break
  no_topic,        ///< it may stand beside whatever there is
  no_caps,         ///< no limit to the airings of a day
  house_files,     ///< assets that cannot be aired on a channel of its targets can, as long as its
                   ///< shortest
  more_channel,    ///< one more channel in its first target, the best one
};

struct Relief {
  Lever lever = Lever::half_separation;
  int hour = -1;              ///< longer_window: the local hour; −1 else
  int channel = -1;           ///< more_channel; −1 else
  int alone = 0, beside = 0;  ///< as in Reach, with this taken away
};

/// Airings of one target, up to what it asks for.
struct TargetReach {
  int target = 0;
  int wanted = 0, planned = 0, alone = 0, beside = 0;  ///< as in Reach
};

/// The same over all targets of the campaign.
struct Reach {
  std::vector<TargetReach> targets;
  int wanted = 0;               ///< what the targets ask of the horizon
  int planned = 0;              ///< as it stands
  int alone = 0;                ///< no plan whatever has more, were there nothing but this campaign
  int beside = 0;               ///< room for so many beside all others as they stand
  std::vector<Relief> reliefs;  ///< those that help, the best first; empty if all can be met
};

/// `placements`: the plan as it stands, of all campaigns.
Reach reach_of(const Problem &problem, const std::vector<Placement> &placements, int campaign);

/// Breaks in which the campaign can stand together, beside all others as they stand: as many as
/// fit in each break in any order. By break.
std::vector<int> room_beside(const Problem &problem, const std::vector<Placement> &placements,
                             int campaign);

/// Both make the whole plan anew.
struct Replanned {
  Plan equal;  ///< by the weights as they are
  Plan first;  ///< with the campaign before all others
};
Replanned replanned_for(const Problem &problem, int campaign, const Options &options);

}  // namespace civicast::planner
