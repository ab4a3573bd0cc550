// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <system_error>

#include "host/rules/rules.hpp"

namespace civicast::rules {

namespace fs = std::filesystem;

fs::path installed_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return program.parent_path().parent_path() / "share" / "civicast" / "rules";
}

std::vector<std::string> ids_in(const fs::path &folder) {
  std::vector<std::string> ids;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".xml") ids.push_back(entry.path().stem().string());
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace civicast::rules
