// SPDX-License-Identifier: Apache-2.0
// The plugin is killed where it hurts most, opened again, and must end with the truth.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/unit/screens/screens.hpp"

using namespace screens_test;

namespace {

/// Runs `work` in a process that is expected to die of kill -9.
void in_a_doomed_process(const std::function<void()> &work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    work();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(WTERMSIG(status) == SIGKILL);
}

void die() {
  ::kill(::getpid(), SIGKILL);
}

std::string outbox(const Screens &s) {
  return s.folder / "outbox.jsonl";
}

}  // namespace

TEST_CASE("kill -9 before or after any emit loses no fact and says none twice differently") {
  // The 1st emit is of accept p1, the 2nd of accept p2, the 3rd of the plays.
  for (int nth : {1, 2, 3}) {
    for (const bool is_before : {true, false}) {
      INFO("emit " << nth << (is_before ? " before" : " after"));
      Screens s;
      const Handed p1 = s.item("p1", 60), p2 = s.item("p2", 75);
      in_a_doomed_process([&] {
        stand_in::Host host(s.folder / "state");
        int emits = 0;
        (is_before ? host.before_emit : host.after_emit) = [&] {
          if (++emits == nth) die();
        };
        host.open(PLUGIN, {{"listen", "127.0.0.1:0"}});
        host.publish(p1);
        host.publish(p2);
        host.now_ns = p2.end_ns;
        const stand_in::Http http(host.status()["links"][0]["href"].get<std::string>());
        http.post(plays, report({record(p1, 1), record(p2, 2)}), json_type);
      });
      s.open();
      s.host.now_ns = p2.end_ns;
      // What is in doubt is asked for, and sent again only if it was never heard of.
      for (const Handed &item : {p1, p2}) {
        const int heard = s.host.recall(item.id);
        CHECK((heard == CIV_DONE || heard == CIV_REFUSED));
        if (heard == CIV_REFUSED) CHECK(s.host.publish(item) == CIV_DONE);
      }
      // The page had no answer, so it sends again.
      const auto answer = s.http().post(plays, report({record(p1, 1), record(p2, 2)}), json_type);
      CHECK(answer.status == 200);
      const auto facts = stand_in::distinct(s.host.facts());
      CHECK(facts.size() == 4);
      for (const char *id : {"p1", "p2"}) {
        CHECK(count(facts, CIV_ACCEPTED, id) == 1);
        CHECK(count(facts, CIV_AIRED, id) == 1);
      }
    }
  }
}

TEST_CASE("a fact that was journalled but not emitted is emitted by the next start alone") {
  Screens s;
  const Handed item = s.item("p1", 60);
  in_a_doomed_process([&] {
    stand_in::Host host(s.folder / "state");
    host.before_emit = die;
    host.open(PLUGIN, {{"listen", "127.0.0.1:0"}});
    host.publish(item);
  });
  CHECK(s.host.facts().empty());
  s.open();
  CHECK(count(s.host.facts(), CIV_ACCEPTED, "p1") == 1);
  s.host.close();
  s.open();  // and not again, once it is known to be out
  CHECK(s.host.facts().size() == 1);
}

TEST_CASE("a journal cut at any byte opens, and says nothing that was not said") {
  Screens made;
  made.open();
  const Handed p1 = made.item("p1", 60), p2 = made.item("p2", 75);
  REQUIRE(made.host.publish(p1) == CIV_DONE);
  REQUIRE(made.host.publish(p2) == CIV_DONE);
  made.host.now_ns = p2.end_ns;
  REQUIRE(made.http().post(plays, report({record(p1, 1), record(p2, 2)}), json_type).status == 200);
  made.host.close();
  const std::string journal = made.folder / "state/journal.jsonl";
  const auto size = std::filesystem::file_size(journal);
  const auto truth = stand_in::distinct(made.host.facts());
  for (std::uintmax_t cut = 0; cut <= size; cut += 1 + cut % 53) {
    INFO("cut at " << cut);
    Screens s;
    std::filesystem::create_directories(s.folder / "state");
    std::filesystem::copy_file(journal, s.folder / "state/journal.jsonl");
    std::filesystem::resize_file(s.folder / "state/journal.jsonl", cut);
    s.host.now_ns = p2.end_ns;
    s.open();
    for (const Said &fact : s.host.facts())
      CHECK(std::find(truth.begin(), truth.end(), fact) != truth.end());
  }
}

TEST_CASE("a journal that is damaged amid its lines is refused, not guessed at") {
  Screens s;
  s.open();
  REQUIRE(s.host.publish(s.item("p1", 60)) == CIV_DONE);
  REQUIRE(s.host.publish(s.item("p2", 60)) == CIV_DONE);
  s.host.close();
  std::fstream file(s.folder / "state/journal.jsonl", std::ios::in | std::ios::out);
  file.seekp(10);
  file << "\x01\x02";
  file.close();
  CHECK(s.host.open(PLUGIN, {{"listen", "127.0.0.1:0"}}) != CIV_DONE);
  CHECK(std::filesystem::exists(outbox(s)));
}

TEST_CASE("kill -9 at twenty random moments of a busy hour: every play is counted exactly once") {
  Screens s;
  std::vector<Handed> items;
  for (int i = 0; i < 40; ++i) items.push_back(s.item("p" + std::to_string(i), 15 * i));
  const std::int64_t late_ns = items.back().end_ns + ns_per_s;
  unsigned seed = 7;
  for (int round = 0; round < 20; ++round) {
    seed = seed * 1103515245u + 12345u;
    in_a_doomed_process([&] {
      stand_in::Host host(s.folder / "state");
      host.now_ns = late_ns;
      int left = 1 + static_cast<int>(seed >> 16) % 12;
      const bool is_before = seed & 0x8000u;
      (is_before ? host.before_emit : host.after_emit) = [&] {
        if (--left <= 0) die();
      };
      host.open(PLUGIN, {{"listen", "127.0.0.1:0"}});
      const stand_in::Http http(host.status()["links"][0]["href"].get<std::string>());
      for (int i = 0;; i = (i + 1) % 40) {
        host.publish(items[static_cast<std::size_t>(i)]);
        http.post(plays, report({record(items[static_cast<std::size_t>(i)], i + 1)}), json_type);
      }
    });
  }
  s.host.now_ns = late_ns;
  s.open();
  for (int i = 0; i < 40; ++i) {
    CHECK(s.host.publish(items[static_cast<std::size_t>(i)]) == CIV_DONE);
    CHECK(s.http()
              .post(plays, report({record(items[static_cast<std::size_t>(i)], i + 1)}), json_type)
              .status == 200);
  }
  const auto facts = stand_in::distinct(s.host.facts());
  CHECK(count(facts, CIV_AIRED) == 40);
  CHECK(count(facts, CIV_ACCEPTED) == 40);
  CHECK(count(facts, CIV_MISSED) == 0);
}
