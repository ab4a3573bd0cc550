// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "host/exchange/as_run.hpp"
#include "host/exchange/bxf.hpp"
#include "host/exchange/ccms.hpp"
#include "host/exchange/faults.hpp"
#include "host/exchange/outcome_json.hpp"
#include "host/exchange/uuid5.hpp"
#include "tests/unit/exchange/rig.hpp"

using namespace civicast;
using namespace civicast::exchange;
using civicast::exchange::test::Rig;
using playlists::Item;

namespace {

Item ad(const Rig &rig, const std::string &id, std::int64_t start_ns, const std::string &asset) {
  Item item;
  item.id = id;
  item.start_ns = start_ns;
  item.end_ns = start_ns + 15 * ns_per_s;
  item.asset = asset;
  item.title = rig.station.asset(asset)->title;
  item.campaign = asset.substr(0, asset.find('-'));
  item.break_id = "cable/2026-11-23/" + std::to_string(start_ns);
  return item;
}

/// Two ads of an evening that is over.
struct Evening : Rig {
  Evening() {
    put({ad(*this, "first", at(19), "values-fuqiang"),
         ad(*this, "second", at(19, 30), "guard-heart")});
    set_time(at(25));
  }
};

std::string record(const std::string &time, const std::string &spot, const std::string &actual,
                   const std::string &code, const std::string &user = "") {
  std::string line = "LOI 1123 " + time + " " + time.substr(0, 4) + " 0001 001 001 000015 " +
                     actual + " 001 " + spot + std::string(11 - spot.size(), ' ') + " " + code;
  if (!user.empty()) line += std::string(144 - line.size(), ' ') + user;
  return line + "\r\n";
}

const std::string aired = record("190000", "00000000101", "190001 00001500", "0001");

airings::Airing airing(const Item &item, airings::FactKind fact, airings::Evidence evidence) {
  airings::Airing one;
  one.placement = item.id;
  one.fact = fact;
  one.evidence = evidence;
  one.item = "placement";
  one.start_ns = item.start_ns;
  one.end_ns = item.end_ns;
  one.planned_start_ns = item.start_ns;
  one.planned_end_ns = item.end_ns;
  return one;
}

bool has(const Faults &faults, const FaultKind &kind) {
  return std::any_of(faults.begin(), faults.end(), [&](const Fault &one) { return one.is(kind); });
}

}  // namespace

TEST_CASE("an airing is known by our id, or by its spot and time") {
  for (const std::string &line :
       {aired, record("190000", "101", "190001 00001500", "0001"),
        record("190002", "values-fuqi", "190001 00001500", "0001", "first"),
        record("190059", "101", "190001 00001500", "0001")}) {
    INFO(line);
    Evening evening;
    const auto told = evening.report("B2301001.VER", line);
    for (const Fault &fault : told.faults) FAIL_CHECK(fault.text());
    CHECK(told.aired == 1);
    CHECK(evening.counted().airings == 1);
  }
}

TEST_CASE("an airing that nobody planned here is told, and not counted") {
  for (const std::string &line : {record("193000", "101", "193001 00001500", "0001"),
                                  record("190000", "nobody", "190001 00001500", "0001"),
                                  record("200000", "101", "200001 00001500", "0001")}) {
    Evening evening;
    const auto told = evening.report("B2301001.VER", line);
    CHECK(told.faults.empty());
    CHECK(has(told.remarks, exchange::faults::run_unplanned));
    CHECK(told.entered == 0);
    CHECK(evening.counted().airings == 0);
  }
}

TEST_CASE("an airing off its window is kept in the ledger, disputed, and not counted") {
  Evening evening;
  const auto told =
      evening.report("B2301001.VER", record("190000", "101", "201500 00001500", "0001"));
  CHECK(told.entered == 1);
  CHECK(told.disputes.size() == 1);
  CHECK(evening.counted().airings == 0);
  CHECK(evening.entries() == 1);
}

TEST_CASE("a stall is no airing, whatever the code") {
  for (const std::string &line : {record("190000", "101", "190001 00000712", "0002"),
                                  record("190000", "101", "190001 00000712", "0014"),
                                  record("190000", "101", "190001 00000712", "0001")}) {
    INFO(line);
    Evening evening;
    const auto told = evening.report("B2301001.VER", line);
    CHECK(told.aired == 0);
    CHECK(told.missed == 1);
    CHECK(evening.counted().airings == 0);
    CHECK(evening.counted().incomplete == 1);
  }
}

TEST_CASE(
    "a record that contradicts itself stops the file, unless what can be taken is asked for") {
  struct Case {
    std::string line;
    const FaultKind &kind;
  };
  const std::vector<Case> cases = {
      {record("193000", "guard-heart", "000000 00000000", "0001"),
       exchange::faults::run_without_time},
      {aired, exchange::faults::run_twice},
  };
  for (const Case &one : cases) {
    const std::string line = one.kind.number == exchange::faults::run_twice.number
                                 ? record("190000", "101", "190001 00001500", "0001", "first")
                                 : one.line;
    const std::string first = record("190000", "101", "190001 00001500", "0001", "first");
    Evening evening;
    auto told = evening.report("B2301001.VER", first + line);
    CHECK_FALSE(told.is_done);
    REQUIRE(told.faults.size() == 1);
    CHECK(told.faults.front().is(one.kind));
    CHECK(told.faults.front().where() == "B2301001.VER:2");
    CHECK(evening.entries() == 0);
    Wish wish;
    wish.is_partial = true;
    told = evening.report("B2301001.VER", first + line, wish);
    CHECK(told.is_done);
    CHECK(evening.counted().airings == 1);
  }
}

