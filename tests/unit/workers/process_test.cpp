// SPDX-License-Identifier: Apache-2.0
#include "host/workers/process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <regex>

#include "sdk/wire/frame.hpp"
#include "tests/plugins/harness.hpp"

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 forgot to say so itself
}

using namespace civicast;
using workers::Process;

namespace {

Process spawned(const test::TempFolder &folder, const char *plugin = "echo") {
  std::filesystem::create_directories(folder / "state");
  const auto plugin_dir = std::filesystem::path(CIVICAST_TEST_PLUGINS) / plugin;
  auto process =
      Process::spawn({{CIVICAST_RUNNER, plugin_dir.string()}, plugin_dir, folder / "state", 0, 0});
  REQUIRE(process);
  return std::move(*process);
}

workers::Ending ended(Process &process) {
  pollfd entry{process.pidfd(), POLLIN, 0};
  REQUIRE(::poll(&entry, 1, 60'000) == 1);
  const auto ending = process.reap();
  REQUIRE(ending);
  return *ending;
}

bool can_send(const Process &process, const std::string &bytes) {
  return ::send(process.socket(), bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0;
}

}  // namespace

TEST_CASE("a worker whose host is gone ends by itself") {
  const test::TempFolder folder;
  Process process = spawned(folder);
  process.close_socket();
  CHECK(ended(process).is_clean);
}

TEST_CASE("two workers never have one channel's folder") {
  const test::TempFolder folder;
  Process first = spawned(folder);
  // Its hello: it has the lock.
  pollfd entry{first.socket(), POLLIN, 0};
  REQUIRE(::poll(&entry, 1, 60'000) == 1);
  Process second = spawned(folder);
  CHECK(ended(second).how == "exit status 1");
  CHECK(::kill(first.pid(), 0) == 0);
}

TEST_CASE("a worker knows of the host's environment only what it needs") {
  ::setenv("CIVICAST_TEST_SECRET", "hush", 1);
  const test::TempFolder folder;
  Process process = spawned(folder);
  pollfd entry{process.socket(), POLLIN, 0};
  REQUIRE(::poll(&entry, 1, 60'000) == 1);
  std::ifstream file("/proc/" + std::to_string(process.pid()) + "/environ");
  const std::string environment{std::istreambuf_iterator<char>(file), {}};
  CHECK(environment.find("HOME=") != std::string::npos);
  CHECK(environment.find("hush") == std::string::npos);
}

TEST_CASE("bytes that are no protocol end a worker, they do not crash it") {
  const test::TempFolder folder;
  std::mt19937 random(3);
  const std::string texts[] = {R"({"call":"publish","id":1})",
                               R"({"acked":-1})",
                               "[]",
                               "{",
                               R"({"welcome":1,"epoch":1,"acked":0,"open":5})",
                               R"({"call":"status","id":1})",
                               R"({"call":"recall","id":2})"};
  for (int round = 0; round < 12; ++round) {
    Process process = spawned(folder);
    for (int i = 0; i < 20; ++i) {
      std::string bytes = wire::frame(texts[random() % std::size(texts)]);
      if (random() % 3 == 0) bytes[random() % bytes.size()] = static_cast<char>(random());
      if (!can_send(process, bytes)) break;
    }
    process.close_socket();
    const workers::Ending ending = ended(process);
    CAPTURE(ending.how);
    CHECK(ending.how.find("signal") == std::string::npos);
  }
}

TEST_CASE("a worker is bound: memory, files, no core, no new privileges, a group of its own") {
  const test::TempFolder folder;
  std::filesystem::create_directories(folder / "state");
  const auto plugin_dir = std::filesystem::path(CIVICAST_TEST_PLUGINS) / "echo";
  auto spawned_one = Process::spawn(
      {{CIVICAST_RUNNER, plugin_dir.string()}, plugin_dir, folder / "state", 512, 200});
  REQUIRE(spawned_one);
  pollfd entry{spawned_one->socket(), POLLIN, 0};
  REQUIRE(::poll(&entry, 1, 60'000) == 1);
  const auto text = [&](const char *name) {
    std::ifstream file("/proc/" + std::to_string(spawned_one->pid()) + "/" + name);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const std::string status = text("status"), limits = text("limits");
  CHECK(status.find("NoNewPrivs:\t1") != std::string::npos);
  CHECK(status.find("Umask:\t0077") != std::string::npos);
  CHECK(std::regex_search(limits, std::regex("Max core file size +0 +0 ")));
  CHECK(std::regex_search(limits, std::regex("Max open files +200 +200 ")));
#if !defined(__SANITIZE_ADDRESS__)
  CHECK(std::regex_search(limits, std::regex("Max data size +536870912 +536870912 ")));
#endif
  CHECK(::getpgid(spawned_one->pid()) == spawned_one->pid());
}

TEST_CASE("a worker that ended takes with it what it left in its group") {
  const test::TempFolder folder;
  std::filesystem::create_directories(folder / "state");
  auto shell = Process::spawn({{"/bin/sh", "-c", "sleep 1000 & echo $! >&3; exit 7"},
                               folder / "state",
                               folder / "state",
                               0,
                               0});
  REQUIRE(shell);
  pollfd said{shell->socket(), POLLIN, 0};
  REQUIRE(::poll(&said, 1, 60'000) == 1);
  char text[32] = {};
  REQUIRE(::read(shell->socket(), text, sizeof text - 1) > 0);
  const int child = ::pidfd_open(std::atoi(text), 0);
  REQUIRE(child >= 0);
  CHECK(ended(*shell).how == "exit status 7");
  pollfd gone{child, POLLIN, 0};
  CHECK(::poll(&gone, 1, 60'000) == 1);
  ::close(child);
}
