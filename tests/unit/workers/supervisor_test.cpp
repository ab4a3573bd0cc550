// SPDX-License-Identifier: Apache-2.0
#include "host/workers/supervisor.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "host/workers/faults.hpp"
#include "tests/plugins/harness.hpp"

using namespace civicast;
using namespace civicast::test;
using namespace civicast::workers;
using wire::CallKind;
using wire::Verdict;

namespace {

/// One plugin under supervision in a folder of its own.
struct Station {
  explicit Station(const std::string &plugin, Json settings = Json::object(), Pace pace = hasty())
      : supervisor(recorder, pace) {
    WorkerSpec spec = spec_of(plugin, folder / "state");
    spec.settings = std::move(settings);
    const auto added = supervisor.add(spec);
    if (!added) FAIL(added.fault().front().text());
  }
  bool ready() {
    return step_until(supervisor, [this] { return supervisor.is_ready("one"); });
  }
  wire::Answer ask(CallKind kind, const wire::Placement &what) {
    std::optional<wire::Answer> got;
    supervisor.call("one", kind, what, [&](const wire::Answer &answer) { got = answer; });
    REQUIRE(step_until(supervisor, [&] { return got.has_value(); }));
    return *got;
  }
  bool gone(std::size_t times) {
    return step_until(supervisor, [&] { return recorder.gone.size() >= times; });
  }

  TempFolder folder;
  Recorder recorder;
  Supervisor supervisor;
};

}  // namespace

