// SPDX-License-Identifier: Apache-2.0
// A worker that uses none of our code keeps the contract: the wire's page is enough.
#include "tests/unit/notice/notice.hpp"

using namespace civicast;
using namespace civicast::test;
using wire::CallKind;
using wire::FactKind;
using wire::Verdict;

namespace {

constexpr std::int64_t an_hour_ns = 3'600'000'000'000;

}  // namespace

TEST_CASE("a post is accepted, put up at its time as a file, and told as it was") {
  NoticeBoard board;
  const std::int64_t due_ns = now_ns() + 300'000'000;
  CHECK(board.ask(CallKind::check, post("p-1", due_ns)).verdict == Verdict::done);
  CHECK(board.recorder.facts.empty());
  CHECK(board.ask(CallKind::publish, post("p-1", due_ns)).verdict == Verdict::done);
  CHECK(board.said("p-1", FactKind::accepted).size() == 1);
  REQUIRE(board.hears("p-1", FactKind::aired));
  const wire::Fact aired = board.said("p-1", FactKind::aired).front();
  CHECK(aired.start_ns >= due_ns);
  CHECK(aired.status == wire::Status::aired_without_discrepancy);
  CHECK(aired.remote == "p-1.txt");
  CHECK(board.file("p-1.txt") == "文明公约\nConvention\n\n讲文明 <树新风>\n");
}

TEST_CASE("a page escapes what it shows, and everybody may read it") {
  NoticeBoard board("html");
  board.ask(CallKind::publish, post("p-1", now_ns()));
  REQUIRE(board.hears("p-1", FactKind::aired));
  CHECK(board.file("p-1.html").find("<p>讲文明 &lt;树新风&gt;</p>") != std::string::npos);
  CHECK(board.is_public("p-1.html"));
}

TEST_CASE("handed again, before and after its time, a post is no second one") {
  NoticeBoard board;
  const wire::Placement again = post("p-1", now_ns());
  board.ask(CallKind::publish, again);
  REQUIRE(board.hears("p-1", FactKind::aired));
  CHECK(board.ask(CallKind::publish, again).verdict == Verdict::done);
  CHECK(board.ask(CallKind::recall, again).verdict == Verdict::done);
  const auto told = board.said("p-1", FactKind::aired);
  REQUIRE(told.size() == 3);
  CHECK(told[1] == told[0]);
  CHECK(told[2] == told[0]);
  CHECK(board.files() == std::set<std::string>{"p-1.txt"});
}

TEST_CASE("a post is taken back before its time, and not after") {
  NoticeBoard board;
  board.ask(CallKind::publish, post("later", now_ns() + an_hour_ns));
  CHECK(board.ask(CallKind::withdraw, post("later", 0)).verdict == Verdict::done);
  CHECK(board.said("later", FactKind::withdrawn).size() == 1);
  CHECK(board.ask(CallKind::recall, post("later", 0)).verdict == Verdict::done);
  CHECK(board.said("later", FactKind::withdrawn).size() == 2);

  board.ask(CallKind::publish, post("now", now_ns()));
  REQUIRE(board.hears("now", FactKind::aired));
  CHECK(board.ask(CallKind::withdraw, post("now", 0)).verdict == Verdict::refused);
  CHECK(board.ask(CallKind::withdraw, post("nobody", 0)).verdict == Verdict::refused);
  CHECK(board.ask(CallKind::recall, post("nobody", 0)).verdict == Verdict::refused);
  CHECK(board.files() == std::set<std::string>{"now.txt"});
}

TEST_CASE("what cannot stand on a board is refused with a reason, and where") {
  NoticeBoard board;
  const auto [body, at] = GENERATE(table<std::string, std::string>({
      {R"({})", "/text"},
      {R"({"title":{"zh":""},"text":{"en":5}})", "/text"},
      {R"({"title":"a","text":["b"]})", "/text"},
      {R"({"kind":"filler","title":{"zh":"a"}})", "/kind"},
  }));
  wire::Placement wrong = post("p-1", now_ns());
  wrong.body = body;
  for (const CallKind kind : {CallKind::check, CallKind::publish}) {
    const wire::Answer answer = board.ask(kind, wrong);
    CHECK(answer.verdict == Verdict::refused);
    REQUIRE(answer.notes.size() == 1);
    CHECK(answer.notes.front().at == at);
  }
  CHECK(board.ask(CallKind::publish, post("p-2", now_ns() - an_hour_ns)).verdict ==
        Verdict::refused);
  CHECK(board.recorder.facts.empty());
  CHECK(board.recorder.gone.empty());
}

TEST_CASE("no id leads out of the folder") {
  NoticeBoard board;
  const std::string id = GENERATE(as<std::string>(), "../../evil", "/etc/evil", ".hidden", "公告",
                                  "a\nb", std::string(250, 'x'));
  board.ask(CallKind::publish, post(id, now_ns()));
  REQUIRE(board.hears(id, FactKind::aired));
  CHECK(board.files().size() == 1);
  CHECK(board.said(id, FactKind::aired).front().remote == *board.files().begin());
}

TEST_CASE("it is ready to hand over at any time, and says how it is") {
  NoticeBoard board;
  CHECK(board.ask(CallKind::handover, {}).verdict == Verdict::done);
  const wire::Answer status = board.ask(CallKind::status, {});
  CHECK(status.verdict == Verdict::done);
  CHECK(Json::parse(status.status)["counters"]["held"] == 0);
  CHECK(board.recorder.gone.empty());
}

TEST_CASE(
    "told to end, it ends cleanly, and facts that the host did not take come to the next host") {
  NoticeBoard board;
  board.recorder.takes_facts = false;
  wire::Answer answer;
  board.supervisor.call("one", CallKind::publish, post("p-1", now_ns()),
                        [&](const wire::Answer &said) { answer = said; });
  REQUIRE(step_until(board.supervisor, [&] { return !board.files().empty(); }));
  board.supervisor.stop();
  CHECK(board.recorder.facts.empty());
  REQUIRE(board.recorder.gone.size() == 1);
  CHECK(board.recorder.gone.front().is_wanted);

  board.recorder.takes_facts = true;
  workers::Supervisor next(board.recorder, hasty());
  REQUIRE(next.add(board.spec()));
  REQUIRE(step_until(next, [&] { return next.is_ready("one"); }));
  CHECK(board.said("p-1", FactKind::accepted).size() == 1);
  CHECK(board.said("p-1", FactKind::aired).size() == 1);
}

TEST_CASE("a folder that cannot be used is told as the setting that is wrong") {
  Recorder recorder;
  const TempFolder folder;
  REQUIRE(write_file_atomically(folder / "file", "no folder"));
  workers::Supervisor supervisor(recorder, hasty());
  workers::WorkerSpec spec;
  spec.channel = "one";
  spec.plugin_dir = CIVICAST_NOTICE;
  spec.state_dir = folder / "state";
  spec.settings = {{"folder", (folder / "file/in").string()}, {"format", "txt"}};
  REQUIRE(supervisor.add(spec));
  REQUIRE(step_until(supervisor, [&] { return !recorder.gone.empty(); }));
  CHECK(recorder.gone.front().reason.sentence(Lang::en).find("/folder") != std::string::npos);
}
