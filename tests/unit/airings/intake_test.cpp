// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "host/airings/faults.hpp"
#include "host/airings/intake.hpp"
#include "host/store/store.hpp"
#include "tests/unit/airings/memory_book.hpp"

using namespace civicast;
using namespace civicast::airings;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t start_ns = 1'795'000'000 * ns_per_s;
constexpr std::int64_t end_ns = start_ns + 15 * ns_per_s;

using airings::test::MemoryBook;

struct House {
  fs::path path;
  MemoryBook book;
  ManualClock clock{end_ns + ns_per_s};
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Intake> intake;

  House() {
    std::string name = (fs::temp_directory_path() / "civicast-intake-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
    start();
  }
  ~House() {
    intake.reset();
    store.reset();
    fs::remove_all(path);
  }
  void start() {
    intake.reset();
    store.reset();
    auto made = store::Store::open(path / "s.db");
    REQUIRE(made.ok());
    store = std::move(*made);
    intake = std::make_unique<Intake>(*store, book, clock);
  }
  /// As if the tables had been lost: what counts is the ledger.
  void start_without_tables() {
    intake.reset();
    store.reset();
    for (const char *file : {"s.db", "s.db-wal", "s.db-shm"}) fs::remove(path / file);
    start();
  }
  Taken take(const std::vector<Fact> &facts) {
    auto taken =
        intake->take({"cable", "centre", 7, "cable", "1.2.3", best}, facts, [this](const auto &id) {
          auto known = planned(id);
          if (known) known->was_handed = was_handed;
          return known;
        });
    REQUIRE(taken.ok());
    return *taken;
  }
  Evidence best = Evidence::measured;
  bool was_handed = true;
  static std::optional<Planned> planned(const std::string &id) {
    if (id == "never") return {};
    playlists::Item item;
    item.id = id;
    item.kind = id == "film" ? playlists::ItemKind::programme : playlists::ItemKind::placement;
    item.start_ns = start_ns;
    item.end_ns = id == "post" ? start_ns : end_ns;
    item.asset = "values-fuqiang";
    item.campaign = "values";
    item.topic = "values";
    item.title = {"富强", "Prosperity"};
    return Planned{item, "ab"};
  }
};

Fact aired(const std::string &placement = "p1") {
  return {FactKind::aired,
          Evidence::measured,
          Status::aired_without_discrepancy,
          1,
          placement,
          "",
          start_ns,
          end_ns,
          "",
          R"({"frames":375})"};
}

Fact with(FactKind kind, Evidence evidence, const std::string &placement = "p1") {
  Fact fact = aired(placement);
  fact.fact = kind;
  fact.evidence = evidence;
  return fact;
}

std::string dispute_of(House &house, const Fact &fact) {
  const Taken taken = house.take({fact});
  REQUIRE(taken.entered.size() == 1);
  const auto &dispute = taken.entered.front().dispute;
  if (!dispute) return "";
  CHECK(dispute->sentence.en.find("1.2.3") != std::string::npos);
  CHECK(dispute->sentence.zh.find("emit(") != std::string::npos);
  CHECK(dispute->sentence.en.find('{') == std::string::npos);
  CHECK_FALSE(taken.entered.front().counts());
  return dispute->code;
}

}  // namespace

TEST_CASE("a fact becomes one entry that holds everything planned beside it") {
  House house;
  const Taken taken = house.take({aired()});
  REQUIRE(house.book.entries.size() == 1);
  const auto airing = decode(house.book.entries[0]);
  REQUIRE(airing.ok());
  CHECK(*airing == taken.entered.front());
  CHECK(airing->place == "centre");
  CHECK(airing->campaign == "values");
  CHECK(airing->ad_class == "psa");
  CHECK(airing->epoch == 7);
  CHECK(airing->proof == R"({"frames":375})");
  CHECK(airing->house_sha256 == "ab");
  CHECK(airing->recorded_ns == house.clock.now_ns());
  CHECK(airing->counts());
}

TEST_CASE("a repeat changes nothing: in a batch, later, after a restart, without the tables") {
  House house;
  const Taken first = house.take({aired(), aired(), with(FactKind::started, Evidence::measured)});
  CHECK(first.entered.size() == 2);
  CHECK(first.repeated == 1);
  Fact named = aired();
  named.place = "centre";
  named.remote = "said differently";
  CHECK(house.take({named}).repeated == 1);
  house.start();
  CHECK(house.take({aired()}).repeated == 1);
  house.start_without_tables();
  CHECK(house.take({aired(), aired("p2")}).repeated == 1);
  CHECK(house.book.entries.size() == 3);
}

