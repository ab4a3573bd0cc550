// SPDX-License-Identifier: Apache-2.0
#include "host/workers/program.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/plugins/harness.hpp"

using namespace civicast;
using namespace civicast::workers;
namespace fs = std::filesystem;

namespace {

Manifest commanded(std::vector<std::string> words) {
  Manifest manifest;
  manifest.command = std::move(words);
  return manifest;
}

std::string script(const test::TempFolder &folder, const std::string &name,
                   const std::string &text) {
  const fs::path file = folder / name;
  std::ofstream(file) << text;
  fs::permissions(file, fs::perms::owner_all);
  return file.string();
}

}  // namespace

TEST_CASE("a command's program is the plugin's own file, or else one of PATH") {
  const test::TempFolder folder;
  const std::string own = script(folder, "channel.sh", "#!/bin/sh\n");
  const ProgramPaths paths{"/runner", folder / "", folder / "state"};
  const auto shell = program_of(paths, commanded({"sh", "channel.sh", "--loud"}));
  REQUIRE(shell);
  CHECK(fs::path(shell->command[0]).filename() == "sh");
  CHECK(fs::path(shell->command[0]).is_absolute());
  CHECK(fs::equivalent(shell->command[1], own));
  CHECK(shell->command[2] == "--loud");
  CHECK(program_of(paths, commanded({"channel.sh"})));
}

TEST_CASE("a command without a program is refused by name") {
  const test::TempFolder folder;
  const ProgramPaths paths{"/runner", folder / "", folder / "state"};
  for (const char *word : {"no-such-program-anywhere", "../../bin/sh", "/nowhere/sh"}) {
    const auto program = program_of(paths, commanded({word}));
    REQUIRE_FALSE(program);
    CHECK(program.fault().sentence(Lang::en).find(word) != std::string::npos);
  }
}

TEST_CASE("a worker has no more memory and open files than its plugin asks for") {
  const test::TempFolder folder;
  fs::create_directories(folder / "state");
  script(folder, "tell.sh", "#!/bin/sh\nulimit -d; ulimit -n; echo $CIVICAST_PLUGIN_DIR\n");
  Manifest manifest = commanded({"tell.sh"});
  manifest.limits.memory_mb = 64;
  manifest.limits.open_files = 100;
  const auto program = program_of({"/runner", folder / "", folder / "state"}, manifest);
  REQUIRE(program);
  auto process = Process::spawn(*program);
  REQUIRE(process);
  std::string said;
  for (char c; said.find('/') == std::string::npos || said.back() != '\n';) {
    const ssize_t got = ::read(process->out(), &c, 1);
    if (got == 1) said += c;
    if (got == 0) break;
  }
#if defined(__SANITIZE_ADDRESS__)
  CHECK(said.find("\n100\n") != std::string::npos);  // a sanitizer's own memory has no limit
#else
  CHECK(said.substr(0, said.find('/')) == "65536\n100\n");
#endif
}
