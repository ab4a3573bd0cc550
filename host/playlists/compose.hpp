// SPDX-License-Identifier: Apache-2.0
// A grid's day and its placements become a full playlist, without gaps and without overlaps.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "host/grids/grid.hpp"
#include "host/playlists/playlist.hpp"

namespace civicast::playlists {

struct Surroundings {
  std::int64_t from_ns = 0;  ///< nothing is laid before it (what stands there is frozen)
  std::function<Words(const std::string &asset)> title_of;
  std::function<std::string()> new_id;
};

/// The day from `from_ns` on: the placements as they are, programmes in what they leave free,
/// fillers in turn everywhere else. A programme or filler that a placement or `from_ns` cuts is
/// shortened. Without fillers in the grid (a feed) nothing is added where nothing is planned.
///
/// Fillers end where a break starts or ends, and are never longer than max_filler_ns, because what
/// is on air is never cut: a long one would hold up a new plan. A rest shorter than min_piece_ns is
/// added to the filler or programme beside it.
std::vector<Item> compose(const grids::GridDay &day, std::vector<Item> placements,
                          const Surroundings &around);

inline constexpr std::int64_t min_piece_ns = 120'000'000;       ///< the house files' time grid
inline constexpr std::int64_t max_filler_ns = 300'000'000'000;  ///< 5 minutes

}  // namespace civicast::playlists
