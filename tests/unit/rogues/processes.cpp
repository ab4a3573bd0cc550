// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/rogues/processes.hpp"

#include <unistd.h>

#include <fstream>

namespace civicast::test {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path &file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::vector<std::string> processes_of(const fs::path &folder) {
  std::vector<std::string> out;
  for (const auto &entry : fs::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    if (pid == std::to_string(::getpid())) continue;
    std::error_code error;
    const std::string works_in = fs::read_symlink(entry.path() / "cwd", error).string();
    const std::string environment = text_of(entry.path() / "environ");
    if (works_in.rfind(folder.string(), 0) == 0 ||
        environment.find("=" + folder.string()) != std::string::npos)
      out.push_back(pid + " " + text_of(entry.path() / "comm"));
  }
  return out;
}

}  // namespace civicast::test
