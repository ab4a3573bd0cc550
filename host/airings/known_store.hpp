// SPDX-License-Identifier: Apache-2.0
// The names of all facts that are in the ledger, so that a repeat is known as one. Derived.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/airings/airing.hpp"

namespace civicast::store {
class Store;
}

namespace civicast::airings {

/// Whether a fact that was said counts for something.
enum class Belief {
  good = 0,
  disputed = 1,
  too_soon = 2,  ///< disputed because nobody had planned it or handed it over yet
};
Belief belief(const Airing &airing);

/// What is known of one placement: the rest of a fact's name, how good it was, and when it was.
struct Known {
  std::string place;
  std::uint32_t play = 1;
  FactKind fact = FactKind::aired;
  Evidence evidence = Evidence::measured;
  Belief belief = Belief::good;
  std::int64_t start_ns = 0, end_ns = 0;
};

class KnownStore {
 public:
  explicit KnownStore(store::Store &store);

  /// Entries of the ledger that the table holds.
  std::uint64_t covered();
  std::vector<Known> of(const std::string &channel, const std::string &placement);
  /// Adds `airings` and says that the first `covered` entries of the ledger are held, in one
  /// transaction. What is known already stays as it is, unless it was said too soon.
  void add(const std::vector<Airing> &airings, std::uint64_t covered);
  void clear();

 private:
  store::Store &store_;
};

}  // namespace civicast::airings
