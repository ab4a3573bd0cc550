// SPDX-License-Identifier: Apache-2.0
// What the commands about plans and playlists work on. The host may run meanwhile.
#pragma once

#include <memory>

#include "host/flow/planning.hpp"
#include "host/library/library.hpp"
#include "host/playlists/playlist_store.hpp"
#include "host/station/station.hpp"
#include "host/store/store.hpp"
#include "sdk/base/clock.hpp"
#include "tools/civicast/context.hpp"

namespace civicast::cli {

/// A running host has handed out what starts sooner; a command leaves it alone.
inline constexpr std::int64_t frozen_ns = 60 * ns_per_s;

struct PlannedStation {
  SystemClock clock;
  station::Station station;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<library::Library> library;
  std::unique_ptr<playlists::PlaylistStore> playlists;

  std::int64_t now_ns() const { return clock.now_ns(); }
  Date today() const { return station.zone.date_at(now_ns()); }
};

/// Opens --station; null after reporting why not.
std::unique_ptr<PlannedStation> open_planned_station(Context &context);

/// "2026-11-23", or `fallback` for nothing. An option that holds something else is not accepted by
/// `is_date`.
Date date_or(const std::string &text, Date fallback);
extern const CLI::Validator is_date;

}  // namespace civicast::cli
