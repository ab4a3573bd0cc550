// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/scaffold.hpp"

#include <signal.h>

#include <catch2/catch.hpp>

#include "host/workers/manifest.hpp"
#include "tests/sdk/workshop.hpp"
#include "tools/plugin/faults.hpp"

using namespace civicast;
using namespace civicast::test;
namespace fs = std::filesystem;

namespace {

/// A scaffold, made by the installed command line, built and tested by its own script.
struct Stranger {
  Stranger()
      : made(run({sdk.bin("civicast"), "plugin", "new", "org.example.town_square", "--name-zh",
                  "社区“广场”", "--name-en", R"(The "Town" Square)"},
                 folder / "")) {
    if (made.status == 0)
      tested = run({"env", "CIVICAST=" + sdk.prefix().string(), "./ci"}, home());
  }
  fs::path home() const { return folder / "town_square"; }

  Installed sdk{"sdk"};
  TempFolder folder;
  Ran made, tested;
};

const Stranger &stranger() {
  static const Stranger one;
  return one;
}

struct Running {
  Running() : supervisor(recorder, hasty()) {
    workers::WorkerSpec spec;
    spec.channel = "one";
    spec.plugin_dir = stranger().home() / "build/plugins/town_square";
    spec.state_dir = state / "one";
    spec.runner = stranger().sdk.bin("civicast-runner");
    spec.settings = {{"max_characters", 140}};
    const auto added = supervisor.add(spec);
    if (!added) throw std::runtime_error(added.fault().front().text());
    if (!step_until(supervisor, [this] { return supervisor.is_ready("one"); }))
      throw std::runtime_error("the worker is not ready");
  }
  wire::Answer ask(wire::CallKind kind, const std::string &id) {
    wire::Placement placement;
    placement.id = id;
    placement.body = R"({"kind":"placement","text":{"zh":"讲文明，树新风","en":"Good manners"}})";
    std::vector<wire::Answer> answers;
    supervisor.call("one", kind, placement, [&](const wire::Answer &a) { answers.push_back(a); });
    if (!step_until(supervisor, [&] { return !answers.empty(); }))
      throw std::runtime_error("no answer");
    return answers.front();
  }

  TempFolder state;
  Recorder recorder;
  workers::Supervisor supervisor;
};

}  // namespace

TEST_CASE("a new plugin's id, name and folder are checked before anything is written",
          "[scaffold]") {
  const TempFolder folder;
  const fs::path home = folder / "new";
  const auto refused = [&](const std::string &id, const std::string &name) {
    const auto made = plugin::write_scaffold({id, home, name, name});
    CHECK_FALSE(fs::exists(home));
    REQUIRE_FALSE(made);
    CHECK_FALSE(made.fault().sentence(Lang::zh).empty());
    return made.fault();
  };
  for (const char *id :
       {"", "town_square", "org.example.", "org.example.Town", "org.example.9lives", "org..town",
        "org.example.a/b", "org.example.town square", "../org.x",
        "org.example.a_very_long_name_that_nobody_would_want_to_type"}) {
    INFO(id);
    CHECK(refused(id, "").is(plugin::faults::new_id_wrong));
  }
  CHECK(refused("org.example.test", "").is(plugin::faults::new_id_reserved));
  CHECK(refused("org.example.town", "two\nlines").is(plugin::faults::new_name_wrong));
  CHECK(refused("org.example.town", std::string(101, 'x')).is(plugin::faults::new_name_wrong));
}

TEST_CASE("a folder that holds anything is left as it is", "[scaffold]") {
  const TempFolder folder;
  write_text(folder / "mine" / "notes.txt", "mine");
  const auto made = plugin::write_scaffold({"org.example.mine", folder / "mine", "", ""});
  REQUIRE_FALSE(made);
  CHECK(made.fault().is(plugin::faults::new_folder_taken));
  CHECK(std::distance(fs::directory_iterator(folder / "mine"), {}) == 1);
  fs::create_directory(folder / "empty");
  CHECK(plugin::write_scaffold({"org.example.mine", folder / "empty", "", ""}));
}