TEST_CASE("an entry that reached the ledger before its process was killed is not entered twice") {
  House house;
  House other;
  other.take({aired()});
  house.book.entries = other.book.entries;
  CHECK(house.take({aired()}).repeated == 1);
  CHECK(house.book.entries.size() == 1);
}

TEST_CASE("when the ledger takes nothing, nothing is known, and the same facts come in later") {
  House house;
  house.book.is_broken = true;
  CHECK_FALSE(
      house.intake->take({"cable", "centre", 7, "cable", "1"}, {aired()}, &House::planned).ok());
  house.book.is_broken = false;
  CHECK(house.take({aired()}).entered.size() == 1);
}

TEST_CASE("another place, play, fact or placement is another fact") {
  House house;
  Fact place = aired(), play = aired();
  place.place = "screen-hemei";
  play.play = 2;
  const Taken taken =
      house.take({aired(), place, play, aired("p2"), with(FactKind::accepted, Evidence::measured)});
  CHECK(taken.entered.size() == 5);
}

TEST_CASE("a fact that cannot be true is kept, disputed by name, and not counted") {
  House house;
  CHECK(dispute_of(house, aired("never")) == "airing.planned_by_nobody");
  Fact fact = aired("reversed");
  fact.end_ns = fact.start_ns - 1;
  CHECK(dispute_of(house, fact) == "airing.ends_before_start");
  fact = aired("early");
  fact.start_ns -= 2 * ns_per_s + 1;
  CHECK(dispute_of(house, fact) == "airing.outside_plan");
  fact = aired("late");
  fact.end_ns += 2 * ns_per_s + 1;
  CHECK(dispute_of(house, fact) == "airing.outside_plan");
  fact = aired("nearly");
  fact.start_ns -= 2 * ns_per_s;
  fact.end_ns += 2 * ns_per_s;
  CHECK(dispute_of(house, fact).empty());
  house.clock.set(start_ns);
  CHECK(dispute_of(house, aired("future")) == "airing.in_the_future");
}

TEST_CASE("a post may go out late, not early") {
  House house;
  house.clock.set(start_ns + 3600 * ns_per_s);
  Fact late = aired("post");
  late.start_ns = late.end_ns = start_ns + 3000 * ns_per_s;
  CHECK(dispute_of(house, late).empty());
  late.play = 2;
  late.start_ns = late.end_ns = start_ns - 3 * ns_per_s;
  CHECK(dispute_of(house, late) == "airing.outside_plan");
}

TEST_CASE("a second ending contradicts the first, unless its evidence is better") {
  House house;
  house.take({with(FactKind::withdrawn, Evidence::measured, "a")});
  CHECK(dispute_of(house, aired("a")) == "airing.contradicts");
  house.take({aired("b")});
  CHECK(dispute_of(house, with(FactKind::missed, Evidence::measured, "b")) == "airing.contradicts");
  house.take({with(FactKind::missed, Evidence::inferred, "c")});
  CHECK(dispute_of(house, aired("c")).empty());
  house.take({aired("never")});
  CHECK(dispute_of(house, with(FactKind::missed, Evidence::measured, "d")).empty());
}

TEST_CASE("evidence better than the plugin claims is disputed, the same or worse is not") {
  House house;
  house.best = Evidence::reported;
  CHECK(dispute_of(house, aired("a")) == "airing.evidence_too_good");
  CHECK(dispute_of(house, with(FactKind::aired, Evidence::reported, "b")).empty());
  CHECK(dispute_of(house, with(FactKind::aired, Evidence::inferred, "c")).empty());
  for (const FactKind of_air : {FactKind::started, FactKind::missed})
    CHECK(dispute_of(house, with(of_air, Evidence::measured, "d")) == "airing.evidence_too_good");
}

TEST_CASE("that it took a placement in hand, or let it go, is a plugin's own word") {
  House house;
  house.best = Evidence::inferred;
  CHECK(dispute_of(house, with(FactKind::accepted, Evidence::measured, "a")).empty());
  CHECK(dispute_of(house, with(FactKind::withdrawn, Evidence::measured, "a")).empty());
}

