// SPDX-License-Identifier: Apache-2.0
// Final facts of placements in bulk, as reports join them with plans, and the notes beside them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/airings/airing.hpp"
#include "host/airings/note.hpp"

namespace civicast::store {
class Store;
}

namespace civicast::counts {

/// Aired, missed or withdrawn, as the ledger has it.
struct Final {
  std::uint64_t entry = 0;  ///< its index in the ledger
  std::string channel, placement, place;
  std::uint32_t play = 1;
  airings::FactKind fact = airings::FactKind::aired;
  airings::Status status = airings::Status::none;
  airings::Evidence evidence = airings::Evidence::measured;
  std::int64_t start_ns = 0, end_ns = 0, planned_start_ns = 0;
  std::string item, campaign, asset, ad_class;  ///< item is empty for what was never planned
  std::string dispute;                          ///< its code; empty: undisputed

  /// One complete airing of a placement, as Airing::counts.
  bool counts() const {
    return fact == airings::FactKind::aired && item == "placement" && dispute.empty();
  }
};

/// Facts that started, or failed without a start but were planned, in from ≤ t < to. Empty ids: of
/// all. Programmes, fillers and bulletins are not among them.
struct FinalsQuery {
  std::int64_t from_ns = 0, to_ns = 0;
  std::string channel, campaign;
};

/// [any] By entry.
std::vector<Final> finals(store::Store &store, const FinalsQuery &query);
/// [any] All final facts about these placements, whenever they were; by entry.
std::vector<Final> finals_of(store::Store &store, const std::vector<std::string> &placements);

struct Noted {
  std::uint64_t entry = 0;
  airings::Note note;
};
/// [any] Every note, the oldest first.
std::vector<Noted> notes(store::Store &store);

}  // namespace civicast::counts
