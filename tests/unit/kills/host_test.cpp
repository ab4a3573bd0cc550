// SPDX-License-Identifier: Apache-2.0
// The heart, for hosts: one that has four channels posting is killed at random moments, begun again
// on the same folder, and killed again. Some workers die with it, some a little later.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

#include "tests/plugins/harness.hpp"
#include "tests/unit/kills/house.hpp"
#include "tests/unit/kills/report.hpp"

using namespace civicast;
using namespace civicast::kills;

namespace {

constexpr int stations = 4;
/// How often a phase is hit depends on the machine: where one was not, more stations are founded.
constexpr int most_stations = 16;
constexpr int kills_of_each = 250;

pid_t start(const std::filesystem::path &folder, const std::string &platform,
            const std::string &what, const std::vector<std::string> &outlive) {
  std::vector<std::string> words = {CIVICAST_KILLS_HOST, folder.string(), platform, what};
  words.insert(words.end(), outlive.begin(), outlive.end());
  std::vector<char *> arguments;
  for (std::string &word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = -1;
  if (::posix_spawn(&pid, CIVICAST_KILLS_HOST, nullptr, nullptr, arguments.data(), environ) != 0)
    throw std::runtime_error("posix_spawn");
  return pid;
}

/// How it ended, as waitpid says it.
int end_of(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

bool ends_well(const std::filesystem::path &folder, const std::string &platform,
               const std::string &what) {
  const int status = end_of(start(folder, platform, what, {}));
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// 'b' before it opened anything, else as HouseOptions::on_stage says.
char stage(const std::filesystem::path &folder) {
  std::ifstream in(folder / "stage");
  char letter = 'b';
  in >> letter;
  return letter;
}

std::string stage_name(char letter) {
  return letter == 'b'   ? "host: before it opened anything"
         : letter == 'o' ? "host: opening its rooms"
         : letter == 't' ? "host: entering facts in the ledger"
         : letter == 'n' ? "host: counting them"
                         : "host: at work";
}

void forget_stage(const std::filesystem::path &folder) {
  std::ofstream(folder / "stage") << 'b';
}

/// Most kills wait until it is at work, however slow the machine is; the others hit its opening.
void live_a_while(const std::filesystem::path &folder, std::mt19937 &random) {
  const bool is_early = random() % 5 == 0;
  const auto longest_us = is_early ? 25'000 : 110'000;
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!is_early && (stage(folder) == 'b' || stage(folder) == 'o') &&
         std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::microseconds(random() % longest_us));
}

std::vector<std::string> some_channels(std::mt19937 &random) {
  std::vector<std::string> out;
  for (const Kind &kind : kinds)
    if (random() % 3 == 0) out.emplace_back(kind.name);
  return out;
}

struct Kills {
  int made = 0;
  std::map<std::string, int> by_phase, by_stage;
};

void kill_hosts(const std::filesystem::path &folder, const far_side::Platform &platform,
                std::mt19937 &random, Kills &kills) {
  for (int i = 0; i < kills_of_each; ++i) {
    forget_stage(folder);
    const pid_t host = start(folder, platform.url(), "run", some_channels(random));
    live_a_while(folder, random);
    ::kill(host, SIGKILL);
    const int status = end_of(host);
    REQUIRE(WIFSIGNALED(status));  // it did not end by itself
    ++kills.by_stage[stage_name(stage(folder))];
    for (const Kind &kind : kinds) {
      ++kills.by_phase[phase(doing(folder, kind.name), platform.wall(kind.name))];
      forget_doing(folder, kind.name);
    }
    if (++kills.made % 100 == 0) std::cout << kills.made << " hosts killed" << std::endl;
  }
}

}  // namespace

TEST_CASE("hosts killed at random points lose no post, double none, and hand each unknown on") {
  keep_folders_in_memory();
  std::mt19937 random(seed());
  Kills kills;
  const auto is_enough = [&](int done) {
    return done >= most_stations || (done >= stations && are_met_often(kills.by_phase));
  };
  for (int station = 0; !is_enough(station); ++station) {
    const far_side::Platform platform(accounts(), temper(random));
    const test::TempFolder folder;
    const auto path = folder / "house";
    found(path);
    kill_hosts(path, platform, random, kills);

    REQUIRE(ends_well(path, platform.url(), "settle"));
    const Findings open = look_at_held(path);
    CHECK(open.wrong.empty());
    REQUIRE(ends_well(path, platform.url(), "close"));
    const Findings found = look_at_all(path, platform, false);
    print(open);
    print(found);
    CHECK(found.wrong.empty());
    CHECK(found.held == open.held);
    for (const auto &[channel, tally] : found.channels) CHECK(tally.counted > 0);
  }
  std::cout << "what the hosts were doing\n";
  print(kills.by_stage);
  std::cout << "what their workers were doing\n";
  print(kills.by_phase);
  CHECK(are_met_often(kills.by_phase));
}
