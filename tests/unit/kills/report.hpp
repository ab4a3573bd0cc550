// SPDX-License-Identifier: Apache-2.0
// What the two laws share: a seed, a place for kills to be counted by what they hit, and words.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>

#include "tests/unit/kills/traces.hpp"
#include "tests/unit/kills/truth.hpp"

namespace civicast::kills {

/// CIVICAST_SEED, or a new one; printed, so that a run can be had again.
inline unsigned seed() {
  const char *given = std::getenv("CIVICAST_SEED");
  const auto chosen =
      given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device()();
  std::cout << "CIVICAST_SEED=" << chosen << std::endl;
  return chosen;
}

/// What is killed here is processes, not machines: what was written stays, synced or not. So the
/// folders may be in memory, where a sync costs nothing and kills come closer together.
inline void keep_folders_in_memory() {
  if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 0);
}

inline far_side::Temper temper(std::mt19937 &random) {
  far_side::Temper out;
  out.longest_pause_ms = 12;
  out.lost_of_1000 = 20;
  out.seed = static_cast<std::uint32_t>(random());
  return out;
}

/// The platform's accounts, as the channels need them.
inline std::map<std::string, far_side::Manner> accounts() {
  return {{"idempotent", far_side::Manner::idempotent},
          {"once", far_side::Manner::once},
          {"blind", far_side::Manner::blind},
          {"mute", far_side::Manner::blind}};
}

/// What a worker was doing when it was killed, for the table of kills.
inline std::string phase(const Doing &doing, const far_side::Wall &wall) {
  switch (doing.letter) {
    case 's':
      return "starting";
    case 'o':
      return "opening";
    case 'i':
      return "idle";
    case 'e':
      return "publish: telling the answer";
    case 'r':
    case 'R':
      return "recall";
    default:
      break;
  }
  switch (wall.reached(doing.placement)) {
    case far_side::Reached::unheard:
    case far_side::Reached::expired:
      return "publish: before the request arrived";
    case far_side::Reached::waiting:
      return "publish: before the post was made";
    case far_side::Reached::created:
      return "publish: made, not answered";
    case far_side::Reached::answered:
      break;
  }
  return "publish: answered, not read";
}

/// The phases that a law must have met often, or chance has left out what matters. The others are
/// too short on some machines.
inline constexpr std::array met_often = {"starting", "idle", "recall",
                                         "publish: before the post was made",
                                         "publish: made, not answered"};

inline bool are_met_often(const std::map<std::string, int> &kills_by_phase) {
  return std::all_of(met_often.begin(), met_often.end(), [&](const char *name) {
    const auto kills = kills_by_phase.find(name);
    return kills != kills_by_phase.end() && kills->second >= 20;
  });
}

inline void print(const std::map<std::string, int> &kills_by_phase) {
  for (const auto &[name, kills] : kills_by_phase)
    std::cout << "  " << kills << "  " << name << '\n';
  std::cout << std::flush;
}

inline void print(const Findings &found) {
  for (const auto &[channel, t] : found.channels)
    std::cout << "  " << channel << ": handed " << t.handed << ", on the platform " << t.posted
              << ", counted " << t.counted << ", given up after two deaths " << t.poison
              << ", unknown to a person " << t.unknown << " (" << t.unknown_posted
              << " of them posted)\n";
  for (std::size_t i = 0; i < found.wrong.size() && i < 20; ++i)
    std::cout << "  WRONG " << found.wrong[i] << '\n';
  std::cout << std::flush;
}

}  // namespace civicast::kills
