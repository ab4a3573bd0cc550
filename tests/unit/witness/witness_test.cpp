// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <thread>

#include "a_log.hpp"
#include "host/witness/faults.hpp"
#include "sdk/base/disk.hpp"

using namespace civicast;
using namespace civicast::witness;
namespace fs = std::filesystem;

namespace {

struct Setup {
  Folder folder;
  ALog log{"a.example/log"};
  std::unique_ptr<Witness> witness;

  Setup() { restart(); }
  void restart() {
    witness = std::make_unique<Witness>(*ensure_key(folder.path() / "keys", "w.example/w"),
                                        policy("log " + log.pub_line() + "\nquorum none\n"),
                                        folder.path() / "witness");
  }
  Reply ask(std::uint64_t old_size) { return witness->add_checkpoint(log.request(old_size), 1000); }
  Watched watched() const { return witness->watched().front(); }
};

/// The answer is a cosignature of the log's newest checkpoint.
bool is_cosigned(const Setup &setup, const Reply &reply) {
  const std::string note = setup.log.newest().note + reply.body;
  const auto parsed = ledger::parse_note(note);
  return reply.status == 200 && parsed && cosigned_at(*parsed, setup.witness->key()) == 1000;
}

}  // namespace

TEST_CASE("a witness cosigns what grows, and says where it stands to whoever does not know") {
  Setup setup;
  setup.log.grow(5);
  CHECK(is_cosigned(setup, setup.ask(0)));
  CHECK(is_cosigned(setup, setup.ask(5)));
  setup.log.grow(300);
  const auto stale = setup.ask(0);
  CHECK(stale.status == 409);
  CHECK(stale.type == "text/x.tlog.size");
  CHECK(stale.body == "5\n");
  CHECK(is_cosigned(setup, setup.ask(5)));
  CHECK(setup.watched().size == 300);
  CHECK(setup.watched().at_s == 1000);
}

TEST_CASE("what a witness cosigned outlives its process") {
  Setup setup;
  setup.log.grow(7);
  CHECK(is_cosigned(setup, setup.ask(0)));
  setup.restart();
  CHECK(setup.watched().size == 7);
  setup.log.grow(9);
  CHECK(setup.ask(0).body == "7\n");
  CHECK(is_cosigned(setup, setup.ask(7)));
}

TEST_CASE("a witness whose record is damaged vouches for nothing of that log") {
  Setup setup;
  setup.log.grow(7);
  REQUIRE(is_cosigned(setup, setup.ask(0)));
  const auto file = fs::directory_iterator(setup.folder.path() / "witness")->path();
  const std::string good = *read_file(file, 1 << 20);
  for (const std::size_t at : {std::size_t{0}, good.size() / 2, good.size() - 3}) {
    std::string bent = good;
    bent[at] = static_cast<char>(bent[at] ^ 1);
    REQUIRE(write_file_atomically(file, bent).ok());
    setup.restart();
    CHECK(setup.ask(0).status == 503);
    CHECK(setup.ask(7).status == 503);
    CHECK(setup.watched().refusal->is(faults::state_damaged));
  }
}

TEST_CASE("each refusal has the status of the specification") {
  Setup setup;
  setup.log.grow(5);
  ALog stranger("b.example/log");
  stranger.grow(2);
  CHECK(setup.witness->add_checkpoint(stranger.request(0), 1).status == 404);
  ALog forger("a.example/log");  // another key under the same name
  forger.grow(2);
  CHECK(setup.witness->add_checkpoint(forger.request(0), 1).status == 403);
  for (const char *bad :
       {"", "old", "old 0\n", "old 01\n\n", "old -1\n\n", "new 0\n\nx", "old 0\nx\n\n"})
    CHECK(setup.witness->add_checkpoint(bad, 1).status == 400);
  const auto note = setup.log.newest().note;
  CHECK(setup.witness->add_checkpoint("old 6\n\n" + note, 1).status == 400);
  CHECK(setup.witness->add_checkpoint("old 0\n" + ledger::hash_lines({Hash{}}) + "\n" + note, 1)
            .status == 422);
  REQUIRE(setup.ask(0).status == 200);
  setup.log.grow(9);
  const auto next = setup.log.newest().note;
  CHECK(setup.witness->add_checkpoint("old 5\n\n" + next, 1).status == 422);
  CHECK(setup.watched().refusal->is(faults::log_not_continued));
  CHECK(setup.witness->add_checkpoint("old 4\n\n" + next, 1).status == 409);
  CHECK(setup.ask(5).status == 200);
  CHECK_FALSE(setup.watched().refusal.has_value());
}

TEST_CASE("a rewritten log gets no cosignature, however it presents itself") {
  Setup setup;
  setup.log.grow(20);
  const auto backup = setup.folder.path() / "backup";
  setup.log.save(backup);
  setup.log.grow(50);
  REQUIRE(is_cosigned(setup, setup.ask(0)));

  setup.log.put_back(backup);  // whoever has disk and key can do that
  setup.log.grow(30, "other");
  CHECK(setup.ask(0).body == "50\n");
  CHECK(setup.ask(20).body == "50\n");
  CHECK(setup.watched().refusal->is(faults::log_not_continued));
  setup.log.grow(50, "other");
  CHECK(setup.ask(50).status == 409);
  CHECK(setup.ask(50).type == "text/plain; charset=utf-8");
  CHECK(setup.watched().refusal->is(faults::log_rewritten));
  setup.log.grow(80, "other");
  CHECK(setup.ask(50).status == 422);
  CHECK(setup.watched().size == 50);
}

TEST_CASE("of many that ask at once each gets the cosignature of a history that grows") {
  Setup setup;
  std::vector<std::string> requests;
  for (std::uint64_t size = 1; size <= 40; ++size) {
    setup.log.grow(size);
    requests.push_back(setup.log.request(size - 1));
  }
  std::atomic<int> cosigned{0};
  std::vector<std::thread> askers;
  for (int i = 0; i < 4; ++i)
    askers.emplace_back([&] {
      for (const auto &request : requests) {
        const auto reply = setup.witness->add_checkpoint(request, 1000);
        cosigned += reply.status == 200;
        if (reply.status != 200 && reply.status != 409) std::abort();
      }
    });
  for (auto &one : askers) one.join();
  CHECK(setup.watched().size == 40);
  CHECK(cosigned >= 40);
  setup.restart();
  CHECK(setup.watched().size == 40);
}

TEST_CASE(
    "the witness's key is made once, for its owner alone, and one that others read is refused") {
  const Folder folder;
  const auto first = ensure_key(folder.path() / "keys", "w.example/w");
  REQUIRE(first.ok());
  const auto second = ensure_key(folder.path() / "keys", "another name");
  REQUIRE(second.ok());
  CHECK(second->line() == first->line());
  CHECK((fs::status(folder.path() / "keys/witness.key").permissions() & fs::perms(077)) ==
        fs::perms::none);
  CHECK(*read_file(folder.path() / "keys/witness.pub", 4096) == first->verifier().line() + "\n");
  fs::permissions(folder.path() / "keys/witness.key", fs::perms(0644));
  CHECK(ensure_key(folder.path() / "keys", "w").fault().is(faults::key_unusable));
}
