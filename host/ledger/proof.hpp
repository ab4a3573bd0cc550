// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-proof: one entry, its path to the root, and the checkpoint that says so, as a text that
// anybody can check without us.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/ledger/merkle.hpp"
#include "host/ledger/note.hpp"
#include "sdk/base/result.hpp"

namespace civicast::ledger {

/// A tree of 2^63 entries has no longer path.
inline constexpr std::size_t max_path = 63;

struct TlogProof {
  std::optional<std::string> extra;  ///< opaque; nobody signed it
  std::uint64_t index = 0;
  std::vector<Hash> path;
  std::string checkpoint;  ///< the whole note, cosignatures and all
};

std::string to_text(const TlogProof &proof);
/// The proof, or the reason why it is none, for an engineer. What it claims is not checked.
Result<TlogProof, std::string> parse_proof(std::string_view text);

/// The tree that `note` speaks of has `entry` at the proof's place.
bool proves(const TlogProof &proof, const Checkpoint &checkpoint, std::string_view entry);

/// Lines of hashes in base64, up to the first that is none; taken off the front of `text`. Nothing
/// if there are more than `max_path`.
std::optional<std::vector<Hash>> take_hashes(std::string_view &text);
std::string hash_lines(const std::vector<Hash> &hashes);
/// A number as these formats write it: no sign, no leading zero.
std::optional<std::uint64_t> number_of(std::string_view digits);

}  // namespace civicast::ledger
