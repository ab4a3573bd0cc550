// SPDX-License-Identifier: Apache-2.0
// From a plugin's manifest to the program that is started for it.
#pragma once

#include <filesystem>

#include "host/workers/manifest.hpp"
#include "host/workers/process.hpp"
#include "sdk/base/result.hpp"

namespace civicast::workers {

struct ProgramPaths {
  std::filesystem::path runner;      ///< civicast-runner
  std::filesystem::path plugin_dir;  ///< holds plugin.json
  std::filesystem::path state_dir;   ///< the channel's own
};

/// `runner plugin_dir` for a binary. For a command its own words: the program is a file in the
/// plugin's folder or else looked up in PATH, and a later word that names a file of the folder
/// becomes that file's path.
Result<Program> program_of(const ProgramPaths &paths, const Manifest &manifest);

}  // namespace civicast::workers
