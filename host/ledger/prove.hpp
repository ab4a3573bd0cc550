// SPDX-License-Identifier: Apache-2.0
// Takes the proof of an entry from a ledger on disk, beside a running host or without one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "host/ledger/policy.hpp"
#include "host/ledger/proof.hpp"
#include "sdk/base/result.hpp"

namespace civicast::ledger {

struct Proven {
  TlogProof proof;
  std::string entry;
};

/// Under the newest checkpoint that witnesses cosigned, if that reaches so far, else under the
/// newest that is signed.
Result<Proven> prove(const std::filesystem::path &dir, std::uint64_t entry);

/// What a proof says, once it holds: by the log's key alone, or by a policy.
struct Proved {
  Checkpoint checkpoint;
  std::uint64_t index = 0;
  std::size_t cosigners = 0;  ///< known to the policy
};
Result<Proved> check_proof(std::string_view proof, std::string_view entry, const VerifierKey &key,
                           const std::string &shown);
Result<Proved> check_proof(std::string_view proof, std::string_view entry, const Policy &policy,
                           const std::string &shown);

}  // namespace civicast::ledger
