// SPDX-License-Identifier: Apache-2.0
// What every trial is held to, whatever was done to its worker.
#pragma once

#include <catch2/catch.hpp>
#include <cstdio>

#include "tests/unit/cable_air/trial.hpp"

namespace civicast::air {

/// Each destination shows the right frame of the right item at every plan frame, and both have the
/// same bytes.
inline void check_capture(const Outcome &outcome) {
  for (const Destination &each : outcome.destinations) {
    INFO(each.name);
    CHECK(each.captured.lost == 0);
    CHECK(each.captured.odd == 0);
    CHECK(each.pictures.back().life == std::ssize(outcome.gaps));
  }
  for (const std::string &sentence : outcome.wrong) UNSCOPED_INFO(sentence);
  CHECK(outcome.wrong.empty());
  CHECK(outcome.difference == "");
  for (const Start &start : outcome.starts) {
    INFO(start.id);
    CHECK(start.frames == 0);
  }
}

/// Ledger and counts say what was seen, no more and no less.
inline Agreement check_books(const Outcome &outcome) {
  CHECK(outcome.flaw_of_ledger == "");
  Agreement found = compare(outcome.books, outcome.plan, outcome.destinations);
  for (const std::string &sentence : found.wrong) UNSCOPED_INFO(sentence);
  CHECK(found.wrong.empty());
  const auto number = [](std::int64_t n) { return std::to_string(n); };
  std::printf("  planned %s, seen whole %s, counted %s, cut %s, never shown %s, in doubt %s\n",
              number(found.planned).c_str(), number(found.whole).c_str(),
              number(found.counted).c_str(), number(found.cut).c_str(), number(found.never).c_str(),
              number(found.in_doubt).c_str());
  return found;
}

}  // namespace civicast::air
