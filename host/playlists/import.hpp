// SPDX-License-Identifier: Apache-2.0
// Whether a playlist that a person hands in can take the place of what is planned.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/playlists/playlist_store.hpp"
#include "host/playlists/xml.hpp"

namespace civicast::playlists {

/// What the station knows, as far as an import asks.
struct ImportRules {
  std::vector<std::string> channels;
  std::vector<std::string> campaigns;
  std::int64_t from_ns = 0;  ///< what starts before it stays as it is
  std::int64_t day_start_ns = 0, day_end_ns = 0;
  /// How long an asset airs on the playlist's channel; nothing without a house file.
  std::function<std::optional<std::int64_t>(const std::string &asset)> duration_ns;
  std::function<std::optional<Found>(const std::string &id)> find;
  std::function<std::string()> new_id;
  std::vector<Item> standing;  ///< of that channel: over from_ns, and after the day
  const Zone *zone = nullptr;  ///< for sentences
};

/// The items from `from_ns` on, each with an id, ready for PlaylistStore::replace_from; or a
/// sentence for each mistake. Items of the file before `from_ns` are left out: they are over.
/// Bulletins are left out too: they stand, whatever the file says.
Result<std::vector<Item>, Faults> accept(const Reading &reading, const ImportRules &rules);

}  // namespace civicast::playlists
