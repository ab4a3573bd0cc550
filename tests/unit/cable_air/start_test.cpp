// SPDX-License-Identifier: Apache-2.0
// Item by item against plan, and the book against the capture, on a real socket: the runner and the
// plugin in a process of their own, two destinations, nothing simulated. recount.hpp defines the
// start of an item. What depends on the load of the machine is printed, not asserted.
#include <catch2/catch.hpp>

#include <cstdio>

#include "tests/unit/cable_air/trial.hpp"

using namespace civicast;
using namespace civicast::air;

TEST_CASE("captured on two destinations, every item starts on its frame and every count is true") {
  const Outcome outcome =
      run({.seconds = 24, .seed = seed()}, [](const Plan &) { return std::vector<Blow>(); });
  print(outcome);
  for (const Destination &each : outcome.destinations) {
    INFO(each.name);
    CHECK(each.captured.lost == 0);
    CHECK(each.captured.odd == 0);
    const auto wrong = against_plan(each, outcome.plan, clips());
    for (const std::string &sentence : wrong) UNSCOPED_INFO(sentence);
    CHECK(wrong.empty());
  }
  CHECK(outcome.difference == "");
  CHECK(outcome.flaw_of_ledger == "");
  const Agreement agreement = compare(outcome.books, outcome.plan, outcome.destinations);
  for (const std::string &sentence : agreement.wrong) UNSCOPED_INFO(sentence);
  CHECK(agreement.wrong.empty());
  std::printf("  planned %ld, seen whole %ld, counted %ld\n", agreement.planned, agreement.whole,
              agreement.counted);
  CHECK(agreement.planned > 5);
}
