// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/kills/traces.hpp"

#include <fstream>

namespace civicast::kills {

namespace fs = std::filesystem;

namespace {

fs::path phase_file(const fs::path &folder, const std::string &channel) {
  return folder / "channels" / channel / "phase";
}

}  // namespace

std::vector<std::pair<std::string, std::int64_t>> handed(const fs::path &folder,
                                                         const std::string &channel) {
  std::vector<std::pair<std::string, std::int64_t>> out;
  std::ifstream in(folder / "handed");
  std::int64_t start_ns = 0;
  for (std::string of, id; in >> of >> id >> start_ns;)
    if (of == channel) out.emplace_back(id, start_ns);
  return out;
}

Doing doing(const fs::path &folder, const std::string &channel) {
  std::ifstream in(phase_file(folder, channel));
  Doing out;
  in >> out.letter >> out.placement;
  return out;
}

void forget_doing(const fs::path &folder, const std::string &channel) {
  // Only over a file that is there: it is the worker that makes it.
  std::fstream(phase_file(folder, channel), std::ios::in | std::ios::out)
      << "s" << std::string(63, ' ');
}

}  // namespace civicast::kills
