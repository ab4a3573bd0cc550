// SPDX-License-Identifier: Apache-2.0
// A new version of a plugin on disk: taken up when a person trusts it and the moment is good.
#include <signal.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "host/workers/faults.hpp"
#include "host/workers/supervisor.hpp"
#include "host/workers/trust.hpp"
#include "tests/plugins/harness.hpp"

using namespace civicast;
using namespace civicast::test;
using namespace civicast::workers;
namespace fs = std::filesystem;

namespace {

/// A plugins folder of its own, in which one version of echo replaces the other.
struct House {
  House() : supervisor(recorder, hasty()) {
    install("echo");
    trust();
    WorkerSpec spec = spec_of("echo", folder / "state");
    spec.plugin_dir = plugin;
    spec.lock = lock;
    REQUIRE(supervisor.add(spec));
    REQUIRE(until([&] { return supervisor.is_ready("one"); }));
  }
  /// As an installer should: whole, and by a rename, so that what runs keeps its files.
  void install(const std::string &version) {
    const fs::path fresh = folder / "fresh";
    fs::copy(fs::path(CIVICAST_TEST_PLUGINS) / version, fresh, fs::copy_options::recursive);
    fs::remove_all(plugin);
    fs::rename(fresh, plugin);
  }
  void trust() {
    const auto version = identify(plugin);
    REQUIRE(version);
    REQUIRE(write_lock(lock, {{"echo", *version}}));
  }
  bool until(const std::function<bool()> &is_so) { return step_until(supervisor, is_so); }
  std::string version() const { return supervisor.snapshot()["one"]["version"]; }
  bool has_line(const std::string &words) const {
    return std::any_of(recorder.lines.begin(), recorder.lines.end(), [&](const std::string &line) {
      return line.find(words) != std::string::npos;
    });
  }

  TempFolder folder;
  fs::path plugin = folder / "echo", lock = folder / "plugins.lock";
  Recorder recorder;
  Supervisor supervisor;
};

}  // namespace

TEST_CASE("a trusted new version takes the place of the old one, and no call is lost") {
  House house;
  house.install("echo_next");
  house.trust();
  REQUIRE(house.until([&] { return house.supervisor.is_renewable("one"); }));
  CHECK(house.version() == "1.0.0");
  int answers = 0;
  for (int i = 0; i < 5; ++i)
    house.supervisor.call("one", wire::CallKind::publish, placement(std::to_string(i), "air"),
                          [&](const wire::Answer &answer) {
                            CHECK(answer.verdict == wire::Verdict::done);
                            ++answers;
                          });
  house.supervisor.renew("one");
  REQUIRE(house.until([&] { return answers == 5 && house.supervisor.is_ready("one"); }));
  CHECK(house.version() == "1.1.0");
  CHECK(house.recorder.facts.size() == 5);
  REQUIRE(house.recorder.gone.size() == 1);
  CHECK(house.recorder.gone[0].is_wanted);
  CHECK(house.recorder.gone[0].reason.is(faults::worker_renewed));
  CHECK(house.supervisor.snapshot()["one"]["restarts"] == 0);
}

TEST_CASE("a new version that nobody trusts is not run, not even after a death") {
  House house;
  house.install("echo_next");
  house.supervisor.poll(1200);
  CHECK_FALSE(house.supervisor.is_renewable("one"));
  CHECK(house.version() == "1.0.0");
  ::kill(house.supervisor.snapshot()["one"]["pid"].get<pid_t>(), SIGKILL);
  REQUIRE(house.until([&] { return house.has_line("is not the one that was trusted"); }));
  CHECK_FALSE(house.supervisor.is_ready("one"));
  // The person's word is noticed at once, whatever the wait before the next start is.
  house.trust();
  REQUIRE(house.until([&] { return house.supervisor.is_ready("one"); }));
  CHECK(house.version() == "1.1.0");
}

TEST_CASE("a new version that cannot be loaded is not taken up, and the old one goes on") {
  House house;
  house.install("echo_next");
  std::ofstream(house.plugin / "echo_next.so") << "not a library";
  house.trust();
  REQUIRE(house.until([&] { return house.has_line("was not taken up"); }));
  CHECK_FALSE(house.supervisor.is_renewable("one"));
  CHECK(house.supervisor.is_ready("one"));
  CHECK(house.recorder.gone.empty());
}

TEST_CASE("a new version that the settings do not fit is not taken up") {
  House house;
  house.install("echo_next");
  std::ifstream in(house.plugin / "plugin.json");
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  text.replace(text.find("\"required\": []"), 14, "\"required\": [\"token\"]");
  std::ofstream(house.plugin / "plugin.json") << text;
  house.trust();
  REQUIRE(house.until([&] { return house.has_line("\"token\" is required"); }));
  CHECK_FALSE(house.supervisor.is_renewable("one"));
  CHECK(house.supervisor.is_ready("one"));
}
