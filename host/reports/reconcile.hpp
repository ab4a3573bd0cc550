// SPDX-License-Identifier: Apache-2.0
// Reconciliation 对账: every planned placement meets its airing, or the reason why there is none.
// Pure: no store, no clock.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/base/words.hpp"
#include "host/counts/finals.hpp"
#include "host/playlists/playlist_store.hpp"

namespace civicast::reports {

/// How a placement ended: the ten statuses of SMPTE BXF as the ledger has them, and our own.
enum class Outcome {
  aired,  ///< aired without discrepancy, at least once, on evidence
  technical_difficulty,
  did_not_air,
  duration_discrepancy,
  content_discrepancy,
  preempted,
  joined_in_progress,
  inserted_by_operator,
  unknown,
  missing_content,
  // Our own.
  withdrawn,        ///< taken back before it was due
  inferred,         ///< only the schedule says that it aired: no proof
  off_window,       ///< seen outside its hours
  duplicate,        ///< seen twice at once in one place
  clock_untrusted,  ///< seen at a time that had not come yet
  not_handed,       ///< seen on a channel that was not given it
  disputed,         ///< said in a way that cannot be true otherwise
  no_word,          ///< over, and nobody has said anything
  to_come,          ///< not over yet
};
inline constexpr std::size_t outcomes = 19;

std::string_view code(Outcome outcome);  ///< "aired", "no_word", …
std::optional<Outcome> outcome_named(std::string_view code);
Words words(Outcome outcome);  ///< "没有回报", "no word"
/// Neither aired nor still to come: somebody has to look.
bool is_open(Outcome outcome);

struct Row {
  playlists::Found planned;
  Outcome outcome = Outcome::to_come;
  std::optional<counts::Final> airing;  ///< what decides it
  int complete = 0;                     ///< complete airings, over plays and places
  std::string made_good_by;             ///< the placement that replaces it
  bool is_made_good = false;            ///< and that one has aired
  std::vector<std::size_t> notes;       ///< of Reconciliation::notes
};

/// An airing that no plan of the period asked for.
struct Unplanned {
  counts::Final airing;
  bool was_planned = false;  ///< once; a later plan took it out, but it was on air all the same
  std::vector<std::size_t> notes;
};

struct Reconciliation {
  std::vector<Row> rows;  ///< by day, channel and start, as they were planned
  std::vector<Unplanned> unplanned;
  std::vector<counts::Noted> notes;
  std::array<std::int64_t, outcomes> counts{};  ///< rows by Outcome
  std::int64_t made_good = 0;                   ///< rows that failed and were made good

  std::int64_t count(Outcome outcome) const { return counts[static_cast<std::size_t>(outcome)]; }
};

struct Books {
  std::vector<playlists::Found> planned;     ///< current placements of the period
  std::vector<playlists::Found> make_goods;  ///< placements that make good for others
  std::vector<counts::Final> finals;         ///< of all of them, and what else was seen
  std::vector<counts::Noted> notes;
};

/// Of several facts about one placement the best decides: a complete airing before all others, then
/// better evidence, then the earlier start. Facts that are disputed decide only where there are no
/// others. Every fact is in exactly one row, or unplanned.
Reconciliation reconcile(Books books, std::int64_t now_ns);

}  // namespace civicast::reports
