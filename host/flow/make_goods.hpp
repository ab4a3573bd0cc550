// SPDX-License-Identifier: Apache-2.0
// Make-goods 补播: which of a plan's placements replace those that failed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/zone.hpp"
#include "host/campaigns/campaign.hpp"

namespace civicast::flow {

/// Whether each day's target stands for itself: its shortfall is not made up on another.
bool is_for_each_day(const campaigns::Target &target);

/// A placement that failed and that nothing makes good yet.
struct Owed {
  std::string id, channel, campaign;
  Date date{};
};

/// A placement of the new plan.
struct Chance {
  std::string channel, campaign;
  Date date{};
  std::int64_t start_ns = 0;
  bool is_new = true;      ///< the plan before did not have it in this break
  std::string makes_good;  ///< in the plan before; what it makes good now is written here
};

/// Links new placements of a campaign to what it is owed, the oldest first, each once at most:
/// first on the same channel, then on the others of the same target. What made good before goes on
/// doing so. A day's target is owed nothing by another day.
void make_good(const std::vector<campaigns::Campaign> &campaigns, const std::vector<Owed> &owed,
               std::vector<Chance> &chances);

}  // namespace civicast::flow
