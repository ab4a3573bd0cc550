// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "facts.hpp"
#include "host/counts/index.hpp"
#include "host/reports/explain.hpp"
#include "host/reports/faults.hpp"
#include "host/reports/gather.hpp"
#include "host/store/store.hpp"
#include "tests/unit/airings/memory_book.hpp"

using namespace civicast;
using namespace civicast::reports;
namespace fs = std::filesystem;

namespace {

using airings::test::MemoryBook;

struct House {
  fs::path path;
  MemoryBook book;
  Zone zone = *Zone::find("Asia/Shanghai");
  std::unique_ptr<store::Store> store;
  std::unique_ptr<playlists::PlaylistStore> playlists;
  std::unique_ptr<counts::Index> index;
  const Date today = *parse_date("2026-11-28");

  House() {
    std::string name = (fs::temp_directory_path() / "civicast-books-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
    auto made = store::Store::open(path / "s.db");
    REQUIRE(made.ok());
    store = std::move(*made);
    playlists = std::make_unique<playlists::PlaylistStore>(*store);
    index = std::make_unique<counts::Index>(*store, book, zone);
  }
  ~House() {
    index.reset();
    playlists.reset();
    store.reset();
    fs::remove_all(path);
  }
  void plan(const std::vector<std::string> &ids, std::int64_t from_ns = test::eight) {
    std::vector<playlists::Item> items;
    for (const auto &id : ids)
      items.push_back(
          test::planned(id, from_ns + static_cast<std::int64_t>(items.size()) * 60 * ns_per_s)
              .item);
    playlists->replace_from("cable", today, items, 0);
  }
  void enter(const counts::Final &fact) {
    airings::Airing a;
    a.channel = fact.channel;
    a.placement = fact.placement;
    a.place = fact.place;
    a.fact = fact.fact;
    a.status = fact.status;
    a.start_ns = fact.start_ns;
    a.end_ns = fact.end_ns;
    a.planned_start_ns = fact.planned_start_ns;
    a.planned_end_ns = fact.planned_start_ns + 15 * ns_per_s;
    a.item = fact.item;
    a.campaign = fact.campaign;
    a.ad_class = fact.ad_class;
    a.recorded_ns = test::midnight_after;
    book.entries.push_back(airings::encode(a));
  }
  Reconciliation reconciled(const Period &period) {
    NoProgress progress;
    REQUIRE(index->catch_up(progress).ok());
    return reconcile(gather(*store, *playlists, zone, period), test::midnight_after);
  }
  Reconciliation reconciled() { return reconciled({today, today, {}, {}}); }
};

}  // namespace

TEST_CASE("a plan and a ledger on disk are reconciled as they are in memory") {
  House house;
  house.plan({"a", "b", "c", "d"});
  house.enter(test::aired(0, "a"));
  house.enter(test::missed(1, "b", airings::Status::preempted));
  // It ran days later, and is found by its name.
  house.enter(test::aired(2, "c", test::eight + 5 * 86'400 * ns_per_s));
  const auto all = house.reconciled();
  REQUIRE(all.rows.size() == 4);
  CHECK(all.rows[0].outcome == Outcome::aired);
  CHECK(all.rows[1].outcome == Outcome::preempted);
  CHECK(all.rows[2].outcome == Outcome::aired);
  CHECK(all.rows[3].outcome == Outcome::no_word);
  CHECK(all.unplanned.empty());
  CHECK(house.reconciled({house.today, house.today, "screens", {}}).rows.empty());
  CHECK(house.reconciled({house.today, house.today, {}, "pact"}).rows.empty());
}

TEST_CASE("what a later plan took out is unplanned where it aired, and nothing where it did not") {
  House house;
  house.plan({"a", "b"});
  house.plan({"new"}, test::eight + 3600 * ns_per_s);
  house.enter(test::aired(0, "a"));
  house.enter(test::missed(1, "b", airings::Status::did_not_air));
  const auto all = house.reconciled();
  CHECK(all.rows.size() == 1);
  REQUIRE(all.unplanned.size() == 1);
  CHECK(all.unplanned[0].airing.placement == "a");
  CHECK(all.unplanned[0].was_planned);
}

TEST_CASE("a note explains a row, stands in the ledger, and changes no count") {
  House house;
  house.plan({"a"});
  house.enter(test::missed(0, "a", airings::Status::preempted));
  const auto entry = explain(*house.store, *house.playlists, house.book,
                             {"a", "张三", "防汛紧急信息占用"}, test::midnight_after);
  REQUIRE(entry.ok());
  CHECK(*entry == 1);
  CHECK(house.book.entries[1].find("张三") == std::string::npos);
  const auto all = house.reconciled();
  CHECK(all.rows[0].outcome == Outcome::preempted);
  REQUIRE(all.rows[0].notes.size() == 1);
  const auto &note = all.notes[all.rows[0].notes[0]].note;
  CHECK(note.text == "防汛紧急信息占用");
  CHECK(people(*house.store).at(note.person) == "张三");
  CHECK(counts::count(*house.store, {})[0].airings == 0);

  // Rebuilt from the ledger it is there again; its author can be forgotten, and the entry stands.
  NoProgress progress;
  REQUIRE(house.index->rebuild(progress).ok());
  CHECK(counts::notes(*house.store).size() == 1);
  CHECK(forget_person(*house.store, "张三"));
  CHECK(people(*house.store).empty());
  CHECK(house.reconciled().rows[0].notes.size() == 1);
}

TEST_CASE("a note needs somebody, a reason and a placement") {
  House house;
  house.plan({"a"});
  const auto fault = [&](const Explanation &one) {
    const auto entry = explain(*house.store, *house.playlists, house.book, one, 1);
    REQUIRE_FALSE(entry.ok());
    return entry.fault().kind().number;
  };
  CHECK(fault({"a", "", "why"}) == faults::note_empty.number);
  CHECK(fault({"a", "me", ""}) == faults::note_empty.number);
  CHECK(fault({"z", "me", "why"}) == faults::note_placement_unknown.number);
  CHECK(fault({"a", "me", std::string(3000, 'x')}) == faults::note_too_long.number);
  CHECK(house.book.entries.empty());
}
