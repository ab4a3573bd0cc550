// SPDX-License-Identifier: Apache-2.0
#include <Poco/Data/RecordSet.h>
#include <Poco/Data/Statement.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "host/counts/faults.hpp"
#include "host/counts/index.hpp"
#include "host/store/store.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/rfc3339.hpp"
#include "tests/unit/airings/memory_book.hpp"

using namespace civicast;
using namespace civicast::counts;
using airings::Airing;
using airings::Evidence;
using airings::FactKind;
using airings::Status;
namespace fs = std::filesystem;

namespace {

using airings::test::MemoryBook;

struct House {
  fs::path path;
  MemoryBook book;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Index> index;
  NoProgress progress;

  explicit House(const std::string &zone = "Asia/Shanghai") {
    std::string name = (fs::temp_directory_path() / "civicast-counts-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
    auto made = store::Store::open(path / "s.db");
    REQUIRE(made.ok());
    store = std::move(*made);
    index = std::make_unique<Index>(*store, book, *Zone::find(zone));
  }
  ~House() {
    index.reset();
    store.reset();
    fs::remove_all(path);
  }
  void enter(const Airing &airing) { book.entries.push_back(airings::encode(airing)); }
  std::vector<Row> count(const Question &question) {
    REQUIRE(index->catch_up(progress).ok());
    return counts::count(*store, question);
  }
  /// Every row of the three tables, as text.
  std::string dump() {
    std::string out;
    auto session = store->session();
    for (const char *table :
         {"counts_airings ORDER BY 1", "counts_days ORDER BY 1, 3, 4, 5, 6, 7, 8",
          "counts_hours ORDER BY 1, 3, 4, 5, 6, 7, 8, 9", "counts_covered"}) {
      Poco::Data::Statement select(session);
      select << std::string("SELECT * FROM ") + table, Poco::Data::Keywords::now;
      Poco::Data::RecordSet rows(select);
      for (std::size_t r = 0; r < rows.rowCount(); ++r) {
        for (std::size_t c = 0; c < rows.columnCount(); ++c)
          out += rows.value(c, r).convert<std::string>() + "|";
        out += "\n";
      }
    }
    return out;
  }
};

Airing aired(const std::string &start, const std::string &campaign = "values",
             const std::string &channel = "cable", Evidence evidence = Evidence::measured) {
  static int next = 0;
  Airing a;
  a.channel = channel;
  a.placement = "p" + std::to_string(next++);
  a.place = channel == "screens" ? "screen-hemei" : "centre";
  a.fact = FactKind::aired;
  a.status = Status::aired_without_discrepancy;
  a.evidence = evidence;
  a.start_ns = *parse_rfc3339(start);
  a.end_ns = a.start_ns + 15 * ns_per_s;
  a.planned_start_ns = a.start_ns;
  a.planned_end_ns = a.end_ns;
  a.item = "placement";
  a.campaign = campaign;
  a.asset = campaign + "-1";
  a.ad_class = "psa";
  a.plugin = "cable";
  a.recorded_ns = a.end_ns;
  return a;
}

}  // namespace

TEST_CASE("only complete airings of placements are counted, by local days") {
  House house;
  house.enter(aired("2026-11-23T15:59:59Z"));  // 23:59:59 in Chengdu
  house.enter(aired("2026-11-23T16:00:00Z"));  // the next day
  Airing a = aired("2026-11-23T16:00:00Z");
  a.item = "programme";
  house.enter(a);
  a = aired("2026-11-23T16:00:00Z");
  a.dispute = airings::Dispute{"airing.outside_plan", {"不", "no"}};
  house.enter(a);
  for (const FactKind kind : {FactKind::accepted, FactKind::started, FactKind::withdrawn}) {
    a = aired("2026-11-23T16:00:00Z");
    a.fact = kind;
    house.enter(a);
  }
  a = aired("2026-11-23T16:00:00Z");
  a.fact = FactKind::missed;
  a.status = Status::technical_difficulty;
  house.enter(a);
  a.status = Status::did_not_air;
  a.placement = "other";
  house.enter(a);

  const auto rows = house.count({{By::day}, "", "", {}, {}, {}});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].keys == std::vector<std::string>{"2026-11-23"});
  CHECK(rows[0].airings == 1);
  CHECK(rows[0].seconds == 15);
  CHECK(rows[0].incomplete == 0);
  CHECK(rows[1].keys == std::vector<std::string>{"2026-11-24"});
  CHECK(rows[1].airings == 1);
  CHECK(rows[1].incomplete == 1);
}

