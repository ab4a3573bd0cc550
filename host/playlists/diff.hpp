// SPDX-License-Identifier: Apache-2.0
// What changed from one playlist to the next.
#pragma once

#include <vector>

#include "host/playlists/playlist.hpp"

namespace civicast::playlists {

struct Change {
  enum class Kind { added, removed, changed } kind = Kind::added;
  Item before;  ///< empty if added
  Item after;   ///< empty if removed
};

/// Items are the same item if they have the same id. By start (the old one if removed).
std::vector<Change> diff(const std::vector<Item> &before, const std::vector<Item> &after);

/// Whether two items would air the same: all but the id and the words.
bool says_the_same(const Item &a, const Item &b);

}  // namespace civicast::playlists
