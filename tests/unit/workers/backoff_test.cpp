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

TEST_CASE("deaths are forgotten after ten healthy minutes") {
  Backoff backoff(Pace{}, 1);
  for (int i = 0; i < 6; ++i) backoff.after_death_ms(0);
  CHECK(backoff.streak() == 6);
  backoff.after_death_ms(600'000);
  CHECK(backoff.streak() == 1);
}
