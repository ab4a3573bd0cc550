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

/// What is done to a worker, and when.
struct Blow {
  std::string amid;        ///< in words
  std::int64_t at_ns = 0;  ///< not before this instant
  /// Nor before the newest worker is so old: since its first packet, or (is_unborn) since the one
  /// before it was known to be gone.
  std::int64_t after_birth_ns = -1;
  bool is_unborn = false;
  std::int64_t hold_up_ns = 0;  ///< if so: it is not killed, but kept from its work for so long
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
  /// At the first destination, between lives of which something was seen: a worker may be killed
  /// before its first packet.
  std::vector<Gap> gaps;
  std::vector<std::string> wrong;  ///< of the pictures against the plan, at any destination
  std::vector<Start> starts;
  Json status;
};

/// What is to be done, given the plan; in order.
using Blows = std::function<std::vector<Blow>(const Plan &)>;
Outcome run(const Trial &trial, const Blows &blows);

/// CIVICAST_SEED, or a new one; printed.
unsigned seed();
/// What was measured, for people.
void print(const Outcome &outcome);

}  // namespace civicast::air
