// SPDX-License-Identifier: Apache-2.0
// Bulletins as the API and the command line show them (Bulletin in host/api/openapi).
#pragma once

#include "host/bulletins/draft.hpp"
#include "host/counts/index.hpp"
#include "sdk/base/json.hpp"

namespace civicast::flow {

/// Where what is shown of a bulletin is read from.
struct BulletinSources {
  const station::Station &station;
  store::Store &store;
  playlists::PlaylistStore &playlists;
};

/// What it is and how far it has come on each channel. `whole`: also every showing, the facts of
/// each, and what stood beneath.
Json bulletin_json(const bulletins::Bulletin &bulletin, const BulletinSources &sources,
                   std::int64_t now_ns, bool whole);

/// What an order would become: {"channels":[{"channel","name","showings":[…],"preempted":[…]}]}.
Json draft_json(const bulletins::Draft &draft, const station::Station &station);

}  // namespace civicast::flow
