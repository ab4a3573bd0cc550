// SPDX-License-Identifier: Apache-2.0
// Item by item against plan, and the book against the capture, on a real socket: the runner and the
// plugin in a process of their own, two destinations, nothing simulated. grid.hpp defines the
// start of an item. What depends on the load of the machine is printed, not asserted.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/unit/cable_air/laws.hpp"

using namespace civicast;
using namespace civicast::air;

namespace {

/// What is found when the pictures are followed through another plan than the one that was aired.
std::vector<std::string> found_with(const Outcome &outcome, const Plan &plan) {
  Destination other = destination_of("other", outcome.destinations.front().captured, clips().known);
  return follow(other, plan, clips());
}

/// The capture without one datagram, as if the network had lost it.
Destination without(const Destination &of, std::size_t datagram) {
  Captured captured = of.captured;
  const auto at = static_cast<std::ptrdiff_t>(datagram);
  captured.arrived_ns.erase(captured.arrived_ns.begin() + at);
  constexpr auto kBytes = static_cast<std::ptrdiff_t>(Captured::kBytes);
  captured.bytes.erase(captured.bytes.begin() + at * kBytes,
                       captured.bytes.begin() + (at + 1) * kBytes);
  return destination_of(of.name, std::move(captured), clips().known);
}

std::size_t datagram_at(const Captured &captured, std::int64_t ns) {
  const auto &times = captured.arrived_ns;
  return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), ns) - times.begin());
}

/// A judge that finds nothing must be one that would have found something.
void check_judge(const Outcome &outcome) {
  const Destination &udp = outcome.destinations.front();
  const auto seen = by_placement(spots_of(udp.pictures), outcome.plan);
  const auto &[id, spot] = *seen.begin();

  Plan later = outcome.plan;
  for (auto &item : later.items)
    if (item.id == id) item.start_ns += kFrameNs, item.end_ns += kFrameNs;
  CHECK_FALSE(found_with(outcome, later).empty());

  const std::size_t amid = datagram_at(udp.captured, (spot.first_ns + spot.last_ns) / 2);
  const Destination lossy = without(udp, amid);
  CHECK_FALSE(difference(lossy.captured, udp.captured, {}, 0).empty());
  CHECK_FALSE(compare(outcome.books, outcome.plan, {lossy, lossy}).wrong.empty());
  CHECK_FALSE(compare(outcome.books, outcome.plan, {udp, lossy}).wrong.empty());

  tests::KnownFrames ambiguous;
  ambiguous.add("one", clips().by_asset.at("spot-a").path);
  CHECK_THROWS_AS(ambiguous.add("other", clips().by_asset.at("spot-a").path), std::runtime_error);

  Books forgotten = outcome.books;
  forgotten.counted.erase(id);
  CHECK_FALSE(compare(forgotten, outcome.plan, outcome.destinations).wrong.empty());
  Books twice = outcome.books;
  ++twice.counted[id];
  CHECK_FALSE(compare(twice, outcome.plan, outcome.destinations).wrong.empty());
  Books silent = outcome.books;
  std::erase_if(silent.entries, [&id = id](const auto &entry) { return entry.placement == id; });
  CHECK_FALSE(compare(silent, outcome.plan, outcome.destinations).wrong.empty());
}

}  // namespace

TEST_CASE("captured on two destinations, every item starts on its frame and every count is true") {
  const Outcome outcome =
      run({.seconds = 18, .seed = seed()}, [](const Plan &) { return std::vector<Blow>(); });
  print(outcome);
  check_capture(outcome);
  const Agreement agreement = check_books(outcome);
  CHECK(agreement.planned >= 4);
  CHECK(outcome.starts.size() == static_cast<std::size_t>(agreement.planned));
  check_judge(outcome);
}