TEST_CASE("a run that is still to come is refused") {
  Evening evening;
  evening.set_time(evening.at(18));
  const auto told = evening.report("B2301001.VER", aired);
  CHECK_FALSE(told.is_done);
  CHECK(has(told.faults, exchange::faults::run_ahead));
  CHECK(evening.entries() == 0);
}

TEST_CASE("a trial enters nothing") {
  Evening evening;
  Wish wish;
  wish.is_trial = true;
  const auto told = evening.report("B2301001.VER", aired, wish);
  CHECK(told.aired == 1);
  CHECK_FALSE(told.is_done);
  CHECK(evening.entries() == 0);
  CHECK(to_json(told).at("done") == false);
}

TEST_CASE("the ledger keeps where a reported airing was read") {
  Evening evening;
  evening.report("B2301001.VER", aired);
  const auto entry = evening.ledger->read(0, 1);
  REQUIRE(entry.ok());
  const auto read = airings::decode(entry->front());
  REQUIRE(read.ok());
  CHECK(read->evidence == airings::Evidence::reported);
  CHECK(read->plugin == "files");
  CHECK(read->remote == "00000000101");
  CHECK(read->house_sha256.empty());
  CHECK(read->proof.find("B2301001.VER:1") != std::string::npos);
  CHECK(read->proof.find("file_sha256") != std::string::npos);
  CHECK(read->start_ns == evening.at(19, 0, 1));
  CHECK(read->place == "chenghua");
}

TEST_CASE("an as-run says of every item what the ledger says, and no more") {
  Evening evening;
  const auto items = evening.placements();
  const auto events = [&](const std::vector<airings::Airing> &airings) {
    return as_run_events(items, airings, evening.station.zone, evening.clock.now_ns());
  };
  using airings::Evidence;
  using airings::FactKind;
  using airings::Status;
  auto all = events({});
  REQUIRE(all.size() == 2);
  CHECK(all[0].status == Status::unknown);
  CHECK(all[0].code == 2);
  CHECK_FALSE(all[0].actual.start);
  CHECK(as_run_events(items, {}, evening.station.zone, evening.at(18))[0].status == std::nullopt);

  all = events({airing(items[0], FactKind::aired, Evidence::measured)});
  CHECK(all[0].status == Status::aired_without_discrepancy);
  CHECK(all[0].code == 1);
  CHECK(all[0].actual.length_ms == 15'000);

  // The schedule alone is no proof.
  all = events({airing(items[0], FactKind::aired, Evidence::inferred)});
  CHECK(all[0].status == Status::unknown);
  CHECK(all[0].code == 2);
  CHECK_FALSE(all[0].actual.start);

  // A dispute is not believed, and an airing outweighs a miss on another screen.
  auto disputed = airing(items[0], FactKind::aired, Evidence::measured);
  disputed.dispute = {"airing.outside_plan", {"", ""}};
  auto missed = airing(items[0], FactKind::missed, Evidence::measured);
  missed.status = Status::preempted;
  all = events({disputed, missed});
  CHECK(all[0].status == Status::preempted);
  all = events({missed, airing(items[0], FactKind::aired, Evidence::reported)});
  CHECK(all[0].status == Status::aired_without_discrepancy);

  // What a later plan took out has aired all the same.
  Item gone = items[0];
  gone.id = "gone";
  gone.start_ns += 60 * ns_per_s;
  gone.end_ns += 60 * ns_per_s;
  all = events({airing(gone, FactKind::aired, Evidence::measured)});
  REQUIRE(all.size() == 3);
  CHECK(all[1].id == "gone");
}

TEST_CASE("each of our statuses is one of BXF's ten, and only an airing is 0001") {
  Evening evening;
  const auto items = evening.placements();
  for (int i = 0; i <= 10; ++i) {
    auto missed = airing(items[0], airings::FactKind::missed, airings::Evidence::measured);
    missed.status = static_cast<airings::Status>(i);
    if (missed.status == airings::Status::aired_without_discrepancy) continue;
    const auto events =
        as_run_events(items, {missed}, evening.station.zone, evening.clock.now_ns());
    REQUIRE(events[0].status);
    CHECK(bxf_status(bxf_word(*events[0].status)) == events[0].status);
    CHECK(events[0].code == 2);
  }
}

TEST_CASE("an event keeps its UUID in BXF, from the schedule to the as-run") {
  Evening evening;
  const std::string urn = urn_of("event", "first");
  CHECK(evening.schedule(Format::bxf).find(urn) != std::string::npos);
  evening.report("B2301001.VER", aired);
  const std::string as_run = evening.as_run(Format::bxf);
  CHECK(as_run.find(urn) != std::string::npos);
  CHECK(as_run.find("<HouseNumber>values-fuqiang</HouseNumber>") != std::string::npos);
  CHECK(as_run.find("<Status>Aired Without Discrepancy</Status>") != std::string::npos);
  CHECK(as_run.find("<SmpteTimeCode>19:00:01:00</SmpteTimeCode>") != std::string::npos);
  CHECK(as_run.find("<EventNote>evidence: reported</EventNote>") != std::string::npos);
  CHECK(as_run.find("<Status>Unknown</Status>") != std::string::npos);
}
