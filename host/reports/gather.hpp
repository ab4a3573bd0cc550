// SPDX-License-Identifier: Apache-2.0
// Fetches what a report joins: the plan of some days, and what the ledger's index says of it.
#pragma once

#include <string>

#include "host/base/zone.hpp"
#include "host/playlists/playlist_store.hpp"
#include "host/reports/reconcile.hpp"

namespace civicast::reports {

/// Local days of the station, both inclusive. Empty ids: of all.
struct Period {
  Date first{}, last{};
  std::string channel, campaign;
};

/// The index of counts must have caught up with the ledger.
Books gather(store::Store &store, playlists::PlaylistStore &playlists, const Zone &zone,
             const Period &period);

}  // namespace civicast::reports
