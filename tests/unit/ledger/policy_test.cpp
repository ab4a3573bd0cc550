// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/ledger/faults.hpp"
#include "host/ledger/policy.hpp"

using namespace civicast;
using namespace civicast::ledger;

namespace {

const SignerKey log_key = SignerKey::make("log.example/a");
const std::vector<SignerKey> keys = {SignerKey::make("w.example/1", KeyType::cosigner),
                                     SignerKey::make("w.example/2", KeyType::cosigner),
                                     SignerKey::make("w.example/3", KeyType::cosigner),
                                     SignerKey::make("w.example/4", KeyType::cosigner)};

std::string witness(std::size_t i) {
  return "witness W" + std::to_string(i) + " " + keys[i].verifier().line() + "\n";
}
const std::string log_line = "log " + log_key.verifier().line() + " https://log.example/a/\n";
const std::string all_witnesses = witness(0) + witness(1) + witness(2) + witness(3);

Policy good(const std::string &text) {
  auto policy = Policy::parse(text, "p");
  for (const Fault &fault : policy ? Faults{} : policy.fault()) UNSCOPED_INFO(fault.text());
  REQUIRE(policy.ok());
  return *policy;
}

/// The place of the first mistake.
std::string wrong(const std::string &text) {
  const auto policy = Policy::parse(text, "p");
  REQUIRE_FALSE(policy.ok());
  CHECK(policy.fault().front().is(faults::policy_wrong));
  return policy.fault().front().where();
}

std::string note_by(const std::vector<std::size_t> &cosigners) {
  std::string note = sign_checkpoint({"log.example/a", 7, Hash{}}, log_key);
  const std::string text = text_of(Checkpoint{"log.example/a", 7, Hash{}});
  for (const std::size_t i : cosigners) note += cosignature_line(text, keys[i], 1'700'000'000);
  return note;
}

}  // namespace

TEST_CASE("a quorum of groups is met by those that it says, and by no fewer") {
  const Policy policy =
      good("# 区、市\n" + log_line + all_witnesses +
           "group X 2 W0 W1 W2\n\t group  all-of-it all X W3 \n quorum all-of-it\n");
  CHECK(policy.logs().size() == 1);
  CHECK(policy.logs().front().url == "https://log.example/a/");
  CHECK(policy.witnesses().size() == 4);
  CHECK(policy.is_met({"W0", "W1", "W3"}));
  CHECK(policy.is_met({"W1", "W2", "W3", "W0"}));
  CHECK_FALSE(policy.is_met({"W0", "W1", "W2"}));
  CHECK_FALSE(policy.is_met({"W0", "W3"}));
  CHECK_FALSE(policy.is_met({"X", "W3"}));
  CHECK(check_by(policy, note_by({0, 2, 3})).ok());
  CHECK(check_by(policy, note_by({0, 3})).fault().is(faults::quorum_missing));
}

TEST_CASE("a quorum may be one witness, or none at all") {
  CHECK(good(all_witnesses + "quorum W2\n").is_met({"W2"}));
  CHECK_FALSE(good(all_witnesses + "quorum W2\n").is_met({"W1"}));
  CHECK(good("quorum none\n").is_alone());
  CHECK(good("quorum none\n").is_met({}));
  const Policy any = good(log_line + all_witnesses + "group G any W0 W1\nquorum G\n");
  CHECK(check_by(any, note_by({1})).ok());
  CHECK(check_by(any, note_by({2})).fault().is(faults::quorum_missing));
}

TEST_CASE("every mistake in a policy is told with its line") {
  CHECK(wrong("") == "p:0");
  CHECK(wrong(log_line) == "p:1");
  CHECK(wrong("quorum none") == "p:0");
  CHECK(wrong("quorum none\nquorum none\n") == "p:2");
  CHECK(wrong("quorum W0\n" + witness(0)) == "p:1");
  CHECK(wrong(witness(0) + witness(0) + "quorum none\n") == "p:2");
  CHECK(wrong(log_line + log_line + "quorum none\n") == "p:2");
  CHECK(wrong("log " + keys[0].verifier().line() + "\nquorum none\n") == "p:1");
  CHECK(wrong("witness W " + log_key.verifier().line() + "\nquorum none\n") == "p:1");
  CHECK(wrong("witness none " + keys[0].verifier().line() + "\nquorum none\n") == "p:1");
  CHECK(wrong(all_witnesses + "group G 3 W0 W1\nquorum G\n") == "p:5");
  CHECK(wrong(all_witnesses + "group G 0 W0 W1\nquorum G\n") == "p:5");
  CHECK(wrong(all_witnesses + "group G 01 W0 W1\nquorum G\n") == "p:5");
  CHECK(wrong(all_witnesses + "group G any W0\ngroup H any W0\nquorum H\n") == "p:6");
  CHECK(wrong(all_witnesses + "group G any G\nquorum G\n") == "p:5");
  CHECK(wrong(all_witnesses + "group G any W9\nquorum G\n") == "p:5");
  CHECK(wrong("quorum none\nfriend W0\n") == "p:2");
  CHECK(wrong("quorum none\n#\r\n") == "p:2");
}

TEST_CASE("a cosignature holds for its text, its time and its key, and with no bit flipped") {
  const std::string text = text_of(Checkpoint{"log.example/a", 7, Hash{}});
  const std::string note = note_by({0});
  const auto parsed = parse_note(note);
  REQUIRE(parsed.ok());
  CHECK(cosigned_at(*parsed, keys[0].verifier()) == 1'700'000'000);
  CHECK_FALSE(cosigned_at(*parsed, keys[1].verifier()).has_value());
  CHECK_FALSE(is_signed(*parsed, keys[0].verifier()));
  const auto from = note.find(" w.example/1 ") + 13;
  REQUIRE(from > 13);
  for (std::size_t bit = from * 8; bit < note.size() * 8; ++bit) {
    std::string bent = note;
    bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
    const auto read = parse_note(bent);
    CHECK_FALSE((read && cosigned_at(*read, keys[0].verifier())));
  }
  CHECK(note.size() > text.size());
}

TEST_CASE("the key of a witness is not the key of a log, though the bytes are the same") {
  const auto key = SignerKey::make("w.example/1", KeyType::cosigner).verifier();
  VerifierKey other = key;
  other.type = KeyType::log;
  CHECK(key.id() != other.id());
  CHECK(parse_verifier_key(key.line())->type == KeyType::cosigner);
  CHECK(parse_verifier_key(other.line())->type == KeyType::log);
}
