// SPDX-License-Identifier: Apache-2.0
// A playlist as a file that a person can read and edit (playlists/schema/playlist.xsd).
#pragma once

#include <filesystem>
#include <string>

#include "host/playlists/playlist.hpp"

namespace civicast::playlists {

/// UTF-8. Times are local with their offset from UTC, so nothing is lost.
std::string write_xml(const Playlist &playlist, const Zone &zone);

/// Refuses the whole file with a sentence for each mistake, or reads it without loss. An item
/// without an id is new: its id is left empty.
Result<Playlist, Faults> read_xml(const std::filesystem::path &file);

}  // namespace civicast::playlists