TEST_CASE("grades of evidence stand apart, and their sum is the airings") {
  House house;
  house.enter(aired("2026-11-23T01:00:00Z"));
  house.enter(aired("2026-11-23T01:00:00Z", "values", "screens", Evidence::reported));
  house.enter(aired("2026-11-23T01:00:00Z", "values", "screens", Evidence::reported));
  house.enter(aired("2026-11-23T01:00:00Z", "pact", "feed", Evidence::inferred));
  const auto all = house.count({});
  REQUIRE(all.size() == 1);
  CHECK(all[0].airings == 4);
  CHECK(all[0].measured == 1);
  CHECK(all[0].reported == 2);
  CHECK(all[0].inferred == 1);
  const auto rows = house.count({{By::campaign, By::evidence}, "", "", {}, {}, {}});
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].keys == std::vector<std::string>{"pact", "inferred"});
  CHECK(rows[1].keys == std::vector<std::string>{"values", "measured"});
  CHECK(rows[2].airings == 2);
}

TEST_CASE("counts are grouped by hour, day, week, month and year of the station's zone") {
  House house;
  for (const char *start : {"2026-01-03T16:30:00Z", "2026-01-04T15:00:00Z", "2026-01-04T16:00:00Z",
                            "2027-01-01T01:00:00Z"})
    house.enter(aired(start));
  const auto keys = [&](By by) {
    std::vector<std::string> out;
    for (const Row &row : house.count({{by}, "", "", {}, {}, {}}))
      out.push_back(row.keys[0] + "=" + std::to_string(row.airings));
    return out;
  };
  using Keys = std::vector<std::string>;
  CHECK(keys(By::hour) == Keys{"00=2", "09=1", "23=1"});
  CHECK(keys(By::day) == Keys{"2026-01-04=2", "2026-01-05=1", "2027-01-01=1"});
  CHECK(keys(By::week) == Keys{"2026-W01=2", "2026-W02=1", "2026-W53=1"});
  CHECK(keys(By::month) == Keys{"2026-01=3", "2027-01=1"});
  CHECK(keys(By::year) == Keys{"2026=3", "2027=1"});
}

TEST_CASE("a question is narrowed by campaign, channel, places and days") {
  House house;
  house.enter(aired("2026-11-23T01:00:00Z"));
  house.enter(aired("2026-11-24T01:00:00Z", "pact", "screens", Evidence::reported));
  house.enter(aired("2026-11-25T01:00:00Z", "pact", "cable"));
  const auto sum = [&](const Question &question) { return house.count(question)[0].airings; };
  CHECK(sum({{}, "pact", "", {}, {}, {}}) == 2);
  CHECK(sum({{}, "pact", "cable", {}, {}, {}}) == 1);
  CHECK(sum({{}, "", "", {"screen-hemei", "screen-heshun"}, {}, {}}) == 1);
  CHECK(sum({{}, "", "", {"nowhere"}, {}, {}}) == 0);
  CHECK(sum({{}, "", "", {}, parse_date("2026-11-24"), {}}) == 2);
  CHECK(sum({{}, "", "", {}, parse_date("2026-11-24"), parse_date("2026-11-24")}) == 1);
  CHECK(sum({{}, "it's; DROP TABLE counts_days", "", {}, {}, {}}) == 0);
}

TEST_CASE("a rebuild gives byte for byte what bit by bit gave") {
  House house;
  for (int i = 0; i < 200; ++i) {
    Airing a =
        aired("2026-11-23T01:00:00Z", i % 3 ? "values" : "pact", i % 2 ? "cable" : "screens");
    a.start_ns += i * 1237 * ns_per_s;
    a.end_ns = a.start_ns + (i % 4) * 5 * ns_per_s;
    if (i % 11 == 0) a.fact = FactKind::missed;
    house.enter(a);
    if (i % 7 == 0) REQUIRE(house.index->catch_up(house.progress).ok());
  }
  REQUIRE(house.index->catch_up(house.progress).ok());
  const std::string grown = house.dump();
  REQUIRE(house.index->rebuild(house.progress).ok());
  CHECK(house.dump() == grown);
  CHECK(covered(*house.store) == 200);
}

TEST_CASE("two processes that catch up at once count nothing twice") {
  House house;
  for (int i = 0; i < 50; ++i) house.enter(aired("2026-11-23T01:00:00Z"));
  Index other(*house.store, house.book, *Zone::find("Asia/Shanghai"));
  REQUIRE(other.catch_up(house.progress).ok());
  CHECK(house.count({})[0].airings == 50);
}

