// SPDX-License-Identifier: Apache-2.0
// Which processes of a folder's channels live.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace civicast::test {

/// "4711 civicast-runner" of each process, but zombies, that works in `folder` or was started for
/// a channel there.
std::vector<std::string> processes_of(const std::filesystem::path &folder);

}  // namespace civicast::test
