// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/process_facts.hpp"

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>

#include "sdk/base/disk.hpp"

namespace civicast::kit {
namespace {

std::int64_t entries(const std::filesystem::path &folder) {
  std::error_code error;
  const std::filesystem::directory_iterator all(folder, error);
  return error ? 0 : std::distance(begin(all), end(all));
}

}  // namespace

Holds holds(pid_t pid) {
  const std::filesystem::path proc = "/proc/" + std::to_string(pid);
  Holds out{entries(proc / "fd"), entries(proc / "task"), 0};
  if (const auto status = read_file(proc / "status", 64 * 1024)) {
    const std::size_t at = status->find("RssAnon:");
    if (at != std::string::npos) out.memory_kb = std::atoll(status->c_str() + at + 8);
  }
  return out;
}

}  // namespace civicast::kit
