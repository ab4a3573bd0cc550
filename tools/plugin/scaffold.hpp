// SPDX-License-Identifier: Apache-2.0
// A new plugin's folder: a small channel that works, with its test and its CI, written from
// sdk/template. Everything in it is the author's from then on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sdk/base/result.hpp"

namespace civicast::plugin {

struct NewPlugin {
  std::string id;                ///< "org.example.town_square"
  std::filesystem::path folder;  ///< empty: "town_square" in the working directory
  std::string name_zh, name_en;  ///< for people; empty: made from the id
};

struct Scaffold {
  std::filesystem::path folder;
  std::string short_name;          ///< "town_square": the id's last part
  std::vector<std::string> files;  ///< paths in `folder`, sorted
};

/// Refuses a bad id or name and a folder that holds anything, before it writes anything.
Result<Scaffold> write_scaffold(const NewPlugin &plugin);

}  // namespace civicast::plugin
