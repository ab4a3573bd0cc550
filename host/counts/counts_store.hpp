// SPDX-License-Identifier: Apache-2.0
// The tables of counts: the index of airings, notes and inquiries, and the roll-ups by day and by
// hour.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/counts/finals.hpp"
#include "host/counts/index.hpp"

namespace civicast::counts {

/// An airing and the local time in which it started.
struct Placed {
  std::uint64_t entry = 0;
  airings::Airing airing;
  std::string day, week;  ///< "2026-11-23", "2026-W48"; empty where the start is unknown
  int hour = 0;
};

/// What some entries of the ledger say.
struct Batch {
  std::vector<Placed> placed;
  std::vector<Noted> notes;
  std::vector<Step> inquiries;
};

class CountsStore {
 public:
  explicit CountsStore(store::Store &store);

  /// Entries of the ledger that the tables hold.
  std::uint64_t covered();
  /// The zone that the days are of; empty before the first entry.
  std::string zone();

  /// Adds the rows and roll-ups of the entries [from, to), in one transaction. Nothing happens if
  /// what is covered does not end at `from`: another process was faster.
  void add(const Batch &batch, std::uint64_t from, std::uint64_t to);
  /// Empties the tables; what comes is placed in `zone`.
  void clear(const std::string &zone);

 private:
  store::Store &store_;
};

}  // namespace civicast::counts
