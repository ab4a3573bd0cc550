// SPDX-License-Identifier: Apache-2.0
// A playlist as a file that a person can read and edit (playlists/schema/playlist.xsd).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/playlists/playlist.hpp"

namespace civicast::playlists {

inline constexpr std::uint64_t max_playlist_bytes = 32 << 20;

/// A playlist as it was read, and where each of its parts stands.
struct Reading {
  Playlist playlist;
  std::string at;                     ///< of the playlist: "monday.xml:2"
  std::vector<std::string> items_at;  ///< of each item: "monday.xml:12"
};

/// UTF-8. Times are local with their offset from UTC, so nothing is lost.
std::string write_xml(const Playlist &playlist, const Zone &zone);

/// Refuses the whole file with a sentence for each mistake, or reads it without loss. An item
/// without an id is new: its id is left empty.
Result<Reading, Faults> read_xml(const std::filesystem::path &file);
/// The same for text in memory; faults call it `shown`.
Result<Reading, Faults> parse_playlist(std::string_view text, const std::string &shown);

}  // namespace civicast::playlists
