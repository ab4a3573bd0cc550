// SPDX-License-Identifier: Apache-2.0
// One trial: a station on air at two destinations, a plan, kills at given instants, and the
// judgement. Tests assert on it, the benchmark prints it.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/cable_air/judge.hpp"
#include "tests/unit/cable_air/station.hpp"

namespace civicast::air {

/// When a worker is to be killed.
struct Blow {
  std::string amid;
  std::int64_t at_ns = 0;            ///< not before this instant
  std::int64_t after_birth_ns = -1;  ///< and not before the newest worker's first packet is so old
};

struct Trial {
  std::int64_t seconds = 30;
  unsigned seed = 1;
  workers::Pace pace = test::hasty();
};

struct Outcome {
  Plan plan;
  std::vector<Destination> destinations;  ///< UDP, and RTP on a multicast group
  std::vector<Kill> kills;
  Books books;
  std::string flaw_of_ledger, difference;
  std::vector<Gap> gaps;  ///< at the first destination, in the order of the kills
  std::vector<Start> starts;
  Json status;
};

/// `blows` makes the kills, of the plan; in order.
using Blows = std::function<std::vector<Blow>(const Plan &)>;
Outcome run(const Trial &trial, const Blows &blows);

/// CIVICAST_SEED, or a new one; printed.
unsigned seed();
/// What was measured, for people.
void print(const Outcome &outcome);

}  // namespace civicast::air
