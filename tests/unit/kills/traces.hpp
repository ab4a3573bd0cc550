// SPDX-License-Identifier: Apache-2.0
// What a house and its workers leave in their folder for whoever looks after a kill.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace civicast::kills {

/// What was handed to a channel so far, by whichever life of the house: ids and starts.
std::vector<std::pair<std::string, std::int64_t>> handed(const std::filesystem::path &folder,
                                                         const std::string &channel);

/// What the channel's worker was doing last, as the poster writes it down: a letter, 's' for one
/// that has not come so far, and a placement or nothing.
struct Doing {
  char letter = 's';
  std::string placement;
};
Doing doing(const std::filesystem::path &folder, const std::string &channel);
/// From now on, until the next one comes so far, its worker has yet to start.
void forget_doing(const std::filesystem::path &folder, const std::string &channel);

}  // namespace civicast::kills
