// SPDX-License-Identifier: Apache-2.0
// Inclusion proofs of a ledger on disk, beside a running host: RFC 6962 §2.1.1 over its hash files.
// Replaceable by whatever the ledger offers for it; nothing else here knows how paths are found.
#pragma once

#include <cstdint>
#include <filesystem>
#include <unordered_map>
#include <vector>

#include "host/ledger/tiles.hpp"

namespace civicast::affidavit {

class Prover {
 public:
  explicit Prover(const std::filesystem::path &ledger);

  /// The path of entry `index` in the tree of the first `size` entries, which are signed.
  Result<std::vector<Hash>> path(std::uint64_t index, std::uint64_t size);

 private:
  ledger::Tiles tiles_;
  std::unordered_map<std::uint64_t, Hash> known_;  ///< neighbours share most of their paths
};

}  // namespace civicast::affidavit
