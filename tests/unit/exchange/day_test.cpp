// SPDX-License-Identifier: Apache-2.0
// A centre with an inserter of its own: Civicast plans, the inserter airs, Civicast counts.
#include <catch2/catch.hpp>

#include "tests/unit/exchange/fake_inserter.hpp"
#include "tests/unit/exchange/rig.hpp"

using namespace civicast;
using namespace civicast::exchange;
using namespace civicast::exchange::test;

namespace {

/// Of every seven: one stalls, one finds no cue, the rest air, up to 3 s late.
Run lucky(std::size_t event) {
  switch (event % 7) {
    case 3:
      return {true, 1, "00000712", "0002"};
    case 5:
      return {true, 0, "", "0023"};
    default:
      return {true, static_cast<int>(event % 4), "", "0001"};
  }
}

std::size_t count_of(std::size_t events, std::size_t of_seven) {
  std::size_t count = 0;
  for (std::size_t event = 0; event < events; ++event) count += event % 7 == of_seven;
  return count;
}

}  // namespace

TEST_CASE("a day goes from the plan to an inserter and back into the counts") {
  Rig rig;
  rig.plan();
  const auto ads = rig.placements().size();
  REQUIRE(ads > 2'000);
  const std::string verification = fake_inserter(rig.schedule(Format::ccms), lucky);
  rig.set_time(rig.at(25));
  const auto stalled = count_of(ads, 3), uncued = count_of(ads, 5);
  const auto aired = ads - stalled - uncued;

  const auto told = rig.report("B2301001.VER", verification);
  for (const Fault &fault : told.faults) FAIL_CHECK(fault.text());
  for (const auto &dispute : told.disputes) FAIL_CHECK(dispute.sentence.en);
  CHECK(told.is_done);
  CHECK(told.events == ads);
  CHECK(told.aired == aired);
  CHECK(told.missed == stalled + uncued);
  CHECK(told.open == 0);
  CHECK(told.entered == ads);
  CHECK(rig.entries() == ads);

  const auto counted = rig.counted();
  CHECK(counted.airings == static_cast<std::int64_t>(aired));
  CHECK(counted.reported == counted.airings);
  CHECK(counted.measured == 0);
  CHECK(counted.incomplete == static_cast<std::int64_t>(stalled));
  CHECK(counted.seconds == 15 * counted.airings);

  // The same file again: nothing new, nothing in the ledger.
  const auto again = rig.report("B2301001.VER", verification);
  CHECK(again.entered == 0);
  CHECK(again.known == ads);
  CHECK(again.disputes.empty());
  CHECK(rig.entries() == ads);
  CHECK(rig.counted().airings == counted.airings);

  // What we then give out is what the inserter gave us, but for the codes that are its own.
  std::string expected = verification;
  for (auto at = expected.find(" 0023 "); at != expected.npos; at = expected.find(" 0023 ", at))
    expected.replace(at, 6, " 0002 ");
  CHECK(rig.as_run(Format::ccms) == expected);
}

TEST_CASE(
    "a verification that is taken while it is still written claims nothing of what is to come") {
  Rig rig;
  rig.plan();
  const auto ads = rig.placements();
  const std::string schedule = rig.schedule(Format::ccms);
  const std::int64_t noon_ns = rig.at(12);
  std::size_t before_noon = 0;
  for (const auto &ad : ads) before_noon += ad.start_ns < noon_ns;
  const auto until = [&](std::size_t events) {
    return fake_inserter(schedule, [events](std::size_t event) {
      return Run{event < events && event % 10 != 4, 0, "", "0001"};
    });
  };
  rig.set_time(rig.at(12, 5));
  const auto midday = rig.report("B2301001.VER", until(before_noon));
  for (const Fault &fault : midday.faults) FAIL_CHECK(fault.text());
  CHECK(midday.events == ads.size());
  // One in ten was skipped: its window is over, so it has not aired.
  CHECK(midday.aired + midday.missed + midday.open == ads.size());
  CHECK(midday.missed >= before_noon / 10 - 1);
  CHECK(midday.open >= ads.size() - before_noon);

  rig.set_time(rig.at(25));
  const auto whole = rig.report("B2301001.VER", until(ads.size()));
  CHECK(whole.disputes.empty());
  const auto skipped = (ads.size() + 5) / 10;
  CHECK(whole.aired == ads.size() - skipped);
  CHECK(rig.counted().airings == static_cast<std::int64_t>(whole.aired));

  Wish wish;
  wish.is_closed = true;
  const auto closed = rig.report("B2301001.VER", until(ads.size()), wish);
  CHECK(closed.open == 0);
  CHECK(closed.aired + closed.missed == ads.size());
  CHECK(rig.entries() == ads.size());
}

TEST_CASE("a playout server's as-run in BXF counts as its verification does") {
  Rig rig;
  rig.plan();
  const auto ads = rig.placements().size();
  rig.set_time(rig.at(25));
  rig.report("B2301001.VER", fake_inserter(rig.schedule(Format::ccms), lucky));
  const std::string as_run = rig.as_run(Format::bxf);
  const auto counted = rig.counted();

  Rig other;
  other.put(rig.playlists->day("cable", rig.monday()));
  other.set_time(other.at(25));
  const auto told = other.report("as-run.xml", as_run);
  for (const Fault &fault : told.faults) FAIL_CHECK(fault.text());
  CHECK(told.aired + told.missed == ads);
  CHECK(other.counted().airings == counted.airings);
  CHECK(other.counted().incomplete == counted.incomplete);
  CHECK(other.as_run(Format::ccms) == rig.as_run(Format::ccms));
}
