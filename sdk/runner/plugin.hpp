// SPDX-License-Identifier: Apache-2.0
// The plugin's binary, loaded for good: a library is never unloaded, the process ends instead.
#pragma once

#include <filesystem>
#include <string>

#include "civicast/channel.h"
#include "sdk/base/result.hpp"

namespace civicast::runner {

struct Plugin {
  std::string id, version;
  int abi_minor = 0;  ///< the least that it can live with; this runner's is as high
  const civ_channel_api *api = nullptr;  ///< whole: no member is null
};

/// Reads <folder>/plugin.json; refuses a plugin of a later minor before it loads its code; loads
/// it and compares the two.
Result<Plugin> load_plugin(const std::filesystem::path &folder);

}  // namespace civicast::runner
