// SPDX-License-Identifier: Apache-2.0
// What sdk/README.md shows is what is compiled and run here, letter by letter.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <sstream>

#include "sdk/base/clock.hpp"
#include "tests/sdk/far_side.hpp"
#include "tests/sdk/workshop.hpp"

using namespace civicast;
using namespace civicast::test;
using wire::CallKind;
using wire::Verdict;
namespace fs = std::filesystem;

namespace {

/// The tutorial's files in a folder, and what comes of them.
struct Lesson {
  Lesson() {
    ::setenv("no_proxy", "127.0.0.1", 1);  // as the worker inherits it
    for (const auto &[name, text] : files_shown_in(tutorial())) write_text(folder / name, text);
    built = build(folder / "", sdk.prefix());
  }
  fs::path plugin() const { return folder / "build/plugins/post"; }

  Installed sdk{"sdk"};
  TempFolder folder;
  Ran built;
};

const Lesson &lesson() {
  static const Lesson one;
  return one;
}

/// The tutorial's channel, in the installed runner.
struct Running {
  explicit Running(const std::string &endpoint) : supervisor(recorder, hasty()) {
    INFO(lesson().built.output);
    REQUIRE(lesson().built.status == 0);
    const auto added = supervisor.add(spec(endpoint));
    REQUIRE(added);
    REQUIRE(step_until(supervisor, [this] { return supervisor.is_ready("one"); }));
  }
  ~Running() { supervisor.stop(); }

  workers::WorkerSpec spec(const std::string &endpoint) const {
    workers::WorkerSpec out;
    out.channel = "one";
    out.plugin_dir = lesson().plugin();
    out.state_dir = state / "one";
    out.runner = lesson().sdk.bin("civicast-runner");
    out.settings = {{"endpoint", endpoint}, {"token", "let-me-in"}};
    return out;
  }
  void start(CallKind kind, const std::string &id, const std::string &text = "讲文明，树新风") {
    wire::Placement placement;
    placement.id = id;
    placement.start_ns = placement.end_ns = SystemClock().now_ns();
    placement.body = Json{{"kind", "placement"}, {"text", {{"zh", text}, {"en", ""}}}}.dump();
    supervisor.call("one", kind, placement,
                    [this](const wire::Answer &a) { answers.push_back(a); });
  }
  wire::Answer ask(CallKind kind, const std::string &id,
                   const std::string &text = "讲文明，树新风") {
    const std::size_t before = answers.size();
    start(kind, id, text);
    REQUIRE(step_until(supervisor, [&] { return answers.size() > before; }));
    return answers.back();
  }

  TempFolder state;
  Recorder recorder;
  std::vector<wire::Answer> answers;
  workers::Supervisor supervisor;
};

/// The tutorial's own far side, a Python program.
class PythonFarSide {
 public:
  PythonFarSide() {
    const std::string output = folder_ / "output", program = lesson().folder / "far_side.py";
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT, 0600);
    const std::vector<const char *> argv = {"python3", program.c_str(), "0", nullptr};
    const int error = ::posix_spawnp(&pid_, "python3", &actions, nullptr,
                                     const_cast<char *const *>(argv.data()), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    REQUIRE(error == 0);
    for (int round = 0; round < 6000 && lines().empty(); ++round)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));  // until it listens
    REQUIRE_FALSE(lines().empty());
  }
  ~PythonFarSide() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  /// The first is its address; then one a post.
  std::vector<std::string> lines() const {
    std::istringstream all(read_text(folder_ / "output"));
    std::vector<std::string> out;
    for (std::string line; std::getline(all, line) && !all.eof();) out.push_back(line);
    return out;
  }

 private:
  TempFolder folder_;
  pid_t pid_ = -1;
};

bool is_code(std::string line) {
  line.erase(0, line.find_first_not_of(" \t"));
  return !line.empty() && line.rfind("//", 0) != 0;
}

}  // namespace

TEST_CASE("the tutorial's plugin has fewer than 60 lines of code", "[tutorial]") {
  std::istringstream lines(files_shown_in(tutorial()).at("post.cpp"));
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(line.size() <= 120);
    count += is_code(line);
  }
  CHECK(count > 0);
  CHECK(count < 60);
}

TEST_CASE("the tutorial's channel keeps to the contract at every level", "[tutorial]") {
  REQUIRE(lesson().built.status == 0);
  const Ran checked =
      run({lesson().sdk.bin("civicast"), "plugin", "check", lesson().plugin().string()},
          lesson().folder / "");
  INFO(checked.output);
  CHECK(checked.status == 0);
  CHECK(checked.output.find(" passed, 0 failed, 0 warned") != std::string::npos);
}

