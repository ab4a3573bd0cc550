// SPDX-License-Identifier: Apache-2.0
// Tiles of a ledger that is being appended to, as C2SP tlog-tiles serves them.
#pragma once

#include <string>
#include <vector>

#include "host/ledger/ledger.hpp"
#include "host/ledger/tile_path.hpp"

namespace civicast::ledger {

/// Entries, each behind its length in two bytes, big-endian.
std::string bundle_of(const std::vector<std::string> &entries);
/// [any] The tile's bytes, if all of it is within the newest signed size.
Result<std::string> read_tile(const Ledger &ledger, const TilePath &path);

}  // namespace civicast::ledger
