// SPDX-License-Identifier: Apache-2.0
#include "host/affidavit/prover.hpp"

#include "host/ledger/recover.hpp"

namespace civicast::affidavit {
namespace {

/// Heights and indices of at most 2^56 entries in one number.
std::uint64_t key_of(unsigned height, std::uint64_t index) {
  return std::uint64_t{height} << 56 | index;
}

}  // namespace

Prover::Prover(const std::filesystem::path &ledger)
    : tiles_(ledger::Paths(ledger).tiles, false, ledger::Disk::real()) {}

Result<std::vector<Hash>> Prover::path(std::uint64_t index, std::uint64_t size) {
  const ledger::Nodes nodes = [this](unsigned height, std::uint64_t at) {
    const auto [found, is_new] = known_.emplace(key_of(height, at), Hash{});
    if (is_new) found->second = tiles_.node(height, at);
    return found->second;
  };
  try {
    return ledger::inclusion_path(index, size, nodes);
  } catch (const ledger::Unreadable &unreadable) {
    known_.clear();
    return unreadable.fault;
  }
}

}  // namespace civicast::affidavit
