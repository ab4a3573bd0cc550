// SPDX-License-Identifier: Apache-2.0
// The heart: a worker killed at any moment loses no airing and tells none twice.
#include <signal.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "host/workers/supervisor.hpp"
#include "tests/plugins/harness.hpp"

using namespace civicast;
using namespace civicast::test;
using wire::CallKind;
using wire::Verdict;

namespace {

/// Publishes one placement after the other as the desk does: unknown is recalled, never resent.
struct Publisher {
  explicit Publisher(workers::Supervisor &the_supervisor) : supervisor(the_supervisor) {}

  void next() {
    current = "p-" + std::to_string(++count);
    ask(CallKind::publish);
  }
  void ask(CallKind kind) {
    supervisor.call("one", kind, placement(current, "air"),
                    [this, kind](const wire::Answer &answer) { on(kind, answer.verdict); });
  }
  void on(CallKind kind, Verdict verdict) {
    if (verdict == Verdict::later) return ask(kind);
    if (verdict == Verdict::unknown) return ask(CallKind::recall);
    if (kind == CallKind::recall && verdict == Verdict::refused) return ask(CallKind::publish);
    REQUIRE(verdict == Verdict::done);
    if (!is_stopping)
      next();
    else
      is_idle = true;
  }

  workers::Supervisor &supervisor;
  std::string current;
  int count = 0;
  bool is_stopping = false, is_idle = false;
};

}  // namespace

TEST_CASE("workers killed at random moments: nothing lost, nothing doubled") {
  TempFolder folder;
  Recorder recorder;
  workers::Supervisor supervisor(recorder, hasty());
  workers::WorkerSpec spec = spec_of("echo", folder / "state");
  spec.settings = {{"delay_ms", 2}};
  REQUIRE(supervisor.add(spec));
  Publisher publisher(supervisor);
  publisher.next();

  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  constexpr int kills = 60;
  for (int kill = 0; kill < kills; ++kill) {
    REQUIRE(step_until(supervisor, [&] { return supervisor.is_ready("one"); }));
    supervisor.poll(static_cast<int>(random() % 40));
    const auto pid = supervisor.snapshot()["one"]["pid"].get<pid_t>();
    if (pid > 0) ::kill(pid, SIGKILL);
    REQUIRE(step_until(supervisor,
                       [&] { return recorder.gone.size() > static_cast<std::size_t>(kill); }));
  }
  publisher.is_stopping = true;
  REQUIRE(step_until(supervisor, [&] { return publisher.is_idle; }));
  supervisor.stop();

  std::map<std::string, int> truth;
  std::ifstream journal(folder / "state" / "journal");
  for (std::string id, start, end; journal >> id >> start >> end;) ++truth[id];
  std::set<std::string> told;
  for (const wire::Fact &fact : recorder.facts)
    if (fact.fact == wire::FactKind::aired) told.insert(fact.placement);

  CHECK(truth.size() == static_cast<std::size_t>(publisher.count));
  for (const auto &[id, times] : truth) {
    CHECK(times == 1);
    CHECK(told.count(id) == 1);
  }
  CHECK(told.size() == truth.size());
}
