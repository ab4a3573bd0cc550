// SPDX-License-Identifier: Apache-2.0
// Hours of mixed faults, simulated: the signal never ends, and the book is right.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/unit/cable_faults/verdict.hpp"

namespace civicast::cable::faults {
namespace {

std::int64_t number_of(const char *name, std::int64_t otherwise) {
  const char *given = std::getenv(name);
  return given ? std::atoll(given) : otherwise;
}

}  // namespace

TEST_CASE("Through hours of mixed faults the signal never ends and the book is right") {
  const auto first = static_cast<std::uint64_t>(
      number_of("CIVICAST_SEED", static_cast<std::int64_t>(std::random_device()())));
  const std::int64_t hours = number_of("CIVICAST_STORM_HOURS", 64);
  constexpr std::int64_t kEach = 4;
  av_log_set_level(AV_LOG_FATAL);  // as the channel does
  std::map<std::string, std::int64_t> met;
  Verdict sum;
  std::int64_t alive_s = 0, lives = 0;
  for (std::int64_t done = 0; done < hours; done += kEach) {
    const std::uint64_t seed = first + static_cast<std::uint64_t>(done / kEach);
    Storm storm({seed, std::min(kEach, hours - done), small_house(), seed % 2 == 0});
    storm.run();
    const Verdict verdict = judge(storm);
    INFO("CIVICAST_SEED=" << seed << " CIVICAST_STORM_HOURS=" << storm.plan.hours);
    for (const std::string &breach : verdict.breaches) FAIL_CHECK(breach);
    REQUIRE(verdict.breaches.empty());
    for (const auto &[what, count] : storm.met) met[what] += count;
    sum.in_hand += verdict.in_hand;
    sum.aired += verdict.aired;
    sum.missed += verdict.missed;
    sum.withdrawn += verdict.withdrawn;
    sum.refused += verdict.refused;
    sum.in_doubt += verdict.in_doubt;
    sum.excused += verdict.excused;
    alive_s += storm.alive_ns / 1'000'000'000;
    lives += storm.lives;
  }
  std::cout << "storm of " << hours << " h from seed " << first << ": on the air " << alive_s
            << " s in " << lives << " lives; in hand " << sum.in_hand << ", aired " << sum.aired
            << ", missed " << sum.missed << " (" << sum.in_doubt << " in doubt), withdrawn "
            << sum.withdrawn << ", refused " << sum.refused << "; excused " << sum.excused << "\n";
  for (const auto &[what, count] : met) std::cout << "  " << what << ": " << count << "\n";
  CHECK(sum.aired > hours * 10);
}

}  // namespace civicast::cable::faults
