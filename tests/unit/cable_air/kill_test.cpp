// SPDX-License-Identifier: Apache-2.0
// kill -9 of the worker, on a real socket: what comes after it, and what is said of what it cut.
// How long no packet comes is printed; bench-cable-kill measures it.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>

#include "tests/unit/cable_air/laws.hpp"

using namespace civicast;
using namespace civicast::air;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000, kMs = 1'000'000;

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  std::int64_t from_to(std::int64_t a, std::int64_t b) {
    return std::uniform_int_distribution<std::int64_t>(a, b)(random_);
  }
  template <class List>
  auto one_of(const List &list) {
    return list[static_cast<std::size_t>(from_to(0, std::ssize(list) - 1))];
  }

 private:
  std::mt19937 random_;
};

std::vector<playlists::Item> spots_of_plan(const Plan &plan) {
  std::vector<playlists::Item> spots;
  std::copy_if(plan.items.begin(), plan.items.end(), std::back_inserter(spots),
               [](const auto &item) { return item.kind == playlists::ItemKind::placement; });
  return spots;
}

void sort(std::vector<Blow> &blows) {
  std::sort(blows.begin(), blows.end(),
            [](const Blow &a, const Blow &b) { return a.at_ns < b.at_ns; });
}

/// Amid spots, at joins, anywhere, within the first second of a life, and before its first packet.
std::vector<Blow> kills(const Plan &plan, Dice &dice) {
  const auto spots = spots_of_plan(plan);
  std::vector<Blow> out;
  for (int i = 0; i < 3; ++i) {
    const playlists::Item spot = dice.one_of(spots);
    out.push_back({"amid " + spot.id, dice.from_to(spot.start_ns, spot.end_ns)});
  }
  for (int i = 0; i < 4; ++i)
    out.push_back({"at a join", dice.one_of(plan.joins()) + dice.from_to(-20 * kMs, 20 * kMs)});
  for (int i = 0; i < 3; ++i) out.push_back({"anywhere", dice.from_to(plan.start_ns, plan.end_ns)});
  sort(out);
  const auto again = [&](std::size_t after, const Blow &blow) {
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(after), blow);
  };
  for (const std::size_t at : {9U, 6U, 3U})
    again(at, {"within the first second", 0, dice.from_to(0, kSecond)});
  for (const std::size_t at : {8U, 2U})
    again(at, {"before its first packet", 0, dice.from_to(0, 80 * kMs), true});
  return out;
}

/// For times that can be caught up with, and for longer ones; none so long that the supervisor
/// takes the worker for dead.
std::vector<Blow> hold_ups(const Plan &plan, Dice &dice) {
  std::vector<Blow> out;
  for (const std::int64_t ms : {60, 120, 300, 600, 900}) {
    const playlists::Item spot = dice.one_of(spots_of_plan(plan));
    out.push_back({"", dice.from_to(spot.start_ns, spot.end_ns), -1, false, ms * kMs});
    out.push_back({"", dice.one_of(plan.joins()) - dice.from_to(0, ms * kMs), -1, false, ms * kMs});
  }
  sort(out);
  return out;
}

}  // namespace

TEST_CASE("a worker killed at any moment leaves a true book, and the right frame goes on") {
  Dice dice(seed());
  const Outcome outcome =
      run({.seconds = 48, .seed = static_cast<unsigned>(dice.from_to(0, 1 << 30))},
          [&](const Plan &plan) { return kills(plan, dice); });
  print(outcome);
  check_capture(outcome);
  const Agreement agreement = check_books(outcome);
  CHECK(outcome.kills.size() == 15);
  CHECK(agreement.counted > 0);
}

TEST_CASE("a worker that is held up gives up what it missed, and no more, and counts none of it") {
  Dice dice(seed());
  const Outcome outcome =
      run({.seconds = 33, .seed = static_cast<unsigned>(dice.from_to(0, 1 << 30))},
          [&](const Plan &plan) { return hold_ups(plan, dice); });
  print(outcome);
  check_capture(outcome);
  const Agreement agreement = check_books(outcome);
  CHECK(outcome.kills.empty());
  CHECK(agreement.counted > 0);
}
