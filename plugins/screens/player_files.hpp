// SPDX-License-Identifier: Apache-2.0
// The player page's files, by name ("index.html"), as they were when the plugin was built.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace civicast::screens {

const std::map<std::string, std::string_view, std::less<>> &player_files();

}  // namespace civicast::screens
