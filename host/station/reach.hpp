// SPDX-License-Identifier: Apache-2.0
// Which channels a target by places, or for all, means: those of its places, seen with the grids.
#pragma once

#include "host/station/cross_check.hpp"

namespace civicast::station {

/// Gives such targets their channels: those that are seen at one of the places or below, and have
/// breaks for the campaign's class. A sentence for a place that is not there, for a target that
/// reaches no channel, and for a channel that two targets of a campaign reach.
Faults find_channels(Station &station, const std::vector<GridFile> &grids);

/// The same of a campaign that is not among the station's.
Faults find_channels(const Station &station, campaigns::Campaign &campaign);

}  // namespace civicast::station
