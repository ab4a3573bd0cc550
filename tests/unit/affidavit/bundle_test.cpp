// SPDX-License-Identifier: Apache-2.0
#include "host/affidavit/faults.hpp"
#include "host/ledger/note.hpp"
#include "house.hpp"

using namespace civicast;
using civicast::test::House;

TEST_CASE("an affidavit is verified from its bundle alone, and counts what the ledger holds") {
  House house(41);
  const auto made = house.make(house.entries);
  REQUIRE(made.ok());
  CHECK(made->unsigned_airings == 0);
  CHECK(made->pdf.substr(0, 5) == "%PDF-");
  const auto parts = house.unpacked(made->zip);
  const auto pub = read_file(house.path / "keys" / "ledger.pub", 4096);
  REQUIRE(pub.ok());
  std::filesystem::remove_all(house.path / "ledger");
  const auto verified = affidavit::verify(parts, *pub);
  REQUIRE(verified.ok());
  const auto &s = verified->statement;
  CHECK(s.airings == static_cast<std::int64_t>(house.entries.size()));
  CHECK(s.duration_ms == s.airings * 15'040);
  CHECK(s.sums.at("cable").at("measured").airings + s.sums.at("screens").at("reported").airings ==
        s.airings);
  CHECK(s.tree_size == 42);
  CHECK(parts.at("affidavit.pdf") == made->pdf);
}

TEST_CASE("an affidavit of what did not air is not made") {
  House house(9);
  const auto none = house.make({});
  REQUIRE_FALSE(none.ok());
  CHECK(none.fault().front().is(affidavit::faults::nothing_to_prove));
  const auto other = house.make({1});  // another campaign's
  REQUIRE_FALSE(other.ok());
  CHECK(other.fault().front().is(affidavit::faults::index_wrong));
  const auto missed = house.make({9});
  REQUIRE_FALSE(missed.ok());
  CHECK(missed.fault().front().is(affidavit::faults::index_wrong));
}

TEST_CASE("airings above the signed size are left out and said") {
  House house(9);
  auto opened = ledger::Ledger::open(house.path / "ledger", house.path / "keys");
  REQUIRE(opened.ok());
  REQUIRE((*opened)->append({airings::encode(test::airing(99, "values"))}).ok());
  auto entries = house.entries;
  entries.push_back(10);
  const auto made = house.make(entries);
  REQUIRE(made.ok());
  CHECK(made->unsigned_airings == 1);
  CHECK(made->statement.airings == static_cast<std::int64_t>(house.entries.size()));
}

TEST_CASE("another station's key does not verify a bundle") {
  House house(9);
  const auto other = ledger::SignerKey::make("test.civicast.local/airings");
  const auto verified = affidavit::verify(house.parts(), other.verifier().line());
  REQUIRE_FALSE(verified.ok());
  CHECK(verified.fault().front().is(affidavit::faults::key_differs));
}

TEST_CASE("a statement is written in one way and read back whole") {
  House house(9);
  const auto parts = house.parts();
  const auto read = affidavit::parse_statement(parts.at("affidavit.json"));
  REQUIRE(read.ok());
  CHECK(affidavit::to_text(*read) == parts.at("affidavit.json"));
  CHECK_FALSE(affidavit::parse_statement(parts.at("affidavit.json") + " ").ok());
}
