// SPDX-License-Identifier: Apache-2.0
// A stranger's desk: the SDK installed in a folder of its own, and programs run as from a shell.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/plugins/harness.hpp"

namespace civicast::test {

struct Ran {
  int status = -1;     ///< the exit status; 128 and the signal if one ended it
  std::string output;  ///< standard output and error, as they came
};

/// Runs argv[0], found on PATH, in `folder`, and waits for its end.
Ran run(const std::vector<std::string> &argv, const std::filesystem::path &folder);

/// A folder, gone with it, that holds what `cmake --install` puts down.
class Installed {
 public:
  /// `component`: "sdk", or empty for everything.
  explicit Installed(const std::string &component);
  /// Where it lies. It was moved there after it was installed: nothing in it may know where it was.
  std::filesystem::path prefix() const { return folder_ / "moved"; }
  std::filesystem::path bin(const std::string &name) const { return prefix() / "bin" / name; }

 private:
  TempFolder folder_;
};

/// Configures and builds the project in `folder` into `folder`/build against `prefix`.
Ran build(const std::filesystem::path &folder, const std::filesystem::path &prefix);
/// Runs the tests of the project in `folder`; `leave_out`, if any, is a regular expression.
Ran ctest(const std::filesystem::path &folder, const std::string &leave_out);

/// The files that a Markdown text shows: "<!-- file: NAME -->", then a fenced block.
std::map<std::string, std::string> files_shown_in(std::string_view markdown);
/// sdk/README.md
std::string tutorial();

std::string read_text(const std::filesystem::path &file);
void write_text(const std::filesystem::path &file, std::string_view text);

}  // namespace civicast::test
