// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "folder.hpp"
#include "host/ledger/faults.hpp"
#include "host/ledger/prove.hpp"
#include "host/ledger/seal.hpp"
#include "host/ledger/served.hpp"

using namespace civicast;
using namespace civicast::ledger;
using test::Folder;

TEST_CASE("a proof taken from a ledger holds with the public key alone, for every entry") {
  const Folder folder;
  test::make_ledger(folder, 300);
  const auto key = read_verifier_key(folder.keys() / "ledger.pub");
  REQUIRE(key.ok());
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto proven = prove(folder.ledger(), i);
    REQUIRE(proven.ok());
    REQUIRE(proven->entry == test::entry(i));
    const auto text = to_text(proven->proof);
    const auto held = check_proof(text, proven->entry, *key, "p");
    REQUIRE(held.ok());
    CHECK(held->index == i);
    CHECK(held->checkpoint.size == 300);
    CHECK(check_proof(text, test::entry(i + 1), *key, "p").fault().is(faults::proof_fails));
  }
  CHECK(prove(folder.ledger(), 300).fault().is(faults::not_signed_yet));
}

TEST_CASE("a proof with any flipped bit is refused, or says the same") {
  const Folder folder;
  test::make_ledger(folder, 21);
  const auto key = read_verifier_key(folder.keys() / "ledger.pub");
  const auto proven = prove(folder.ledger(), 13);
  REQUIRE(proven.ok());
  TlogProof with_extra = proven->proof;
  with_extra.extra = "house no. 7";
  const std::string text = to_text(with_extra);
  REQUIRE(check_proof(text, proven->entry, *key, "p").ok());
  const auto extra_end = text.find("index ");
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string bent = text;
    bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
    const bool is_in_extra = bit / 8 >= text.find("extra ") + 6 && bit / 8 < extra_end - 1;
    INFO(bit / 8);
    // Nobody signed the extra data.
    if (!is_in_extra) REQUIRE_FALSE(check_proof(bent, proven->entry, *key, "p").ok());
  }
}

TEST_CASE("a proof is read back as it was written, and another log's key does not do") {
  const Folder folder;
  test::make_ledger(folder, 5);
  const auto proven = prove(folder.ledger(), 2);
  const auto read = parse_proof(to_text(proven->proof));
  REQUIRE(read.ok());
  CHECK(to_text(*read) == to_text(proven->proof));
  CHECK_FALSE(read->extra.has_value());
  const auto stranger = SignerKey::make(test::origin).verifier();
  CHECK(check_proof(to_text(*read), proven->entry, stranger, "p").fault().is(faults::log_unknown));
}

TEST_CASE("a tile has one address, and every other spelling is none") {
  for (const char *good : {"0/000", "0/x001/x234/067", "63/999", "entries/000", "7/x001/000.p/1",
                           "entries/x012/345.p/255"}) {
    const auto path = parse_tile_path(good);
    REQUIRE(path.has_value());
    CHECK(text_of(*path) == good);
  }
  for (const char *bad : {"",
                          "0",
                          "0/",
                          "64/000",
                          "00/000",
                          "-1/000",
                          "0/0",
                          "0/x000/001",
                          "0/001/002",
                          "0/x001",
                          "0/000.p",
                          "0/000.p/0",
                          "0/000.p/256",
                          "0/000.p/01",
                          "0/000.p/1/2",
                          "0/000.q/1",
                          "0/000/",
                          "/0/000",
                          "entries/x1/000",
                          "Entries/000",
                          "0/x999/x999/x999/x999/x999/x999/999"})
    CHECK_FALSE(parse_tile_path(bad).has_value());
}

TEST_CASE("tiles are served up to the signed size, and partial ones as wide as that says") {
  const Folder folder;
  test::make_ledger(folder, 600);
  auto ledger = *Ledger::open(folder.ledger(), folder.keys());
  REQUIRE(ledger->append(test::entries(600, 5)).ok());
  const auto tile = [&](const char *path) { return read_tile(*ledger, *parse_tile_path(path)); };
  CHECK(tile("0/000")->size() == 8192);
  CHECK(tile("0/002.p/88")->size() == 88 * 32);
  CHECK(tile("0/002.p/88")->substr(0, 32 * 5) == *tile("0/002.p/5"));
  CHECK(tile("1/000.p/2")->size() == 64);
  for (const char *absent : {"0/002", "0/002.p/89", "0/003.p/1", "1/000", "1/000.p/3", "2/000.p/1",
                             "63/000", "entries/002.p/89", "0/x999/999"})
    CHECK(tile(absent).fault().is(faults::tile_absent));
  const auto bundle = tile("entries/000.p/2");
  REQUIRE(bundle.ok());
  CHECK(*bundle == bundle_of({test::entry(0), test::entry(1)}));
  REQUIRE(ledger->checkpoint(0, true).ok());
  CHECK(tile("0/002.p/93").ok());
}
