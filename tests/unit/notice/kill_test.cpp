// SPDX-License-Identifier: Apache-2.0
// A worker in another language, killed at any moment, loses no post and puts none up twice.
#include <signal.h>

#include <random>

#include "tests/unit/notice/notice.hpp"

using namespace civicast;
using namespace civicast::test;
using wire::CallKind;
using wire::FactKind;
using wire::Verdict;

namespace {

unsigned seed_wanted() {
  const char *given = std::getenv("CIVICAST_SEED");
  return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device()();
}

/// Publishes one post after the other as the desk does: unknown is recalled, never resent.
struct Publisher {
  void next() {
    current = post("p-" + std::to_string(++count), now_ns());
    ask(CallKind::publish);
  }
  void ask(CallKind kind) {
    board.supervisor.call("one", kind, current,
                          [this, kind](const wire::Answer &answer) { on(kind, answer.verdict); });
  }
  void on(CallKind kind, Verdict verdict) {
    if (verdict == Verdict::later) return ask(kind);
    if (verdict == Verdict::unknown) return ask(CallKind::recall);
    if (kind == CallKind::recall && verdict == Verdict::refused) return ask(CallKind::publish);
    REQUIRE(verdict == Verdict::done);
    if (!is_stopping) return next();
    is_idle = true;
  }

  NoticeBoard &board;
  wire::Placement current{};
  int count = 0;
  bool is_stopping = false, is_idle = false;
};

}  // namespace

TEST_CASE("a Python worker killed at random moments: nothing lost, nothing doubled") {
  const unsigned seed = seed_wanted();
  CAPTURE(seed);
  std::mt19937 random(seed);
  NoticeBoard board;
  Publisher publisher{board};
  publisher.next();
  for (std::size_t kill = 0; kill < 100; ++kill) {
    REQUIRE(step_until(board.supervisor, [&] { return board.supervisor.is_ready("one"); }));
    board.supervisor.poll(static_cast<int>(random() % 40));
    const auto pid = board.supervisor.snapshot()["one"]["pid"].get<pid_t>();
    if (pid > 0) ::kill(pid, SIGKILL);
    REQUIRE(step_until(board.supervisor, [&] { return board.recorder.gone.size() > kill; }));
  }
  // On a slow machine few posts are put up between two kills; what was killed can go on for long.
  REQUIRE(step_until(board.supervisor, [&] { return publisher.count >= 100; }));
  publisher.is_stopping = true;
  REQUIRE(step_until(board.supervisor, [&] { return publisher.is_idle; }));
  for (int i = 1; i <= publisher.count; ++i) {
    const std::string id = "p-" + std::to_string(i);
    REQUIRE(board.hears(id, FactKind::aired));
    // Said more than once, it is the same airing: one time, one file.
    std::set<std::int64_t> times;
    for (const wire::Fact &fact : board.said(id, FactKind::aired)) times.insert(fact.start_ns);
    CHECK(times.size() == 1);
  }
  CHECK(board.files().size() == static_cast<std::size_t>(publisher.count));
  CHECK(board.said("p-1", FactKind::missed).empty());
}