TEST_CASE("what was said before it was handed over is disputed, and said again it is judged anew") {
  House house;
  house.was_handed = false;
  CHECK(dispute_of(house, aired()) == "airing.never_handed");
  const Taken again = house.take({aired()});
  CHECK(again.entered.empty());
  CHECK(again.stands == std::vector<bool>{false});
  house.start_without_tables();
  house.was_handed = true;
  const Taken handed = house.take({aired(), aired()});
  REQUIRE(handed.entered.size() == 1);
  CHECK(handed.entered.front().counts());
  CHECK(handed.stands == std::vector<bool>{true, true});
  house.start_without_tables();
  CHECK(house.take({aired()}).repeated == 1);
  CHECK(house.book.entries.size() == 2);
}

TEST_CASE("a lie that was disputed stays one, also when it could be true by now") {
  House house;
  house.clock.set(start_ns);
  CHECK(dispute_of(house, aired()) == "airing.in_the_future");
  house.clock.set(end_ns);
  const Taken later = house.take({aired()});
  CHECK(later.entered.empty());
  CHECK(later.stands == std::vector<bool>{false});
}

TEST_CASE(
    "two plays on one place do not overlap, on two places, or one after the other, they may") {
  House house;
  Fact first = aired(), second = aired(), elsewhere = aired(), after = aired();
  first.end_ns = start_ns + 5 * ns_per_s;
  second.play = elsewhere.play = 2;
  second.start_ns = first.end_ns - 1;
  elsewhere.place = "screen-hemei";
  after.play = 3;
  after.start_ns = first.end_ns;
  CHECK(dispute_of(house, first).empty());
  CHECK(dispute_of(house, second) == "airing.overlaps");
  CHECK(dispute_of(house, elsewhere).empty());
  CHECK(dispute_of(house, after).empty());
}

TEST_CASE("an airing said again with other times changes nothing, and is told of") {
  House house;
  house.take({aired()});
  CHECK(house.take({aired()}).restated.empty());
  Fact other = aired();
  other.start_ns += ns_per_s;
  const Taken taken = house.take({other});
  CHECK(taken.entered.empty());
  CHECK(taken.stands == std::vector<bool>{true});
  REQUIRE(taken.restated.size() == 1);
  CHECK(taken.restated[0].code == "airing.said_otherwise");
  CHECK(house.book.entries.size() == 1);
}

TEST_CASE("what a plugin malforms is bounded and kept, so that it never blocks what follows") {
  House house;
  Fact fact = aired("a");
  fact.proof = "[1]";
  CHECK(dispute_of(house, fact) == "airing.fact_malformed");
  CHECK(decode(house.book.entries.back())->proof == "{}");
  fact = aired("b");
  fact.remote = std::string(100'000, '\n');
  CHECK(dispute_of(house, fact) == "airing.fact_malformed");
  CHECK(house.book.entries.back().size() <= max_entry_bytes);
  fact = aired(std::string(70'000, 'x'));
  CHECK(dispute_of(house, fact) == "airing.fact_malformed");
  fact = aired("\xff");
  CHECK(dispute_of(house, fact) == "airing.fact_malformed");
  fact = aired("c");
  fact.status = static_cast<Status>(99);
  CHECK(dispute_of(house, fact) == "airing.fact_malformed");
  CHECK(house.take({aired("d")}).entered.front().counts());
  for (const auto &entry : house.book.entries) CHECK(decode(entry).ok());
}

TEST_CASE("only a placement counts, a programme does not") {
  House house;
  const Taken taken = house.take({aired("film")});
  CHECK_FALSE(taken.entered.front().dispute.has_value());
  CHECK_FALSE(taken.entered.front().counts());
  CHECK(taken.entered.front().campaign.empty());
}

TEST_CASE("entries of other kinds in the ledger are passed over, a broken airing is not") {
  House house;
  house.book.entries = {R"({"kind":"rollup","v":1})"};
  CHECK(house.take({aired()}).first_entry == 1);
  house.book.entries.push_back(R"({"kind":"airing"})");
  NoProgress progress;
  CHECK(house.intake->catch_up(progress).fault().is(faults::entry_malformed));
}
