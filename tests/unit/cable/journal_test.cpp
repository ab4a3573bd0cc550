// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <new>
#include <random>

#include "plugins/cable/book/journal.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

Progress progress(const std::string &id) {
  Progress p;
  p.id = id;
  p.sha256 = std::string(64, 'd');
  p.expected = 375;
  p.start_ns = 42;
  return p;
}

/// What a sender really did, in memory that outlives it.
struct Wire {
  std::atomic<std::int64_t> begun{0}, done{0};
};

[[noreturn]] void send_for_ever(const std::string &path, Wire &wire) {
  Journal journal(path);
  Progress p = progress("p");
  const int slot = journal.open(p);
  for (;;) {
    journal.about(slot, p.sent + 1, 0);
    ++wire.begun;
    ++wire.done;  // the bytes leave
    ++p.sent;
    p.last_pts = p.sent;
    journal.sent(slot, p);
  }
}

}  // namespace

TEST_CASE("Killed at any instruction, the journal is never ahead of the wire nor two behind it") {
  const TempFolder folder;
  void *memory =
      ::mmap(nullptr, sizeof(Wire), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    Wire &wire = *new (memory) Wire;
    const std::string path = folder / std::to_string(round);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) send_for_ever(path, wire);
    while (wire.done < 5) ::usleep(10);
    ::usleep(static_cast<useconds_t>(random() % 300));
    ::kill(child, SIGKILL);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    const Journal journal(path);
    REQUIRE(journal.left().size() == 1);
    const Progress &left = journal.left()[0].progress;
    REQUIRE(left.id == "p");
    REQUIRE(left.is_trusted);
    REQUIRE(left.sent <= wire.done);
    REQUIRE(left.about >= wire.begun);
    REQUIRE(left.about - left.sent <= 1);
    // The counters agree: then the truth is known exactly.
    if (left.about == left.sent) REQUIRE(left.sent == wire.done);
  }
  ::munmap(memory, sizeof(Wire));
}

TEST_CASE("A journal gives back all that it was told of an open item") {
  const TempFolder folder;
  {
    Journal journal(folder / "j");
    Progress p = progress("p");
    const int slot = journal.open(p);
    p.sent = 374;
    p.packets = 9000;
    p.send_errors = 2;
    p.first_pts = 5;
    p.last_pts = 6;
    p.late_max_us = 7;
    p.is_stalled = p.is_joined = true;
    journal.sent(slot, p);
    journal.about(slot, 375, 1880);
    const int other = journal.open(progress("q"));
    journal.free(other);
  }
  const Journal journal(folder / "j");
  REQUIRE(journal.left().size() == 1);
  const Journal::Left &left = journal.left()[0];
  CHECK(left.file_bytes == 1880);
  CHECK(left.progress.about == 375);
  CHECK(left.progress.sent == 374);
  CHECK(left.progress.expected == 375);
  CHECK(left.progress.start_ns == 42);
  CHECK(left.progress.packets == 9000);
  CHECK(left.progress.send_errors == 2);
  CHECK(left.progress.first_pts == 5);
  CHECK(left.progress.last_pts == 6);
  CHECK(left.progress.late_max_us == 7);
  CHECK(left.progress.is_stalled);
  CHECK(left.progress.is_joined);
  CHECK_FALSE(left.progress.is_preempted);
  CHECK_FALSE(left.progress.is_closed);
}

TEST_CASE("A journal has room for many open items and says when it has none") {
  const TempFolder folder;
  Journal journal(folder / "j");
  for (std::size_t i = 0; i < Journal::kSlots; ++i) CHECK(journal.open(progress("p")) >= 0);
  CHECK(journal.open(progress("p")) == -1);
  journal.free(3);
  CHECK(journal.open(progress("p")) == 3);
}

}  // namespace civicast::cable
