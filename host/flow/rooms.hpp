// SPDX-License-Identifier: Apache-2.0
// All rooms of a running station, opened in the order in which data flows through them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "host/airings/intake.hpp"
#include "host/base/progress.hpp"
#include "host/counts/index.hpp"
#include "host/flow/held.hpp"
#include "host/flow/lock.hpp"
#include "host/ledger/ledger.hpp"
#include "host/library/library.hpp"
#include "host/playlists/playlist_store.hpp"
#include "host/station/station.hpp"
#include "host/store/store.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/result.hpp"

namespace civicast::flow {

struct Rooms {
  StationLock lock;
  station::Station station;
  std::string configuration;  ///< SHA-256 of the XML that `station` was read from
  std::unique_ptr<store::Store> store;
  std::unique_ptr<library::Library> library;
  std::unique_ptr<playlists::PlaylistStore> playlists;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<airings::Intake> intake;
  std::unique_ptr<counts::Index> index;
  std::unique_ptr<Held> held;
};

/// Opens `folder`, finishes imports that were cut off, and brings the index up to the ledger: what
/// the last life left half done is done when this returns.
Result<Rooms, Faults> open_rooms(const std::filesystem::path &folder, const Clock &clock,
                                 Progress &progress);

}  // namespace civicast::flow
