// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "a_log.hpp"
#include "host/ledger/faults.hpp"
#include "host/witness/faults.hpp"
#include "sdk/base/disk.hpp"

using namespace civicast;
using namespace civicast::witness;

namespace {

/// A log, three witnesses of it in memory, and the asker between them.
struct Town {
  Folder folder;
  ALog log{"a.example/log"};
  ManualClock clock{1'000'000 * ns_per_s};
  std::vector<std::unique_ptr<Witness>> witnesses;
  std::vector<bool> is_down = {false, false, false};
  std::unique_ptr<Asker> asker;
  std::vector<std::string> said;
  int letters = 0;

  explicit Town(const std::string &quorum) {
    std::string text;
    for (std::size_t i = 0; i < is_down.size(); ++i) {
      const auto place = folder.path() / std::to_string(i);
      witnesses.push_back(std::make_unique<Witness>(
          *ensure_key(place, "w.example/" + std::to_string(i)),
          policy("log " + log.pub_line() + "\nquorum none\n"), place / "state"));
      text += "witness W" + std::to_string(i) + " " + witnesses[i]->key().line() + " http://w/" +
              std::to_string(i) + "/\n";
    }
    policy_text = text + quorum;
    restart();
  }
  std::string policy_text;

  void restart() {
    asker = std::make_unique<Asker>(
        policy(policy_text),
        Asker::Log{[this] { return log.newest(); },
                   [this](auto from, auto to) { return log.ledger().consistency_proof(from, to); },
                   log.dir() / "cosigned"},
        clock, [this](int, const std::string &line) { said.push_back(line); },
        [this](const std::vector<Letter> &all) { return post(all); });
  }
  std::vector<Delivered> post(const std::vector<Letter> &all) {
    std::vector<Delivered> out;
    for (const Letter &letter : all) {
      ++letters;
      const auto at = static_cast<std::size_t>(letter.url.at(9) - '0');
      REQUIRE(letter.url.substr(10) == "/add-checkpoint");
      if (is_down[at]) {
        out.push_back({0, "", "", "no route"});
        continue;
      }
      const auto reply = witnesses[at]->add_checkpoint(letter.body, clock.now_ns() / ns_per_s);
      out.push_back({reply.status, reply.type, reply.body, ""});
    }
    return out;
  }
  void later(int seconds) { clock.advance(seconds * ns_per_s); }
};

const std::string two_of_three = "group G 2 W0 W1 W2\nquorum G\n";

}  // namespace

TEST_CASE(
    "a checkpoint is cosigned by all that are there, and kept where it outlives the process") {
  Town town(two_of_three);
  town.log.grow(10);
  CHECK(town.asker->round());
  CHECK_FALSE(town.asker->round());  // nothing is new
  auto standing = town.asker->now();
  CHECK(standing.is_met == true);
  CHECK(standing.size == 10);
  const auto good = policy("log " + town.log.pub_line() + "\n" + town.policy_text);
  CHECK(check_by(good, standing.note).ok());
  CHECK(good.cosigners(*ledger::parse_note(standing.note)).size() == 3);
  town.restart();
  CHECK(town.asker->now().size == 10);
  CHECK(town.asker->now().note == standing.note);
  CHECK_FALSE(town.asker->now().is_met.has_value());

  town.log.grow(25);
  CHECK(town.asker->round());  // it does not know any more where they stand, and is told
  CHECK(town.asker->now().size == 25);
}

TEST_CASE("one witness that is away is no matter, two are said, and asked less and less often") {
  Town town(two_of_three);
  town.log.grow(3);
  town.is_down = {true, false, false};
  town.asker->round();
  CHECK(town.asker->now().is_met == true);
  CHECK(town.asker->now().witnesses[0].fault->is(faults::unreachable));

  town.is_down[1] = true;
  town.later(2);
  town.log.grow(4);
  town.asker->round();
  auto standing = town.asker->now();
  CHECK(standing.is_met == false);
  CHECK(standing.quorum_fault->is(ledger::faults::quorum_missing));
  CHECK(standing.size == 3);
  const int before = town.letters;
  for (int second = 0; second < 600; ++second) {
    town.later(1);
    town.asker->round();
  }
  CHECK(town.letters - before < 40);
  CHECK(town.said.size() < 8);

  town.is_down = {false, false, false};
  town.later(61);
  town.log.grow(5);
  CHECK(town.asker->round());
  CHECK(town.asker->now().is_met == true);
  CHECK(town.asker->now().size == 5);
  CHECK_FALSE(town.asker->now().quorum_fault.has_value());
}

TEST_CASE("a log that was put back from a backup is told so by its witnesses") {
  Town town(two_of_three);
  const auto backup = town.folder.path() / "backup";
  town.log.grow(20);
  town.log.save(backup);
  town.log.grow(50);
  town.asker->round();
  REQUIRE(town.asker->now().size == 50);
  const std::string before = town.asker->now().note;

  town.log.put_back(backup);
  REQUIRE(write_file_atomically(town.log.dir() / "cosigned", before).ok());
  town.restart();
  town.log.grow(30, "other");
  town.asker->round();
  CHECK(town.asker->now().is_met == false);
  CHECK(town.asker->now().witnesses[1].fault->is(faults::we_fell_back));
  town.later(61);
  town.log.grow(50, "other");
  town.asker->round();
  CHECK(town.asker->now().witnesses[1].fault->is(faults::we_are_refused));
  town.later(61);
  town.log.grow(80, "other");
  town.asker->round();
  CHECK(town.asker->now().witnesses[1].fault->is(faults::we_are_refused));
  CHECK(town.asker->now().is_met == false);
  CHECK(town.asker->now().note == before);
  CHECK(town.witnesses[1]->watched().front().refusal.has_value());
}

TEST_CASE("an answer that is no cosignature of that witness counts for nothing") {
  Town town("quorum W0\n");
  town.log.grow(2);
  const auto foreign = ledger::SignerKey::make("w.example/0", ledger::KeyType::cosigner);
  const std::string text(ledger::parse_note(town.log.newest().note)->text);
  for (const std::string &body :
       {std::string(), std::string("yes\n"), cosignature_line(text, foreign, 5),
        std::string(1, '\0'), town.log.newest().note}) {
    town.asker = std::make_unique<Asker>(
        policy(town.policy_text),
        Asker::Log{
            [&] { return town.log.newest(); },
            [&](auto from, auto to) { return town.log.ledger().consistency_proof(from, to); },
            town.log.dir() / "cosigned"},
        town.clock, [](int, const std::string &) {},
        [&](const std::vector<Letter> &all) {
          return std::vector<Delivered>(all.size(), Delivered{200, "text/plain", body, ""});
        });
    town.asker->round();
    CHECK(town.asker->now().is_met == false);
    CHECK(town.asker->now().witnesses[0].fault->is(faults::answer_wrong));
  }
}

TEST_CASE("nobody who answers is waited for no longer than a moment when the asker stops") {
  const std::atomic<bool> is_stopping{true};
  const auto delivered = post_all({{"http://127.0.0.1:9/add-checkpoint", "x"}}, is_stopping);
  REQUIRE(delivered.size() == 1);
  CHECK(delivered.front().status == 0);
  CHECK_FALSE(delivered.front().error.empty());
}