TEST_CASE("whatever it is called, its manifest is one that the host reads", "[scaffold]") {
  const TempFolder folder;
  for (const char *id : {"org.example.town-square", "cn.chenghua.a", "x1.y2.z_3-4"}) {
    const std::string name = R"(@id@ "\ <&> 社区)";
    const auto made = plugin::write_scaffold({id, folder / id, name, name});
    REQUIRE(made);
    const auto manifest = workers::parse_manifest(read_text(folder / id / "plugin.json"));
    REQUIRE(manifest);
    CHECK(manifest->id == id);
    CHECK(manifest->name.zh == name);
    CHECK(manifest->binary == made->short_name + ".so");
    CHECK(fs::exists(folder / id / (made->short_name + ".cpp")));
    CHECK((fs::status(folder / id / "ci").permissions() & fs::perms::owner_exec) !=
          fs::perms::none);
    for (const std::string &file : made->files) {
      INFO(file);
      const std::string text = read_text(folder / id / file);
      for (const char *mark : {"@short@", "@class@", "@name_zh@", "@json_name_en@"})
        CHECK(text.find(mark) == std::string::npos);
    }
  }
}

TEST_CASE(
    "a fresh scaffold says what comes next, and its CI builds it without a warning and passes",
    "[scaffold]") {
  INFO(stranger().made.output);
  REQUIRE(stranger().made.status == 0);
  CHECK(stranger().made.output.find("CIVICAST=" + stranger().sdk.prefix().string() + " ./ci") !=
        std::string::npos);
  INFO(stranger().tested.output);
  CHECK(stranger().tested.output.find("warning") == std::string::npos);
  CHECK(stranger().tested.output.find("100% tests passed") != std::string::npos);
  CHECK(stranger().tested.status == 0);
}

TEST_CASE("a fresh scaffold's test fails when its channel posts twice", "[scaffold]") {
  REQUIRE(stranger().tested.status == 0);
  const TempFolder folder;
  fs::copy(stranger().home(), folder / "bad", fs::copy_options::recursive);
  fs::remove_all(folder / "bad" / "build");
  std::string source = read_text(folder / "bad" / "town_square.cpp");
  const std::string remembers = "if (known->second.fact == CIV_AIRED) return say(*known);";
  REQUIRE(source.find(remembers) != std::string::npos);
  source.replace(source.find(remembers), remembers.size(), "if (false) return;");
  const std::string refuses = R"(throw Trouble(CIV_REFUSED, "placement.withdrawn")";
  source.replace(source.find(refuses), refuses.size(), "if (false) " + refuses);
  write_text(folder / "bad" / "town_square.cpp", source);
  REQUIRE(build(folder / "bad", stranger().sdk.prefix()).status == 0);
  const Ran tested = ctest(folder / "bad", "conforms");
  INFO(tested.output);
  CHECK(tested.status != 0);
  CHECK(tested.output.find("BROKEN  a placement handed over twice is posted once") !=
        std::string::npos);
}

TEST_CASE("a fresh scaffold airs what it is handed, once, over a death of its worker",
          "[scaffold]") {
  REQUIRE(stranger().tested.status == 0);
  Running channel;
  CHECK(channel.ask(wire::CallKind::publish, "one").verdict == wire::Verdict::done);
  const int pid = channel.supervisor.snapshot()["one"]["pid"].get<int>();
  REQUIRE(::kill(pid, SIGKILL) == 0);
  REQUIRE(step_until(channel.supervisor, [&] { return channel.recorder.ready.size() == 2; }));
  CHECK(channel.ask(wire::CallKind::recall, "one").verdict == wire::Verdict::done);
  CHECK(channel.ask(wire::CallKind::recall, "two").verdict == wire::Verdict::refused);
  CHECK(channel.ask(wire::CallKind::withdraw, "two").verdict == wire::Verdict::done);
  CHECK(channel.ask(wire::CallKind::publish, "two").verdict == wire::Verdict::refused);
  REQUIRE(channel.recorder.facts.size() == 3);
  const auto &facts = channel.recorder.facts;
  CHECK(facts[0].fact == wire::FactKind::aired);
  CHECK(facts[1].start_ns == facts[0].start_ns);
  CHECK(facts[2].fact == wire::FactKind::withdrawn);
  channel.supervisor.stop();
}
