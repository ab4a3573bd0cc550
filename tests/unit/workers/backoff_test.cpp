// SPDX-License-Identifier: Apache-2.0
#include "host/workers/backoff.hpp"

#include <catch2/catch.hpp>

#include "host/workers/supervisor.hpp"

using namespace civicast::workers;

TEST_CASE("the first death costs nothing, the next ones more and more, never more than a minute") {
  Backoff backoff(Pace{}, 1);
  CHECK(backoff.after_death_ms(0) == 0);
  for (const std::int64_t whole : {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000}) {
    const std::int64_t wait = backoff.after_death_ms(0);
    CHECK(wait <= whole);
    CHECK(wait >= whole - whole / 5);
  }
  for (int i = 0; i < 1000; ++i) CHECK(backoff.after_death_ms(0) <= 60'000);
}

TEST_CASE("after a healthy life the next start is at once, and the waits begin anew") {
  Backoff backoff(Pace{}, 1);
  for (int i = 0; i < 6; ++i) backoff.after_death_ms(0);
  CHECK(backoff.after_death_ms(10'000) == 0);
  CHECK(backoff.after_death_ms(0) <= 1000);
}

TEST_CASE("a worker killed every five seconds is started at once, nineteen times") {
  Backoff backoff(Pace{}, 1);
  for (int i = 0; i < 19; ++i) CHECK(backoff.after_death_ms(5000) == 0);
  // From then on it can pay every other time, and waits longer and longer in between.
  std::int64_t waited = 0, at_once = 0;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t wait = backoff.after_death_ms(5000);
    at_once += wait == 0;
    waited = std::max(waited, wait);
  }
  CHECK(at_once <= 51);
  CHECK(waited >= 48'000);
}

TEST_CASE("a loop of crashes backs off however much its lives have paid for before") {
  Backoff backoff(Pace{}, 1);
  for (int i = 0; i < 20; ++i) CHECK(backoff.after_death_ms(10'000) == 0);
  CHECK(backoff.after_death_ms(0) > 0);
  CHECK(backoff.after_death_ms(0) > 1000);
  std::int64_t at_once = 0;
  for (int i = 0; i < 100; ++i) at_once += backoff.after_death_ms(300) == 0;
  CHECK(at_once <= 13);
  for (int i = 0; i < 10; ++i) CHECK(backoff.after_death_ms(0) >= 48'000);
}

TEST_CASE("deaths are forgotten after ten healthy minutes") {
  Backoff backoff(Pace{}, 1);
  for (int i = 0; i < 6; ++i) backoff.after_death_ms(0);
  CHECK(backoff.streak() == 6);
  backoff.after_death_ms(600'000);
  CHECK(backoff.streak() == 1);
}
