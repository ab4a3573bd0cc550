// SPDX-License-Identifier: Apache-2.0
// The addresses of C2SP tlog-tiles: "0/x001/x234/067", "entries/000.p/12".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace civicast::ledger {

struct TilePath {
  bool is_entries = false;  ///< a bundle of entries, and no level
  unsigned level = 0;
  std::uint64_t number = 0;
  std::uint64_t width = 256;  ///< 256: whole
};

/// What stands behind "/tile/"; only as the format writes it.
std::optional<TilePath> parse_tile_path(std::string_view path);
std::string text_of(const TilePath &path);

}  // namespace civicast::ledger
