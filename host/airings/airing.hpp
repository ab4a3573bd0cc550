// SPDX-License-Identifier: Apache-2.0
// An airing 实播记录: what a channel said happened to a placement, as one entry of the ledger.
//
// An entry is canonical JSON: keys sorted, no spaces, UTF-8, instants as RFC 3339 with nine
// decimals. It holds everything that counts are made from, so they can be rebuilt from the ledger
// and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/words.hpp"
#include "sdk/base/result.hpp"
#include "sdk/wire/words.hpp"

namespace civicast::airings {

/// What a channel says, in the wire's own words.
using wire::Evidence;
using wire::evidence;
using wire::Fact;
using wire::fact_kind;
using wire::FactKind;
using wire::is_own_word;
using wire::Status;
using wire::status;
using wire::word;

/// Why an airing is kept but not counted.
struct Dispute {
  std::string code;  ///< a row of faults.def: "airing.outside"
  Words sentence;
  bool operator==(const Dispute &) const = default;
};

struct Airing {
  std::string channel, placement, place;
  std::uint32_t play = 1;
  FactKind fact = FactKind::aired;
  Status status = Status::none;
  Evidence evidence = Evidence::measured;
  std::int64_t start_ns = 0, end_ns = 0;                  ///< 0 where unknown
  std::int64_t planned_start_ns = 0, planned_end_ns = 0;  ///< 0 where unknown
  std::string
      item;  ///< "placement", "programme", "filler", "bulletin"; empty for what was never planned
  std::string campaign, asset, ad_class, topic;
  Words title;
  std::string house_sha256;  ///< of the file that was aired, hex
  std::string plugin, plugin_version;
  std::uint64_t epoch = 0;  ///< of the worker that said so
  std::string remote;
  std::string proof = "{}";  ///< canonical JSON object
  std::int64_t recorded_ns = 0;
  std::optional<Dispute> dispute;
  bool operator==(const Airing &) const = default;

  /// One complete airing of a placement: the only thing that is counted.
  bool counts() const { return fact == FactKind::aired && item == "placement" && !dispute; }
  /// Seen, but not whole: listed beside the counts.
  bool is_incomplete() const;
};

inline constexpr std::size_t max_entry_bytes = 65'535;
inline constexpr std::size_t max_proof_bytes = 8 * 1024;

/// The canonical form of a JSON object of at most 8 KiB; nothing of anything else.
std::optional<std::string> canonical_proof(std::string_view json);

/// The entry of `airing`, whose texts must be UTF-8 and whose proof canonical.
std::string encode(const Airing &airing);

/// Reads an entry of kind "airing" or "dispute": exactly the canonical form, nothing missing,
/// nothing more, or a fault. Entries of other kinds are refused too; see is_airing.
Result<Airing> decode(std::string_view entry);

/// Whether the entry says that it is an airing (or a disputed one); other kinds may stand in the
/// same ledger.
bool is_airing(std::string_view entry);

}  // namespace civicast::airings
