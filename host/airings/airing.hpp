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

namespace civicast::airings {

/// The numbers are those of civicast/channel.h.
enum class FactKind { accepted = 1, started = 2, aired = 3, missed = 4, withdrawn = 5 };
enum class Evidence { measured = 1, reported = 2, inferred = 3 };
/// The ten of a SMPTE ST 2021 (BXF) as-run event; `none` for accepted and started.
enum class Status {
  none = 0,
  aired_without_discrepancy = 1,
  technical_difficulty = 2,
  did_not_air = 3,
  aired_with_duration_discrepancy = 4,
  aired_with_content_discrepancy = 5,
  preempted = 6,
  joined_in_progress = 7,
  inserted_by_operator = 8,
  unknown = 9,
  missing_content = 10,
};

std::string_view word(FactKind fact);      ///< "aired"
std::string_view word(Evidence evidence);  ///< "measured"
std::string_view word(Status status);      ///< "aired_without_discrepancy"; "none"
std::optional<FactKind> fact_kind(std::string_view word);
std::optional<Evidence> evidence(std::string_view word);
std::optional<Status> status(std::string_view word);

/// What a channel says: civ_fact, copied out of the border.
struct Fact {
  std::string placement;
  std::string place;  ///< where it was seen; empty is the channel's own place
  std::uint32_t play = 1;
  FactKind fact = FactKind::aired;
  Evidence evidence = Evidence::measured;
  Status status = Status::none;
  std::int64_t start_ns = 0, end_ns = 0;  ///< what really was; equal for a post; 0 where unknown
  std::string remote;
  std::string proof;  ///< a JSON object as text, at most 8 KiB; empty is "{}"
};

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
  std::string item;  ///< "placement", "programme", "filler"; empty for what was never planned
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