TEST_CASE("the tutorial as it stands posts once, and its fact comes back", "[tutorial]") {
  PythonFarSide far;
  Running channel(far.lines().front());
  CHECK(channel.ask(CallKind::check, "one").verdict == Verdict::done);
  CHECK(far.lines().size() == 1);  // a check posts nothing
  CHECK(channel.ask(CallKind::publish, "one").verdict == Verdict::done);
  REQUIRE(channel.recorder.facts.size() == 1);
  const wire::Fact aired = channel.recorder.facts.front();
  CHECK(aired.fact == wire::FactKind::aired);
  CHECK(aired.evidence == wire::Evidence::reported);
  CHECK(aired.status == wire::Status::aired_without_discrepancy);
  CHECK(aired.placement == "one");
  CHECK(aired.remote == far.lines().front() + "/one");

  CHECK(channel.ask(CallKind::publish, "one").verdict == Verdict::done);
  CHECK(channel.ask(CallKind::recall, "one").verdict == Verdict::done);
  CHECK(channel.ask(CallKind::recall, "two").verdict == Verdict::refused);
  CHECK(channel.recorder.facts.size() == 3);
  for (const wire::Fact &again : channel.recorder.facts) CHECK(again.remote == aired.remote);
  REQUIRE(far.lines().size() == 2);
  CHECK(far.lines().back() == R"(posted one {"text":{"en":"","zh":"讲文明，树新风"}})");
}

TEST_CASE("a worker killed before the answer came posts no second time", "[tutorial]") {
  std::atomic<bool> is_there{false};
  FarSide far([&is_there](const FarRequest &request) {
    FarAnswer answer{is_there ? 200 : 404, {"Location: https://example.org/17"}, "", {}};
    if (request.method == "POST") {
      is_there = true;  // it posts, and its answer never comes
      answer.end = FarAnswer::End::silence;
    }
    return answer;
  });
  Running channel(far.url());
  channel.start(CallKind::publish, "one");
  REQUIRE(step_until(channel.supervisor, [&] { return far.requests().size() == 1; }));
  REQUIRE(::kill(channel.supervisor.snapshot()["one"]["pid"].get<int>(), SIGKILL) == 0);
  REQUIRE(step_until(channel.supervisor, [&] { return channel.recorder.ready.size() == 2; }));
  REQUIRE(channel.answers.size() == 1);
  CHECK(channel.answers.front().verdict == Verdict::unknown);
  CHECK(channel.recorder.facts.empty());

  CHECK(channel.ask(CallKind::recall, "one").verdict == Verdict::done);
  REQUIRE(channel.recorder.facts.size() == 1);
  CHECK(channel.recorder.facts.front().remote == "https://example.org/17");
  REQUIRE(far.requests().size() == 2);
  CHECK(far.requests().back().method == "GET");
  CHECK(far.requests().back().target == "/posts/one");
}

