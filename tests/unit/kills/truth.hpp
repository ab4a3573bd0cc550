// SPDX-License-Identifier: Apache-2.0
// Holds the books of a house against the platform: each post exactly once, each count a post, and
// each unknown with a person.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/far/platform/platform.hpp"

namespace civicast::kills {

/// What became of one channel's placements.
struct Tally {
  int handed = 0, posted = 0, counted = 0;
  int poison = 0;   ///< given up after the second death, and surely not posted
  int unknown = 0;  ///< given to a person
  int unknown_posted = 0;
};

struct Findings {
  std::vector<std::string> wrong;         ///< sentences; empty: all is as it must be
  std::set<std::string> held;             ///< placements that wait for a person
  std::map<std::string, Tally> channels;  ///< by channel
};

/// Of a house that has settled: what is open is held, and says so to a person.
Findings look_at_held(const std::filesystem::path &folder);

/// Of a house that has closed and whose process is gone. `deaths_only`: it was only workers that
/// were killed, so nothing is unknown or given up without one that died with it.
Findings look_at_all(const std::filesystem::path &folder, const far_side::Platform &platform,
                     bool deaths_only);

}  // namespace civicast::kills
