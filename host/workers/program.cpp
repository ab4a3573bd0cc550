// SPDX-License-Identifier: Apache-2.0
#include "host/workers/program.hpp"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "host/workers/faults.hpp"

namespace civicast::workers {
namespace fs = std::filesystem;
namespace {

bool is_program(const fs::path &file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

fs::path in_path(const std::string &name) {
  const char *path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (!folder.empty() && is_program(fs::path(folder) / name)) return fs::path(folder) / name;
  return {};
}

/// The file of the plugin's folder that `word` names; empty if it names none. It may not lead out.
fs::path in_folder(const fs::path &folder, const std::string &word) {
  const fs::path relative = fs::path(word).lexically_normal();
  if (relative.is_absolute() || relative.empty() || *relative.begin() == "..") return {};
  std::error_code error;
  const fs::path file = folder / relative;
  return fs::is_regular_file(file, error) ? file : fs::path();
}

Result<fs::path> program_file(const fs::path &folder, const std::string &word) {
  const fs::path own = in_folder(folder, word);
  const bool is_name = word.find('/') == std::string::npos;
  const fs::path file = !own.empty() ? own : is_name ? in_path(word) : fs::path(word);
  if (!is_program(file))
    return Fault(faults::command_missing, {{"folder", folder.string()}, {"program", word}});
  return file;
}

}  // namespace

Result<Program> program_of(const ProgramPaths &paths, const Manifest &manifest) {
  const fs::path folder = fs::absolute(paths.plugin_dir);
  Program out;
  out.plugin_dir = folder;
  out.state_dir = paths.state_dir;
  out.memory_mb = manifest.limits.memory_mb;
  out.open_files = manifest.limits.open_files;
  if (manifest.command.empty()) {
    out.command = {fs::absolute(paths.runner).string(), folder.string()};
    return out;
  }
  Result<fs::path> program = program_file(folder, manifest.command.front());
  if (!program) return program.fault();
  out.command = {program->string()};
  for (std::size_t i = 1; i < manifest.command.size(); ++i) {
    const fs::path own = in_folder(folder, manifest.command[i]);
    out.command.push_back(own.empty() ? manifest.command[i] : own.string());
  }
  return out;
}

}  // namespace civicast::workers
