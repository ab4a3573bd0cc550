// SPDX-License-Identifier: Apache-2.0
// Reads a whole ledger again and says whether every byte below the signed size is as it was signed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "host/base/progress.hpp"
#include "host/base/sha256.hpp"
#include "sdk/base/result.hpp"

namespace civicast::ledger {

struct Verdict {
  std::string origin;
  std::uint64_t size = 0;         ///< whole entries on disk
  std::uint64_t signed_size = 0;  ///< of them under the signature
  Hash signed_root{};
};

/// `pub` is the file with the public key (keys/ledger.pub), or a copy that an auditor kept. May run
/// beside the host. Each fault says where the first difference of its kind is.
Result<Verdict, Faults> verify(const std::filesystem::path &dir, const std::filesystem::path &pub,
                               Progress &progress);

/// Writes the signed part as a static C2SP tlog-tiles tree (/checkpoint, /tile/…): what any
/// verifier of transparency logs reads. `out` must be absent or empty.
Result<void> export_tiles(const std::filesystem::path &dir, const std::filesystem::path &out,
                          Progress &progress);

}  // namespace civicast::ledger
