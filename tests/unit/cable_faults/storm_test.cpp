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

/// What many storms came to.
struct Weather {
  std::map<std::string, std::int64_t> met;
  Verdict sum;
  std::int64_t alive_s = 0, lives = 0;

  void add(const Storm &storm, const Verdict &verdict) {
    for (const auto &[what, count] : storm.met) met[what] += count;
    sum.in_hand += verdict.in_hand;
    sum.aired += verdict.aired;
    sum.missed += verdict.missed;
    sum.parted += verdict.parted;
    sum.in_doubt += verdict.in_doubt;
    sum.withdrawn += verdict.withdrawn;
    sum.refused += verdict.refused;
    sum.excused += verdict.excused;
    alive_s += storm.alive_ns / 1'000'000'000;
    lives += storm.lives;
  }

  std::string text() const {
    std::string out = std::to_string(alive_s) + " s on the air in " + std::to_string(lives) +
                      " lives; in hand " + std::to_string(sum.in_hand) + ": aired " +
                      std::to_string(sum.aired) + ", missed " + std::to_string(sum.missed) +
                      " (in part " + std::to_string(sum.parted) + ", in doubt " +
                      std::to_string(sum.in_doubt) + "), withdrawn " +
                      std::to_string(sum.withdrawn) + "; refused " + std::to_string(sum.refused) +
                      "; whole but not counted " + std::to_string(sum.excused);
    for (const auto &[what, count] : met) out += "\n  " + what + ": " + std::to_string(count);
    return out;
  }
};

}  // namespace

/// CIVICAST_STORM_HOURS=64 is what the channel is held to; what is run each time is a day of it.
TEST_CASE("Through hours of mixed faults the signal never ends and the book is right") {
  const auto first = static_cast<std::uint64_t>(
      number_of("CIVICAST_SEED", static_cast<std::int64_t>(std::random_device()())));
  const std::int64_t hours = number_of("CIVICAST_STORM_HOURS", 24);
  constexpr std::int64_t kEach = 4;
  av_log_set_level(AV_LOG_FATAL);  // as the channel does
  Weather weather;
  for (std::int64_t done = 0; done < hours; done += kEach) {
    const std::uint64_t seed = first + static_cast<std::uint64_t>(done / kEach);
    Storm storm({seed, std::min(kEach, hours - done), small_house(), seed % 2 == 0});
    storm.run();
    const Verdict verdict = judge(storm);
    INFO("CIVICAST_SEED=" << seed << " CIVICAST_STORM_HOURS=" << storm.plan.hours);
    for (const std::string &breach : verdict.breaches) FAIL_CHECK(breach);
    REQUIRE(verdict.breaches.empty());
    weather.add(storm, verdict);
  }
  std::cout << hours << " h from seed " << first << ": " << weather.text() << "\n";
  CHECK(weather.sum.aired > hours * 20);
  if (hours < 24) return;
  // It was a storm indeed: every fault came, and upon others.
  for (const char *what :
       {"bulletin on a full disk", "clock slewed", "clock stepped back on a full disk",
        "clock stepped on without a host", "disk does not sync", "disk full without a host",
        "host killed without a network", "killed inside on a full disk", "killed on a full disk",
        "killed without a host", "killed without a network", "network cut on a full disk",
        "return watched on a full disk", "stalled without a network", "worker replaced"}) {
    INFO(what);
    CHECK(weather.met[what] > 0);
  }
  CHECK(weather.sum.parted > 0);
}

TEST_CASE("A storm in the house format of the channels themselves leaves the signal as whole") {
  const auto seed = static_cast<std::uint64_t>(
      number_of("CIVICAST_SEED", static_cast<std::int64_t>(std::random_device()())));
  INFO("CIVICAST_SEED=" << seed);
  av_log_set_level(AV_LOG_FATAL);
  Storm storm({seed, 1, real_house(), seed % 2 == 0});
  storm.run();
  const Verdict verdict = judge(storm);
  for (const std::string &breach : verdict.breaches) FAIL_CHECK(breach);
  CHECK(verdict.breaches.empty());
  CHECK(verdict.aired > 20);
}

}  // namespace civicast::cable::faults
