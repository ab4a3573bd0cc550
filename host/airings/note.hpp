// SPDX-License-Identifier: Apache-2.0
// A note 说明: what a person says about a placement, as an entry of the ledger beside its airings.
//
// A note explains and changes nothing: no count, no fact. Who wrote it stands in the entry as a
// salted hash; the name and the salt are kept in a side table, so that a name can be deleted and
// every proof stands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/base/result.hpp"

namespace civicast::airings {

struct Note {
  std::string placement;
  std::string person;  ///< hex SHA-256 of salt and name
  std::string text;    ///< why
  std::int64_t recorded_ns = 0;
  bool operator==(const Note &) const = default;
};

inline constexpr std::size_t max_note_bytes = 2'000;

/// Canonical JSON: {"kind":"note","person":…,"placement":…,"recorded":…,"text":…,"v":1}
std::string encode(const Note &note);
/// Nothing unless `entry` is exactly the canonical form of a note.
std::optional<Note> decode_note(std::string_view entry);

}  // namespace civicast::airings