TEST_CASE("what the far side answers becomes the verdict that the tutorial promises",
          "[tutorial]") {
  FarSide far([](const FarRequest &) { return FarAnswer{}; });
  Running channel(far.url());
  const auto verdict = [&](const FarAnswer &answer) {
    far.answer_from_now_on(answer);
    return channel.ask(CallKind::publish, "one");
  };
  const auto is = [](const wire::Answer &answer, Verdict wanted, const std::string &at) {
    REQUIRE_FALSE(answer.notes.empty());
    INFO(answer.notes.front().message);
    CHECK(answer.verdict == wanted);
    CHECK(answer.notes.front().at == at);
  };
  is(verdict({401, {}, "who are you", {}}), Verdict::unready, "/token");
  is(verdict({403, {}, "not you", {}}), Verdict::unready, "/token");
  is(verdict({500, {}, "oh", {}}), Verdict::unknown, "");
  is(verdict({200, {}, "", FarAnswer::End::cut}), Verdict::unknown, "");

  const wire::Answer refused = verdict({422, {}, "文字含有禁用词", {}});
  is(refused, Verdict::refused, "");
  CHECK(refused.notes.front().message.find("文字含有禁用词") != std::string::npos);
  for (const int status : {429, 503}) {
    const wire::Answer later = verdict({status, {"Retry-After: 7"}, "busy", {}});
    is(later, Verdict::later, "");
    CHECK(later.notes.front().retry_after_ms == 7'000);
  }
  CHECK(channel.recorder.facts.empty());

  REQUIRE_FALSE(far.requests().empty());
  for (const FarRequest &request : far.requests()) {
    CHECK(request.method == "POST");
    CHECK(request.headers.at("idempotency-key") == "one");
    CHECK(request.headers.at("authorization") == "Bearer let-me-in");
    CHECK(request.headers.at("content-type") == "application/json");
  }
}

TEST_CASE("a far side that never answers leaves a post unknown", "[tutorial]") {
  FarSide far([](const FarRequest &) { return FarAnswer{200, {}, "", FarAnswer::End::silence}; });
  Running channel(far.url());
  CHECK(channel.ask(CallKind::publish, "one").verdict == Verdict::unknown);
  CHECK(channel.recorder.facts.empty());
  CHECK(far.requests().size() == 1);
}

TEST_CASE("a far side that cannot be reached is tried later, and asked later", "[tutorial]") {
  std::string url;
  {
    const FarSide gone([](const FarRequest &) { return FarAnswer{}; });
    url = gone.url();
  }
  Running channel(url);
  CHECK(channel.ask(CallKind::publish, "one").verdict == Verdict::later);
  CHECK(channel.ask(CallKind::recall, "one").verdict == Verdict::later);
}

TEST_CASE("only 404 says that a post was never heard of", "[tutorial]") {
  FarSide far([](const FarRequest &) { return FarAnswer{}; });
  Running channel(far.url());
  far.answer_from_now_on({404, {}, "", {}});
  CHECK(channel.ask(CallKind::recall, "a/b c").verdict == Verdict::refused);
  CHECK(far.requests().back().target == "/posts/a%2Fb%20c");
  for (const int status : {301, 400, 401, 410, 429, 500, 503}) {
    INFO(status);
    far.answer_from_now_on({status, {}, "", {}});
    CHECK(channel.ask(CallKind::recall, "one").verdict == Verdict::later);
  }
  far.answer_from_now_on({200, {}, "", FarAnswer::End::cut});
  CHECK(channel.ask(CallKind::recall, "one").verdict == Verdict::later);
  CHECK(channel.recorder.facts.empty());
  far.answer_from_now_on({200, {"Last-Modified: Wed, 01 Jul 2026 08:00:00 GMT"}, "", {}});
  CHECK(channel.ask(CallKind::recall, "one").verdict == Verdict::done);
  REQUIRE(channel.recorder.facts.size() == 1);
  CHECK(channel.recorder.facts.front().start_ns == 1'782'892'800 * ns_per_s);
}

TEST_CASE("a placement without Chinese text is refused and never sent", "[tutorial]") {
  FarSide far([](const FarRequest &) { return FarAnswer{}; });
  Running channel(far.url());
  for (const CallKind kind : {CallKind::check, CallKind::publish}) {
    const wire::Answer answer = channel.ask(kind, "one", "");
    CHECK(answer.verdict == Verdict::refused);
    REQUIRE(answer.notes.size() == 1);
    CHECK(answer.notes.front().at == "/text/zh");
  }
  CHECK(far.requests().empty());
}

TEST_CASE("the host refuses settings that the tutorial's manifest does not allow", "[tutorial]") {
  const auto manifest = workers::read_manifest(lesson().plugin());
  REQUIRE(manifest);
  const auto at = [&](const Json &settings) {
    const auto typed = workers::typed_settings(*manifest, settings);
    return typed ? std::string("fits") : typed.fault().front().where();
  };
  CHECK(at({{"endpoint", "http://127.0.0.1:8000/posts"}, {"token", "let-me-in"}}) == "fits");
  CHECK(at({{"token", "let-me-in"}}) == "/endpoint");
  CHECK(at({{"endpoint", "file:///etc/passwd"}, {"token", "let-me-in"}}) == "/endpoint");
  CHECK(at({{"endpoint", "https://example.org"}, {"token", ""}}) == "/token");
  CHECK(at(Json::parse(files_shown_in(tutorial()).at("settings.json"))) == "fits");
}

TEST_CASE("the tutorial's channel, grid and target fit into the sample station", "[tutorial]") {
  const auto shown = files_shown_in(tutorial());
  const TempFolder folder;
  const fs::path station = folder / "station";
  fs::copy(CIVICAST_SAMPLE, station, fs::copy_options::recursive);
  const auto insert = [&](const std::string &file, const std::string &before,
                          const std::string &text) {
    std::string all = read_text(station / file);
    REQUIRE(all.find(before) != std::string::npos);
    write_text(station / file, all.insert(all.find(before), text));
  };
  const auto check = [&] {
    return run({lesson().sdk.bin("civicast"), "station", "check", station}, station);
  };
  insert("channels.xml", "</channels>", shown.at("channel.xml"));
  CHECK(check().status != 0);  // a channel without a day
  write_text(station / "grids/weibo.xml", shown.at("grid.xml"));
  insert("campaigns.xml", "<target ", shown.at("target.xml"));
  const Ran checked = check();
  INFO(checked.output);
  CHECK(checked.status == 0);
}
