// SPDX-License-Identifier: Apache-2.0
// What an affidavit says: a campaign, some days, and how often it was aired where. Every number can
// be counted anew from the entries beside it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/airings/airing.hpp"
#include "host/base/words.hpp"
#include "host/base/zone.hpp"
#include "sdk/base/json.hpp"

namespace civicast::affidavit {

/// Airings on one grade of evidence: grades are never added together silently.
struct Sum {
  std::int64_t airings = 0;
  std::int64_t duration_ms = 0;
  bool operator==(const Sum &) const = default;
};

/// Channel, then evidence: "cable", "measured".
using Sums = std::map<std::string, std::map<std::string, Sum>>;
/// The same by months, for people: "2026-11".
using Months = std::map<std::string, Sum>;

struct Statement {
  std::string station, origin, zone;
  Words station_name;
  std::string campaign;
  Words campaign_title;
  Date first{}, last{};                   ///< local days, both inclusive
  std::int64_t from_ns = 0, to_ns = 0;    ///< the same as instants: from ≤ start < to
  std::map<std::string, Words> channels;  ///< names of those in `sums`
  Sums sums;
  Months months;
  std::int64_t airings = 0, duration_ms = 0;
  std::uint64_t tree_size = 0;
  std::string root;  ///< base64, as in the checkpoint
  std::int64_t made_ns = 0;
  std::map<std::string, std::string> digests;  ///< hex SHA-256 of the parts that nothing proves
};

/// Adds an airing to the sums, and to the month in which it started.
void add(Statement &statement, const airings::Airing &airing, const Zone &zone);

/// Why `airing` is not one that the statement may count; nothing if it is.
std::optional<Words> objection(const Statement &statement, const airings::Airing &airing);

/// Pretty-printed JSON with sorted keys, ending in a line feed: one way to write each statement.
std::string to_text(const Statement &statement);
/// The part that is wrong is named in the error. Exactly what to_text writes is accepted.
Result<Statement, std::string> parse_statement(const std::string &text);

}  // namespace civicast::affidavit
