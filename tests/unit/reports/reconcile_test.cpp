// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>
#include <set>

#include "facts.hpp"

using namespace civicast;
using namespace civicast::reports;
using airings::Evidence;
using airings::FactKind;
using airings::Status;
using test::aired;
using test::missed;
using test::planned;

namespace {

Outcome of_one(counts::Final fact) {
  fact.placement = "a";
  const auto all = reconcile({{planned("a")}, {}, {fact}, {}}, test::midnight_after);
  REQUIRE(all.rows.size() == 1);
  return all.rows[0].outcome;
}

}  // namespace

TEST_CASE("every planned placement meets its airing or its reason") {
  CHECK(of_one(aired(1, "a")) == Outcome::aired);
  for (const auto &[status, outcome] :
       {std::pair{Status::technical_difficulty, Outcome::technical_difficulty},
        std::pair{Status::did_not_air, Outcome::did_not_air},
        std::pair{Status::aired_with_duration_discrepancy, Outcome::duration_discrepancy},
        std::pair{Status::aired_with_content_discrepancy, Outcome::content_discrepancy},
        std::pair{Status::preempted, Outcome::preempted},
        std::pair{Status::joined_in_progress, Outcome::joined_in_progress},
        std::pair{Status::inserted_by_operator, Outcome::inserted_by_operator},
        std::pair{Status::unknown, Outcome::unknown}, std::pair{Status::none, Outcome::unknown},
        std::pair{Status::missing_content, Outcome::missing_content}})
    CHECK(of_one(missed(1, "a", status)) == outcome);
  auto fact = aired(1, "a");
  fact.evidence = Evidence::inferred;
  CHECK(of_one(fact) == Outcome::inferred);
  fact = aired(1, "a");
  fact.fact = FactKind::withdrawn;
  CHECK(of_one(fact) == Outcome::withdrawn);
  for (const auto &[dispute, outcome] :
       {std::pair{"airing.outside_plan", Outcome::off_window},
        std::pair{"airing.overlaps", Outcome::duplicate},
        std::pair{"airing.in_the_future", Outcome::clock_untrusted},
        std::pair{"airing.never_handed", Outcome::not_handed},
        std::pair{"airing.contradicts", Outcome::disputed}}) {
    fact = aired(1, "a");
    fact.dispute = dispute;
    CHECK(of_one(fact) == outcome);
  }
}

TEST_CASE("what nobody spoke of is missing once it is over, and still to come before") {
  const Books books{{planned("a")}, {}, {}, {}};
  const auto end_ns = books.planned[0].item.end_ns;
  CHECK(reconcile(books, end_ns - 1).count(Outcome::to_come) == 1);
  CHECK(reconcile(books, end_ns).count(Outcome::no_word) == 1);
}

TEST_CASE("of several facts the best decides, whatever their order") {
  auto inferred = aired(1, "a"), disputed = aired(2, "a");
  inferred.evidence = Evidence::inferred;
  disputed.dispute = "airing.outside_plan";
  const auto miss = missed(3, "a", Status::preempted), good = aired(4, "a");
  std::vector<counts::Final> facts = {inferred, disputed, miss, good};
  std::sort(facts.begin(), facts.end(), [](auto &a, auto &b) { return a.entry < b.entry; });
  do {
    const auto all = reconcile({{planned("a")}, {}, facts, {}}, test::midnight_after);
    CHECK(all.rows[0].outcome == Outcome::aired);
    CHECK(all.rows[0].airing->entry == 4);
    CHECK(all.rows[0].complete == 1);
    CHECK(all.unplanned.empty());
  } while (std::next_permutation(facts.begin(), facts.end(),
                                 [](auto &a, auto &b) { return a.entry < b.entry; }));
}

TEST_CASE("a failure is made good only when what replaces it has aired") {
  auto replacement = planned("b");
  replacement.item.makes_good = "a";
  const auto miss = missed(1, "a", Status::preempted);
  Books books{{planned("a")}, {replacement}, {miss}, {}};
  auto all = reconcile(books, test::midnight_after);
  CHECK(all.rows[0].made_good_by == "b");
  CHECK_FALSE(all.rows[0].is_made_good);
  books.finals.push_back(aired(2, "b"));
  all = reconcile(books, test::midnight_after);
  CHECK(all.rows[0].is_made_good);
  CHECK(all.made_good == 1);
  CHECK(all.rows[0].outcome == Outcome::preempted);
  CHECK(all.unplanned.empty());
}

TEST_CASE("airings that no plan asked for are listed apart, with the notes about them") {
  auto strange = aired(1, "x");
  strange.item.clear();
  strange.dispute = "airing.planned_by_nobody";
  const counts::Noted note{7, {"x", "person", "测试播出", 1}};
  const auto all =
      reconcile({{planned("a")}, {}, {strange, aired(2, "old")}, {note}}, test::midnight_after);
  REQUIRE(all.unplanned.size() == 2);
  CHECK_FALSE(all.unplanned[0].was_planned);
  CHECK(all.unplanned[0].notes == std::vector<std::size_t>{0});
  CHECK(all.unplanned[1].was_planned);
  CHECK(all.count(Outcome::no_word) == 1);
}

TEST_CASE("whatever is planned and said, each placement has one row and no fact is in two") {
  const char *given = std::getenv("CIVICAST_SEED");
  const auto seed =
      given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
  INFO("CIVICAST_SEED=" << seed);
  std::mt19937 random(seed);
  for (int trial = 0; trial < 200; ++trial) {
    Books books;
    const auto placements = random() % 20;
    for (std::size_t i = 0; i < placements; ++i)
      books.planned.push_back(planned("p" + std::to_string(i)));
    const auto facts = random() % 40;
    for (std::size_t i = 0; i < facts; ++i) {
      auto fact = aired(i, "p" + std::to_string(random() % 30));
      fact.play = static_cast<std::uint32_t>(random() % 3);
      fact.fact = static_cast<FactKind>(3 + random() % 3);
      fact.status = static_cast<Status>(random() % 11);
      fact.evidence = static_cast<Evidence>(1 + random() % 3);
      if (random() % 5 == 0) fact.dispute = "airing.contradicts";
      books.finals.push_back(fact);
    }
    const auto all = reconcile(books, test::midnight_after);
    REQUIRE(all.rows.size() == placements);
    std::int64_t counted = 0;
    for (const auto count : all.counts) counted += count;
    CHECK(counted == static_cast<std::int64_t>(placements));
    std::set<std::uint64_t> seen;
    for (const Row &row : all.rows)
      if (row.airing) CHECK(seen.insert(row.airing->entry).second);
    for (const Unplanned &one : all.unplanned) CHECK(seen.insert(one.airing.entry).second);
  }
}
