// SPDX-License-Identifier: Apache-2.0
// What became of a day, as events: the playlist's items with what the ledger says of each.
#pragma once

#include <vector>

#include "host/exchange/event.hpp"
#include "host/playlists/playlist.hpp"

namespace civicast::exchange {

/// One event for each of `items`, and for each airing of an item that a later plan has taken out.
/// `airings` are final facts of those items; disputed ones are not asked. Of several plays the one
/// that counts is told, on the best evidence. An item over without a word is Unknown; one that is
/// still to come has no status. What only the schedule says (inferred) is no proof: Unknown too.
std::vector<Event> as_run_events(const std::vector<playlists::Item> &items,
                                 const std::vector<airings::Airing> &airings, const Zone &zone,
                                 std::int64_t now_ns);

}  // namespace civicast::exchange
