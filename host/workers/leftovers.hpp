// SPDX-License-Identifier: Apache-2.0
// Processes that a plugin started and that left its process group: a kill of the group misses them.
#pragma once

#include <filesystem>
#include <set>

namespace civicast::workers {

/// Kills every process of this user that was started for a channel whose folder is among
/// `state_dirs` (it carries the folder in its environment, as all that a worker starts do unless
/// they hide it). How many there were.
std::size_t kill_leftovers(const std::set<std::filesystem::path> &state_dirs);

/// Whether a process holds the lock by which a worker claims `state_dir`.
bool is_claimed(const std::filesystem::path &state_dir);

}  // namespace civicast::workers