TEST_CASE("another zone, or a shorter ledger, makes the counts anew") {
  House house;
  house.enter(aired("2026-11-23T16:30:00Z"));
  house.enter(aired("2026-11-23T16:30:00Z"));
  REQUIRE(house.count({{By::day}, "", "", {}, {}, {}})[0].keys[0] == "2026-11-24");
  Index utc(*house.store, house.book, *Zone::find("UTC"));
  REQUIRE(utc.catch_up(house.progress).ok());
  CHECK(count(*house.store, {{By::day}, "", "", {}, {}, {}})[0].keys[0] == "2026-11-23");
  house.book.entries.pop_back();
  CHECK(house.count({})[0].airings == 1);
}

TEST_CASE("an airing that cannot be read stops the counting with its number") {
  House house;
  house.enter(aired("2026-11-23T16:30:00Z"));
  house.book.entries.push_back(R"({"kind":"rollup"})");
  house.book.entries.push_back(R"({"kind":"airing"})");
  const auto done = house.index->catch_up(house.progress);
  REQUIRE_FALSE(done.ok());
  CHECK(done.fault().is(faults::entry_unreadable));
  CHECK(done.fault().sentence(Lang::en).find("Entry 2 ") == 0);
  CHECK(covered(*house.store) == 0);
}

TEST_CASE("airings are listed newest first, as they were entered") {
  House house;
  std::vector<Airing> entered;
  for (int i = 0; i < 9; ++i) {
    entered.push_back(aired("2026-11-23T01:00:00Z", i % 2 ? "values" : "pact"));
    if (i == 8) entered.back().dispute = airings::Dispute{"airing.outside_plan", {"不", "no"}};
    if (i == 3) entered.back().fact = FactKind::accepted;
    house.enter(entered.back());
  }
  REQUIRE(house.index->catch_up(house.progress).ok());
  Filter filter;
  auto found = list(*house.store, filter);
  REQUIRE(found.size() == 8);
  CHECK(found[0].entry == 8);
  CHECK(found[0].airing == entered[8]);
  CHECK(found.back().airing == entered[0]);
  filter.only_final = false;
  filter.limit = 2;
  filter.before = 4;
  found = list(*house.store, filter);
  REQUIRE(found.size() == 2);
  CHECK(found[0].airing == entered[3]);
  filter = {};
  filter.placement = entered[5].placement;
  CHECK(list(*house.store, filter).at(0).airing == entered[5]);
  filter = {};
  filter.campaign = "pact";
  CHECK(list(*house.store, filter).size() == 5);
  filter = {};
  filter.from_ns = entered[0].start_ns + 1;
  CHECK(list(*house.store, filter).empty());
}

TEST_CASE("a placement failed when its end is known and nobody saw it whole") {
  House house;
  const auto enter = [&](const std::string &id, FactKind fact, Status status,
                         const std::string &start = "2026-11-23T10:00:00Z") {
    Airing a = aired(start);
    a.placement = id;
    a.fact = fact;
    a.status = status;
    house.enter(a);
    return a;
  };
  enter("aired", FactKind::aired, Status::aired_without_discrepancy);
  enter("aired-somewhere", FactKind::missed, Status::did_not_air);
  enter("aired-somewhere", FactKind::aired, Status::aired_without_discrepancy);
  enter("going-on", FactKind::started, Status::none);
  enter("nobody-knows", FactKind::missed, Status::unknown);
  enter("withdrawn", FactKind::withdrawn, Status::preempted, "2026-11-23T09:00:00Z");
  enter("cut", FactKind::missed, Status::technical_difficulty);
  Airing off = aired("2026-11-23T11:00:00Z");
  off.placement = "off";
  off.fact = FactKind::missed;
  off.status = Status::did_not_air;
  off.start_ns = off.end_ns = 0;
  house.enter(off);
  Airing disputed = aired("2026-11-23T10:00:00Z");
  disputed.placement = "disputed";
  disputed.dispute = airings::Dispute{"airing.outside_plan", {"不", "no"}};
  house.enter(disputed);
  REQUIRE(house.index->catch_up(house.progress).ok());

  const auto ids = [&](const std::string &from, const std::string &to) {
    std::vector<std::string> out;
    for (const auto &one : failed(*house.store, *parse_rfc3339(from), *parse_rfc3339(to)))
      out.push_back(one.placement + (one.was_on ? " on" : ""));
    return out;
  };
  using Ids = std::vector<std::string>;
  CHECK(ids("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z") == Ids{"withdrawn", "cut on", "off"});
  CHECK(ids("2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z") == Ids{"cut on"});
  CHECK(ids("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z").empty());
}