TEST_CASE("a placement is published, and its facts come before the verdict") {
  Station station("echo");
  REQUIRE(station.ready());
  std::size_t facts_before_verdict = 0;
  bool is_done = false;
  station.supervisor.call("one", CallKind::publish, placement("p-1", "air"),
                          [&](const wire::Answer &answer) {
                            CHECK(answer.verdict == Verdict::done);
                            facts_before_verdict = station.recorder.facts.size();
                            is_done = true;
                          });
  REQUIRE(step_until(station.supervisor, [&] { return is_done; }));
  CHECK(facts_before_verdict == 1);
  const wire::Fact &fact = station.recorder.facts.at(0);
  CHECK(fact.placement == "p-1");
  CHECK(fact.fact == wire::FactKind::aired);
  CHECK(fact.end_ns == 2'000'000'000);
  CHECK(fact.proof == R"({"journal":true})");
  CHECK(station.recorder.origins.at(0).plugin == "org.civicast.test.echo");
  CHECK(station.recorder.origins.at(0).epoch == 1);
}

TEST_CASE("each verdict comes back with its reason") {
  Station station("echo");
  REQUIRE(station.ready());
  const auto [command, verdict, code] = GENERATE(table<std::string, Verdict, std::string>({
      {"refuse", Verdict::refused, "echo.refused"},
      {"unready", Verdict::unready, "echo.unready"},
      {"later", Verdict::later, "echo.later"},
      {"unknown", Verdict::unknown, "echo.unknown"},
      {"broken", Verdict::broken, "echo.broken"},
  }));
  const wire::Answer answer = station.ask(CallKind::publish, placement("p", command));
  CHECK(answer.verdict == verdict);
  REQUIRE(answer.notes.size() == 1);
  CHECK(answer.notes[0].code == code);
}

TEST_CASE("recall tells again what was aired, and never heard of what was not") {
  Station station("echo");
  REQUIRE(station.ready());
  station.ask(CallKind::publish, placement("p", "air"));
  CHECK(station.ask(CallKind::recall, placement("p", "")).verdict == Verdict::done);
  CHECK(station.recorder.facts.size() == 2);
  CHECK(station.ask(CallKind::recall, placement("q", "")).verdict == Verdict::refused);
}

TEST_CASE("a crash in publish is an unknown verdict, with last words, and a new start") {
  Station station("rogue_crash_publish");
  REQUIRE(station.ready());
  CHECK(station.ask(CallKind::publish, placement("p-7", "")).verdict == Verdict::unknown);
  REQUIRE(station.gone(1));
  const Gone &gone = station.recorder.gone[0];
  CHECK(gone.call == CallKind::publish);
  CHECK(gone.placement == "p-7");
  CHECK(gone.was_ready);
  const std::string sentence = gone.reason.sentence(Lang::en);
  CHECK(sentence.find("org.civicast.test.rogue_crash_publish 1.0.0") != std::string::npos);
  CHECK(sentence.find("SIGSEGV") != std::string::npos);
  CHECK(sentence.find("publish of placement p-7") != std::string::npos);
  CHECK(gone.reason.detail().find("SIGSEGV in publish of placement p-7") != std::string::npos);
  const Json shown = station.supervisor.snapshot()["one"]["last_fault"];
  CHECK(shown["detail"] == gone.reason.detail());
  CHECK(shown["en"] == sentence);
  CHECK(shown["time"].is_string());
  REQUIRE(station.ready());
  CHECK(station.recorder.ready == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("a hang is killed at its deadline, and named") {
  Station station("rogue_hang_publish");
  REQUIRE(station.ready());
  CHECK(station.ask(CallKind::publish, placement("p-8", "")).verdict == Verdict::unknown);
  REQUIRE(station.gone(1));
  const Fault &reason = station.recorder.gone[0].reason;
  CHECK(reason.is(faults::worker_late));
  CHECK(reason.sentence(Lang::en).find("publish of placement p-8 within 500 ms") !=
        std::string::npos);
  CHECK(station.ready());
}

TEST_CASE("a call that waits behind one that kills the worker was never sent") {
  Station station("rogue_crash_publish");
  REQUIRE(station.ready());
  std::vector<Verdict> verdicts;
  for (const char *id : {"a", "b"})
    station.supervisor.call(
        "one", CallKind::publish, placement(id, ""),
        [&](const wire::Answer &answer) { verdicts.push_back(answer.verdict); });
  REQUIRE(step_until(station.supervisor, [&] { return verdicts.size() == 2; }));
  CHECK(verdicts == std::vector<Verdict>{Verdict::unknown, Verdict::later});
}

TEST_CASE(
    "facts that the contract does not allow are refused, a proof that is none is kept as such") {
  Station station("rogue_liar_malformed");
  REQUIRE(station.ready());
  CHECK(station.ask(CallKind::publish, placement("p", "")).verdict == Verdict::done);
  REQUIRE(station.recorder.facts.size() == 1);
  CHECK(station.recorder.facts[0].placement == "p");
  CHECK(station.recorder.facts[0].proof == R"({"unreadable":"{not json"})");
}

TEST_CASE("a flood of lines and facts is bounded, and no fact of it is lost") {
  Station station("rogue_flood");
  REQUIRE(station.ready());
  CHECK(station.ask(CallKind::publish, placement("p", "")).verdict == Verdict::done);
  CHECK(station.recorder.facts.size() == 2001);
  for (const std::string &line : station.recorder.lines) CHECK(line.size() < 2100);
  CHECK(station.recorder.lines.size() < 1000);
}

TEST_CASE("a plugin that exits as soon as it is loaded is tried again and again") {
  Station station("rogue_exit_now");
  REQUIRE(station.gone(4));
  CHECK(station.recorder.ready.empty());
  CHECK(station.recorder.gone[3].epoch == 4);
  CHECK_FALSE(station.recorder.gone[0].was_ready);
  CHECK(station.recorder.gone[0].reason.sentence(Lang::en).find("exit status 0") !=
        std::string::npos);
}

TEST_CASE("settings that the plugin refuses are told as its reason, and tried again") {
  Station station("echo", {{"refuse_open", true}});
  REQUIRE(station.gone(2));
  CHECK(station.recorder.gone[0].reason.is(faults::worker_not_opened));
  CHECK(station.recorder.gone[0].reason.sentence(Lang::en).find(
            "The settings say so. (/refuse_open)") != std::string::npos);
}

TEST_CASE("settings against the manifest never reach the plugin") {
  TempFolder folder;
  Recorder recorder;
  Supervisor supervisor(recorder);
  WorkerSpec spec = spec_of("echo", folder / "state");
  spec.settings = {{"delay_ms", "soon"}};
  const auto added = supervisor.add(spec);
  REQUIRE_FALSE(added);
  CHECK(added.fault().front().where() == "/delay_ms");
}

TEST_CASE("facts that the host cannot take come again, once it can, before anything after them") {
  Station station("echo");
  station.recorder.takes_facts = false;
  REQUIRE(station.ready());
  bool is_done = false;
  station.supervisor.call("one", CallKind::publish, placement("p", "air"),
                          [&](const wire::Answer &) { is_done = true; });
  station.supervisor.poll(300);
  CHECK_FALSE(is_done);
  CHECK(station.recorder.facts.empty());
  station.recorder.takes_facts = true;
  REQUIRE(step_until(station.supervisor, [&] { return is_done; }));
  CHECK(station.recorder.facts.size() == 1);
}

TEST_CASE("facts not acked before a death come again after it, before the plugin is ready") {
  Station station("echo");
  REQUIRE(station.ready());
  station.recorder.takes_facts = false;
  station.supervisor.call("one", CallKind::publish, placement("p", "air"), [](const auto &) {});
  const auto outbox = station.folder / "state" / "outbox";
  REQUIRE(step_until(station.supervisor, [&] { return std::filesystem::file_size(outbox) > 24; }));
  ::kill(station.supervisor.snapshot()["one"]["pid"].get<pid_t>(), SIGKILL);
  REQUIRE(station.gone(1));
  station.recorder.takes_facts = true;
  REQUIRE(station.ready());
  REQUIRE(station.recorder.facts.size() == 1);
  CHECK(station.recorder.facts[0].placement == "p");
  CHECK(station.recorder.origins[0].epoch == 2);
}

TEST_CASE("an epoch is never used twice, also by another supervisor") {
  TempFolder folder;
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
    Recorder recorder;
    Supervisor supervisor(recorder, hasty());
    REQUIRE(supervisor.add(spec_of("echo", folder / "state")));
    REQUIRE(step_until(supervisor, [&] { return supervisor.is_ready("one"); }));
    CHECK(recorder.ready == std::vector<std::uint64_t>{epoch});
    supervisor.stop();
    REQUIRE(recorder.gone.size() == 1);
    CHECK(recorder.gone[0].is_wanted);
    CHECK(recorder.gone[0].reason.is(faults::worker_stopped));
  }
}

TEST_CASE("stopping ends a worker that hangs") {
  Pace pace = hasty();
  pace.bye_ms = pace.term_ms = 50;
  Station station("rogue_hang_publish", Json::object(), pace);
  REQUIRE(station.ready());
  std::optional<Verdict> verdict;
  station.supervisor.call("one", CallKind::publish, placement("p", ""),
                          [&](const wire::Answer &answer) { verdict = answer.verdict; });
  const auto pid = station.supervisor.snapshot()["one"]["pid"].get<pid_t>();
  station.supervisor.stop();
  // UNKNOWN if the worker had it, LATER if a status call was still before it.
  REQUIRE(verdict);
  CHECK((verdict == Verdict::unknown || verdict == Verdict::later));
  CHECK(::kill(pid, 0) == -1);
}

TEST_CASE("one channel's crashes do not touch another's") {
  TempFolder folder;
  Recorder recorder;
  Supervisor supervisor(recorder, hasty());
  REQUIRE(supervisor.add(spec_of("rogue_crash_publish", folder / "bad")));
  WorkerSpec good = spec_of("echo", folder / "good");
  good.channel = "two";
  REQUIRE(supervisor.add(good));
  REQUIRE(step_until(supervisor,
                     [&] { return supervisor.is_ready("one") && supervisor.is_ready("two"); }));
  supervisor.call("one", CallKind::publish, placement("p", ""), [](const auto &) {});
  std::optional<Verdict> verdict;
  supervisor.call("two", CallKind::publish, placement("p", "air"),
                  [&](const wire::Answer &answer) { verdict = answer.verdict; });
  REQUIRE(step_until(supervisor, [&] { return verdict && !recorder.gone.empty(); }));
  CHECK(verdict == Verdict::done);
  CHECK(supervisor.snapshot()["two"]["restarts"] == 0);
  CHECK(supervisor.snapshot()["one"]["restarts"] == 1);
}

TEST_CASE("the newest status of the plugin is in the snapshot") {
  Station station("echo");
  REQUIRE(station.ready());
  station.ask(CallKind::publish, placement("p", "air"));
  REQUIRE(step_until(station.supervisor, [&] {
    return station.supervisor.snapshot()["one"]["status"] == Json({{"published", 1}});
  }));
}

TEST_CASE("a worker's files are its owner's alone") {
  Station station("echo", {{"token", "secret"}});
  REQUIRE(station.ready());
  station.ask(CallKind::publish, placement("p", "air"));
  struct stat facts {};
  for (const char *name : {"outbox", "journal", "epoch"}) {
    REQUIRE(::stat((station.folder / "state" / name).c_str(), &facts) == 0);
    CHECK((facts.st_mode & 077) == 0);
  }
}

TEST_CASE("a worker that is stopped before it said hello ends in peace") {
  Station station("echo");
  REQUIRE(step_until(station.supervisor,
                     [&] { return station.supervisor.snapshot()["one"]["state"] == "starting"; }));
  station.supervisor.stop();
  REQUIRE(station.recorder.gone.size() == 1);
  CHECK(station.recorder.gone[0].reason.is(faults::worker_stopped));
}

TEST_CASE("a worker that does not finish open is killed at that limit, and named") {
  Station station("rogue_hang_open");
  REQUIRE(station.gone(1));
  CHECK(station.recorder.gone[0].reason.is(faults::worker_late));
  CHECK(station.recorder.gone[0].reason.sentence(Lang::en).find(
            "did not finish open within 500 ms") != std::string::npos);
}
