// SPDX-License-Identifier: Apache-2.0
#include "tools/civicast/planned_station.hpp"

namespace civicast::cli {

std::unique_ptr<PlannedStation> open_planned_station(Context &context) {
  auto station = station::load_station(context.station);
  if (!station) {
    report(station.fault(), context);
    return nullptr;
  }
  auto opened = std::make_unique<PlannedStation>(
      PlannedStation{{}, *std::move(station), nullptr, nullptr, nullptr});
  auto store = store::Store::open(opened->station.folder / "civicast.db");
  if (!store) {
    report(store.fault(), context);
    return nullptr;
  }
  opened->store = *std::move(store);
  auto library = library::Library::open(*opened->store, opened->station.folder, opened->clock,
                                        channels::formats_of(opened->station.channels));
  if (!library) {
    report(library.fault(), context);
    return nullptr;
  }
  opened->library = *std::move(library);
  opened->playlists = std::make_unique<playlists::PlaylistStore>(*opened->store);
  return opened;
}

Date date_or(const std::string &text, Date fallback) {
  return parse_date(text).value_or(fallback);
}

const CLI::Validator is_date(
    [](std::string &text) {
      return parse_date(text)
                 ? std::string()
                 : text + " 不是日期，应当像 2026-11-23 · is not a date such as 2026-11-23";
    },
    "DATE");

}  // namespace civicast::cli
