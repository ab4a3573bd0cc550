// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/served.hpp"

#include "host/ledger/faults.hpp"
#include "host/ledger/tiles.hpp"

namespace civicast::ledger {

std::string bundle_of(const std::vector<std::string> &entries) {
  std::string bundle;
  for (const std::string &entry : entries) {
    bundle += static_cast<char>(entry.size() >> 8);
    bundle += static_cast<char>(entry.size() & 0xFF);
    bundle += entry;
  }
  return bundle;
}

Result<std::string> read_tile(const Ledger &ledger, const TilePath &path) {
  const std::uint64_t size = ledger.last_signed().size;
  const unsigned level = path.is_entries ? 0 : path.level;
  const std::uint64_t count = level < max_levels ? size >> (level * tile_height) : 0;
  const std::uint64_t from = path.number * tile_width;
  if (from + path.width > count)
    return Fault(faults::tile_absent, {{"path", text_of(path)}, {"size", std::to_string(size)}});
  if (!path.is_entries) return ledger.hashes(level, from, path.width);
  const auto entries = ledger.read(from, path.width);
  if (!entries) return entries.fault();
  return bundle_of(*entries);
}

}  // namespace civicast::ledger
