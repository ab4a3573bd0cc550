// SPDX-License-Identifier: Apache-2.0
// The plugin is killed at every step between its archive, its files and its facts.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>

#include "tests/unit/feed/feed.hpp"

using namespace feed_test;

namespace {

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

}  // namespace

TEST_CASE("kill -9 before or after any emit: every post is out once and said once") {
  for (int nth : {1, 2, 3}) {  // accept p1, accept p2, both out
    for (const bool is_before : {true, false}) {
      INFO("emit " << nth << (is_before ? " before" : " after"));
      Feed f;
      const Handed p1 = f.post("p1", 10), p2 = f.post("p2", 10);
      in_a_doomed_process([&] {
        stand_in::Host host(f.folder / "state");
        int emits = 0;
        (is_before ? host.before_emit : host.after_emit) = [&] {
          if (++emits == nth) die();
        };
        host.open(PLUGIN, {{"listen", "127.0.0.1:0"}, {"authority", "example.org"}});
        host.publish(p1);
        host.publish(p2);
        host.now_ns = noon_ns + 10 * ns_per_s;
        std::this_thread::sleep_for(std::chrono::seconds(60));
      });
      f.open();
      for (const Handed &post : {p1, p2})
        if (f.host.recall(post.id) == CIV_REFUSED) CHECK(f.host.publish(post) == CIV_DONE);
      f.host.now_ns = noon_ns + 12 * ns_per_s;
      REQUIRE(f.host.wait_for(
          [](const auto &facts) { return count(stand_in::distinct(facts), CIV_AIRED) == 2; }));
      CHECK(f.json_ids().size() == 2);
      CHECK(stand_in::distinct(f.host.facts()).size() == 4);
    }
  }
}

TEST_CASE(
    "a post that was written down but never printed is decided anew: missed if it is too late") {
  for (const std::int64_t back_s : {20, 3600}) {
    Feed f;
    const Handed post = f.post("p1", 10);
    in_a_doomed_process([&] {
      stand_in::Host host(f.folder / "state");
      host.open(PLUGIN, {{"listen", "127.0.0.1:0"}, {"authority", "example.org"}});
      host.publish(post);
      host.before_emit = die;
      host.now_ns = noon_ns + 10 * ns_per_s;
      std::this_thread::sleep_for(std::chrono::seconds(60));
    });
    // As if it had died before it printed.
    std::filesystem::remove(f.folder / "state/public/feed.json");
    f.host.now_ns = noon_ns + back_s * ns_per_s;
    f.open();
    const bool is_late = back_s > 70;
    f.settle(noon_ns + back_s * ns_per_s, is_late ? CIV_MISSED : CIV_AIRED, 1);
    CHECK(f.json_ids().size() == (is_late ? 0u : 1u));
    const auto facts = stand_in::distinct(f.host.facts());
    CHECK(count(facts, CIV_AIRED) + count(facts, CIV_MISSED) == 1);
    if (!is_late) CHECK(the(facts, CIV_AIRED, "p1").start_ns == noon_ns + back_s * ns_per_s);
  }
}

TEST_CASE("a post that was printed but not said is said as it was, however late") {
  Feed f;
  const Handed post = f.post("p1", 10);
  in_a_doomed_process([&] {
    stand_in::Host host(f.folder / "state");
    host.open(PLUGIN, {{"listen", "127.0.0.1:0"}, {"authority", "example.org"}});
    host.publish(post);
    host.before_emit = die;
    host.now_ns = noon_ns + 10 * ns_per_s;
    std::this_thread::sleep_for(std::chrono::seconds(60));
  });
  CHECK(f.json_ids().size() == 1);
  f.host.now_ns = noon_ns + 7200 * ns_per_s;
  f.open();
  CHECK(the(f.host.facts(), CIV_AIRED, "p1").start_ns == noon_ns + 10 * ns_per_s);
  CHECK(f.json_ids().size() == 1);
}

TEST_CASE("kill -9 at random moments of a busy day: entries, facts and posts are equal") {
  Feed f;
  constexpr int many = 60;
  std::vector<Handed> posts;
  for (int i = 0; i < many; ++i) posts.push_back(f.post("p" + std::to_string(i), i));
  unsigned seed = 11;
  for (int round = 0; round < 20; ++round) {
    seed = seed * 1103515245u + 12345u;
    const int after_ms = static_cast<int>(seed >> 16) % 120;
    in_a_doomed_process([&] {
      stand_in::Host host(f.folder / "state");
      host.now_ns = noon_ns + round * 3 * ns_per_s;
      std::thread killer([after_ms] {
        std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
        die();
      });
      host.open(PLUGIN, {{"listen", "127.0.0.1:0"}, {"authority", "example.org"}});
      for (int i = 0;; i = (i + 1) % many) {
        host.publish(posts[static_cast<std::size_t>(i)]);
        host.now_ns += ns_per_s / 100;
      }
    });
  }
  f.host.now_ns = noon_ns + many * ns_per_s;
  f.open();
  for (const Handed &post : posts) CHECK(f.host.publish(post) == CIV_DONE);
  REQUIRE(f.host.wait_for([](const auto &facts) {
    const auto all = stand_in::distinct(facts);
    return count(all, CIV_AIRED) + count(all, CIV_MISSED) == many;
  }));
  const auto facts = stand_in::distinct(f.host.facts());
  CHECK(count(facts, CIV_ACCEPTED) == many);
  CHECK(f.json_ids().size() == count(facts, CIV_AIRED));
}
