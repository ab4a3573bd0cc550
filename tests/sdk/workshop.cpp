// SPDX-License-Identifier: Apache-2.0
#include "tests/sdk/workshop.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace civicast::test {

namespace fs = std::filesystem;

Ran run(const std::vector<std::string> &argv, const fs::path &folder) {
  const TempFolder own;
  const std::string output = own / "output";
  std::vector<char *> words;
  for (const std::string &word : argv) words.push_back(const_cast<char *>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT, 0600);
  ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
  ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, words.front(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error(argv.front() + ": " + ::strerror(error));
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_text(output)};
}

Installed::Installed(const std::string &component) {
  const fs::path first = folder_ / "first";
  std::vector<std::string> argv = {CIVICAST_CMAKE, "--install", CIVICAST_BUILD, "--prefix",
                                   first.string()};
  if (!component.empty()) argv.insert(argv.end(), {"--component", component});
  const Ran installed = run(argv, folder_ / "");
  if (installed.status != 0) throw std::runtime_error(installed.output);
  fs::rename(first, prefix());
}

Ran build(const fs::path &folder, const fs::path &prefix) {
  const Ran configured = run(
      {CIVICAST_CMAKE, "-S", ".", "-B", "build", "-DCMAKE_PREFIX_PATH=" + prefix.string()}, folder);
  if (configured.status != 0) return configured;
  const Ran built = run({CIVICAST_CMAKE, "--build", "build"}, folder);
  return {built.status, configured.output + built.output};
}

Ran ctest(const fs::path &folder, const std::string &leave_out) {
  std::vector<std::string> argv = {CIVICAST_CTEST, "--test-dir", "build", "--output-on-failure",
                                   "--no-tests=error"};
  if (!leave_out.empty()) argv.insert(argv.end(), {"--exclude-regex", leave_out});
  return run(argv, folder);
}

std::map<std::string, std::string> files_shown_in(std::string_view markdown) {
  static constexpr std::string_view mark = "<!-- file: ";
  std::map<std::string, std::string> out;
  std::istringstream lines{std::string(markdown)};
  std::string name;
  bool is_inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(mark, 0) == 0) {
      name = line.substr(mark.size(), line.find(' ', mark.size()) - mark.size());
    } else if (!name.empty() && line.rfind("```", 0) == 0) {
      if (is_inside) name.clear();
      is_inside = !is_inside;
    } else if (is_inside) {
      out[name] += line + "\n";
    }
  }
  return out;
}

std::string tutorial() {
  return read_text(CIVICAST_SDK_README);
}

std::string read_text(const fs::path &file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_text(const fs::path &file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  if (!(out << text << std::flush)) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace civicast::test
