// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "plugins/cable/book/airing.hpp"

namespace civicast::cable {
namespace {

Progress complete() {
  Progress p;
  p.id = "p";
  p.expected = p.sent = p.about = 375;
  p.start_ns = 1000;
  p.end_ns = 2000;
  return p;
}

civ_status status(const Progress &p) {
  const Fact fact = final_fact(p);
  CHECK((fact.fact == CIV_AIRED) == (fact.status == CIV_AIRED_WITHOUT_DISCREPANCY));
  return fact.status;
}

}  // namespace

TEST_CASE("Only what was sent whole, without an error and without a stall, has aired") {
  CHECK(status(complete()) == CIV_AIRED_WITHOUT_DISCREPANCY);
  Progress p = complete();
  p.sent = p.about = 374;
  CHECK(status(p) == CIV_TECHNICAL_DIFFICULTY);
  p = complete();
  p.send_errors = 1;
  CHECK(status(p) == CIV_TECHNICAL_DIFFICULTY);
  p = complete();
  p.is_stalled = true;
  CHECK(status(p) == CIV_TECHNICAL_DIFFICULTY);
}

TEST_CASE("What was not shown whole says why") {
  Progress p = complete();
  p.sent = p.about = 0;
  CHECK(status(p) == CIV_DID_NOT_AIR);
  p.is_missing = true;
  CHECK(status(p) == CIV_MISSING_CONTENT);
  p.sent = p.about = 100;
  p.is_preempted = true;
  CHECK(status(p) == CIV_PREEMPTED);
  p.is_preempted = false;
  p.is_joined = true;
  CHECK(status(p) == CIV_JOINED_IN_PROGRESS);
}

TEST_CASE("After a death, equal counters are the truth") {
  CHECK(closed_after_death(complete(), 0, -1).fact == CIV_AIRED);
  Progress p = complete();
  p.sent = p.about = 200;
  CHECK(closed_after_death(p, 0, -1).status == CIV_TECHNICAL_DIFFICULTY);
}

TEST_CASE("After a death, a last frame in doubt is never guessed") {
  Progress p = complete();
  p.sent = 374;
  const Fact fact = closed_after_death(p, 0, -1);
  CHECK(fact.fact == CIV_MISSED);
  CHECK(fact.status == CIV_STATUS_UNKNOWN);
  // In the middle it makes no difference: it was not whole either way.
  p.about = 201;
  p.sent = 200;
  CHECK(closed_after_death(p, 0, -1).status == CIV_TECHNICAL_DIFFICULTY);
}

TEST_CASE("After a death, the file is a witness for the frames in doubt") {
  Progress p = complete();
  p.sent = 374;
  CHECK(closed_after_death(p, 18'800, 18'800).fact == CIV_AIRED);
  CHECK(closed_after_death(p, 18'800, 18'799).status == CIV_STATUS_UNKNOWN);
}

TEST_CASE("After a power loss nothing is trusted, not even what looks complete") {
  Progress p = complete();
  p.is_trusted = false;
  const Fact fact = closed_after_death(p, 18'800, 18'800);
  CHECK(fact.fact == CIV_MISSED);
  CHECK(fact.status == CIV_STATUS_UNKNOWN);
}

}  // namespace civicast::cable
