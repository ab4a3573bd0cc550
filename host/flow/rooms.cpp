// SPDX-License-Identifier: Apache-2.0
#include "host/flow/rooms.hpp"

#include <algorithm>
#include <vector>

#include "host/base/sha256.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::flow {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t max_configuration_bytes = 64 << 20;

Result<std::string> configuration_sha256(const fs::path &folder) {
  std::vector<fs::path> files;
  for (const auto &where : {folder, folder / "grids"})
    for (const auto &entry : fs::directory_iterator(where))
      if (entry.path().extension() == ".xml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  Sha256 hasher;
  for (const auto &file : files) {
    const auto bytes = read_file(file, max_configuration_bytes);
    if (!bytes) return bytes.fault();
    hasher.add(file.filename().string()).add(std::string_view("\0", 1)).add(*bytes);
  }
  return hex(hasher.finish());
}

}  // namespace

Result<Rooms, Faults> open_rooms(const fs::path &folder, const Clock &clock, Progress &progress) {
  auto station = station::load_station(folder);
  if (!station) return station.fault();
  auto lock = StationLock::take(folder);
  if (!lock) return Faults{lock.fault()};
  auto configuration = configuration_sha256(folder);
  if (!configuration) return Faults{configuration.fault()};
  auto store = store::Store::open(folder / "civicast.db");
  if (!store) return Faults{store.fault()};
  auto library =
      library::Library::open(**store, folder, clock, channels::formats_of(station->channels));
  if (!library) return Faults{library.fault()};
  if (auto resumed = (*library)->resume(progress); !resumed) return Faults{resumed.fault()};
  auto ledger = ledger::Ledger::open(folder / "ledger", folder / "keys");
  if (!ledger) return Faults{ledger.fault()};

  const Zone zone = station->zone;
  auto playlists = std::make_unique<playlists::PlaylistStore>(**store);
  auto intake = std::make_unique<airings::Intake>(**store, **ledger, clock);
  auto index = std::make_unique<counts::Index>(**store, **ledger, zone);
  if (auto known = intake->catch_up(progress); !known) return Faults{known.fault()};
  if (auto counted = index->catch_up(progress); !counted) return Faults{counted.fault()};
  auto held = std::make_unique<Held>(**store, *playlists, **ledger, *index, clock);
  return Rooms{*std::move(lock),   *std::move(station), *std::move(configuration),
               *std::move(store),  *std::move(library), std::move(playlists),
               *std::move(ledger), std::move(intake),   std::move(index),
               std::move(held)};
}

}  // namespace civicast::flow
