// SPDX-License-Identifier: Apache-2.0
// Takes facts in: each is kept once, judged, and on disk in the ledger before it is acknowledged.
//
// The ledger comes first, then the table of known facts (derived: it catches up from the ledger),
// then the acknowledgement; so nothing acknowledged is ever lost and nothing is entered twice.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/airings/airing.hpp"
#include "host/airings/book.hpp"
#include "host/base/progress.hpp"
#include "host/playlists/playlist.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::store {
class Store;
}

namespace civicast::airings {

class KnownStore;

/// A linear airing may be so far from its plan, and a fact so far from the house clock.
inline constexpr std::int64_t usual_tolerance_ns = 2 * ns_per_s;

/// Who says it. Facts of an old epoch are kept: what was seen stays seen.
struct Source {
  std::string channel;
  std::string place;  ///< the channel's own place: stands for a fact that names none
  std::uint64_t epoch = 0;
  std::string plugin, plugin_version;
  Evidence best = Evidence::measured;  ///< the best grade that its plugin.json claims
  /// How far an airing may be from its plan: more where a cue opens the break, not the clock.
  std::int64_t tolerance_ns = usual_tolerance_ns;
};

/// What was planned, and the file that was handed out for it.
struct Planned {
  playlists::Item item;
  std::string house_sha256;
  bool was_handed = true;  ///< to the channel that speaks; what was not cannot have aired there
};
using Lookup = std::function<std::optional<Planned>(const std::string &placement)>;

struct Taken {
  std::vector<Airing> entered;    ///< in the order of the ledger, disputed ones among them
  std::uint64_t first_entry = 0;  ///< the ledger index of entered.front()
  std::size_t repeated = 0;       ///< facts that were known already
  std::vector<bool> stands;       ///< of each fact of the batch: not disputed, now or before
  std::vector<Dispute> restated;  ///< repeats that say other times than before: not entered
};

class Intake {
 public:
  static constexpr std::int64_t tolerance_ns = usual_tolerance_ns;

  Intake(store::Store &store, Book &book, const Clock &clock);
  ~Intake();

  /// Brings the table of known facts up to the ledger. take does it too; at start it may be long.
  Result<void> catch_up(Progress &progress);
  /// Empties that table and reads the ledger from its beginning.
  Result<void> rebuild(Progress &progress);

  /// Enters what is new among `facts`. On success every fact of the batch is on disk: acknowledge
  /// them all. A fact that cannot be true is entered as disputed, with a sentence that names the
  /// plugin, and is not counted. A fault is the ledger's: acknowledge nothing and try again.
  Result<Taken> take(const Source &source, const std::vector<Fact> &facts, const Lookup &lookup);

 private:
  std::unique_ptr<KnownStore> known_;
  Book &book_;
  const Clock &clock_;
  std::uint64_t covered_ = 0;  ///< entries of the ledger that are in known_, if it was read
};

}  // namespace civicast::airings
