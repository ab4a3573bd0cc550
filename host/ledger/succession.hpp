// SPDX-License-Identifier: Apache-2.0
// A ledger's key passes to a new one: an entry of the ledger that both keys signed, so that whoever
// holds the old public key finds the new one without trusting anybody.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/ledger/note.hpp"
#include "sdk/base/result.hpp"

namespace civicast::ledger {

struct Succession {
  VerifierKey old_key, new_key;
  std::int64_t until_s = 0;  ///< so long both sign, in seconds since 1970
};

/// The entry, on one line.
std::string succession_entry(const SignerKey &old_key, const SignerKey &new_key,
                             std::int64_t until_s);
/// Nothing unless both keys signed it and bear the same name.
std::optional<Succession> parse_succession(std::string_view entry);

/// The good lines of a file of such entries ("ledger/successions"); none if there is no file.
std::vector<Succession> read_successions(const std::filesystem::path &file);
/// The key, `trusted` or one that it passed to, that signed `note`; `trusted` if none did.
VerifierKey heir_of(const VerifierKey &trusted, const std::vector<Succession> &successions,
                    std::string_view note);

}  // namespace civicast::ledger
