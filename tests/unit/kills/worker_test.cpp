// SPDX-License-Identifier: Apache-2.0
// The heart, for workers: four channels post to a platform, and their workers are killed at random
// moments. The platform's own list is the truth.
#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <vector>

#include "tests/plugins/harness.hpp"
#include "tests/unit/kills/house.hpp"
#include "tests/unit/kills/report.hpp"

using namespace civicast;
using namespace civicast::kills;
using std::chrono::steady_clock;

namespace {

/// Kills that are still to be made, and what those that were made hit.
struct Killer {
  std::map<std::string, int> left = {
      {"idempotent", 1000}, {"once", 1000}, {"blind", 200}, {"mute", 200}};
  std::set<std::string> dying;  ///< killed, and not yet known to be gone
  std::map<std::string, int> by_phase;
  int made = 0;

  /// How often a phase is hit depends on the machine: where one was not, there are more kills.
  bool wants_more() {
    if (all_left() == 0 && !are_met_often(by_phase) && made < 10'000)
      left["idempotent"] = left["once"] = 100;
    return all_left() > 0;
  }
  int all_left() const {
    int sum = 0;
    for (const auto &[channel, kills] : left) sum += kills;
    return sum;
  }
  /// Some channel, those with more kills to come more often; none if what chance chose is dying
  /// already. One that is not ready yet is spared most times: starting is not what it does most.
  std::string choose(const workers::Supervisor &supervisor, std::mt19937 &random) const {
    std::vector<std::string> names;
    std::vector<double> weights;
    for (const auto &[channel, kills] : left) {
      names.push_back(channel);
      weights.push_back(kills);
    }
    const std::string chosen =
        names[std::discrete_distribution<std::size_t>(weights.begin(), weights.end())(random)];
    const bool is_spared = !supervisor.is_ready(chosen) && random() % 4 != 0;
    return is_spared || dying.count(chosen) ? std::string() : chosen;
  }
};

void turn_for(House &house, const Killer &killer, std::int64_t for_us) {
  const auto until = steady_clock::now() + std::chrono::microseconds(for_us);
  do {
    for (const auto &[channel, kills] : killer.left)
      if (kills > 0) house.feed(channel);
    house.turn(2);
  } while (steady_clock::now() < until);
}

}  // namespace

TEST_CASE("workers killed at random points lose no post, double none, and hand each unknown on") {
  keep_folders_in_memory();
  std::mt19937 random(seed());
  const far_side::Platform platform(accounts(), temper(random));
  const test::TempFolder folder;
  const auto path = folder / "house";
  found(path);

  Killer killer;
  HouseOptions options;
  options.folder = path;
  options.platform = platform.url();
  options.on_gone = [&](const workers::Gone &gone) {
    if (killer.dying.erase(gone.channel) == 0) return;  // none of ours
    ++killer.by_phase[phase(doing(path, gone.channel), platform.wall(gone.channel))];
    forget_doing(path, gone.channel);
    --killer.left[gone.channel];
    if (++killer.made % 100 == 0) std::cout << killer.made << " workers killed" << std::endl;
  };
  std::set<std::string> held;
  {
    House house(options);
    const std::int64_t longest_us = 40'000;
    while (killer.wants_more()) {
      turn_for(house, killer, static_cast<std::int64_t>(random()) % longest_us);
      const std::string channel = killer.choose(house.supervisor(), random);
      if (channel.empty()) continue;
      const auto pid = house.supervisor().snapshot()[channel]["pid"].get<pid_t>();
      if (pid <= 0) continue;
      ::kill(pid, SIGKILL);
      killer.dying.insert(channel);
    }
    REQUIRE(house.settle());
    const Findings open = look_at_held(path);
    print(open);
    CHECK(open.wrong.empty());
    held = open.held;
    REQUIRE(house.close());
    house.supervisor().stop();
    house.finish();
  }
  const Findings found = look_at_all(path, platform, true);
  print(killer.by_phase);
  print(found);
  CHECK(found.wrong.empty());
  // Nothing became unknown that was not a person's before.
  CHECK(found.held == held);
  for (const auto &[channel, tally] : found.channels) CHECK(tally.counted > 0);
  CHECK(are_met_often(killer.by_phase));
}
