// SPDX-License-Identifier: Apache-2.0
// kill -9 of the worker, on a real socket: what comes after it, and what is said of what it cut.
// How long no packet comes is printed; bench-cable-kill measures it.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>

#include "tests/unit/cable_air/trial.hpp"

using namespace civicast;
using namespace civicast::air;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// Amid items, at joins, within the first second of a life, and anywhere.
std::vector<Blow> blows(const Plan &plan, std::mt19937 &random) {
  const auto from_to = [&](std::int64_t a, std::int64_t b) {
    return std::uniform_int_distribution<std::int64_t>(a, b)(random);
  };
  const auto one_of = [&](const auto &list) {
    return list[static_cast<std::size_t>(from_to(0, std::ssize(list) - 1))];
  };
  std::vector<playlists::Item> spots;
  for (const auto &item : plan.items)
    if (item.kind == playlists::ItemKind::placement) spots.push_back(item);
  std::vector<Blow> out;
  for (int i = 0; i < 3; ++i) {
    const playlists::Item spot = one_of(spots);
    out.push_back({"amid " + spot.id, from_to(spot.start_ns, spot.end_ns)});
  }
  for (int i = 0; i < 4; ++i)
    out.push_back({"at a join", one_of(plan.joins()) + from_to(-1, 1) * 20'000'000});
  for (int i = 0; i < 3; ++i) out.push_back({"anywhere", from_to(plan.start_ns, plan.end_ns)});
  std::sort(out.begin(), out.end(), [](const Blow &a, const Blow &b) { return a.at_ns < b.at_ns; });
  // A second blow shortly after three of them.
  for (const std::size_t after : {2U, 6U, 9U}) {
    Blow again{"within the first second", out[after].at_ns, from_to(0, kSecond)};
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(after) + 1, again);
  }
  return out;
}

}  // namespace

TEST_CASE("a worker killed at any moment leaves a true book, and the right frame goes on") {
  std::mt19937 random(seed());
  const Outcome outcome = run({.seconds = 60, .seed = static_cast<unsigned>(random())},
                              [&](const Plan &plan) { return blows(plan, random); });
  print(outcome);
  for (const Destination &each : outcome.destinations) {
    INFO(each.name);
    CHECK(each.captured.lost == 0);
    CHECK(each.captured.odd == 0);
    const auto wrong = against_plan(each, outcome.plan, clips());
    for (const std::string &sentence : wrong) UNSCOPED_INFO(sentence);
    CHECK(wrong.empty());
    CHECK(each.pictures.back().life == std::ssize(outcome.kills));
  }
  CHECK(outcome.difference == "");
  CHECK(outcome.flaw_of_ledger == "");
  const Agreement agreement = compare(outcome.books, outcome.plan, outcome.destinations);
  for (const std::string &sentence : agreement.wrong) UNSCOPED_INFO(sentence);
  CHECK(agreement.wrong.empty());
  std::printf(
      "  planned %ld, seen whole %ld, counted %ld, cut %ld, never shown %ld, in doubt %ld\n",
      agreement.planned, agreement.whole, agreement.counted, agreement.cut, agreement.never,
      agreement.in_doubt);
  CHECK(outcome.gaps.size() == outcome.kills.size());
  CHECK(agreement.counted > 0);
  CHECK(agreement.cut > 0);
}
