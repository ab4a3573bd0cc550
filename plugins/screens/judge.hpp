// SPDX-License-Identifier: Apache-2.0
// What a screen's record of a play amounts to. Pure: the same record always gets the same verdict.
#pragma once

#include <civicast/channel.hpp>
#include <string>

#include "plugins/screens/item.hpp"

namespace civicast::screens {

/// The fact that `record`, made at `place`, says of `item`. A page's "complete" is not taken on
/// trust: the start must be within 1 s of the plan, 95 % of the length must have been seen, with
/// pictures moving, ended within 1 s of the plan, and the bytes shown must be the ones planned.
/// Anything less is a missed airing with the nearest of the ten as-run statuses.
Fact judge(const Item &item, const std::string &place, const PlayRecord &record);

/// What silence says: nobody at `place` reported `item` in time. `was_seen`: the screen asked for
/// its plan meanwhile. `was_covered`: a bulletin was planned there over the item.
Fact silence(const Item &item, const std::string &place, bool was_seen, bool was_covered);

}  // namespace civicast::screens
