// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "sdk/base/disk.hpp"
#include "sdk/base/faults.hpp"

using namespace civicast;
namespace fs = std::filesystem;

TEST_CASE("a file is replaced whole and leaves no temporary behind") {
  const fs::path folder = fs::temp_directory_path() / "civicast-disk-test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  REQUIRE(write_file_atomically(folder / "a", "one").ok());
  REQUIRE(write_file_atomically(folder / "a", "two").ok());
  CHECK(*read_file(folder / "a", 10) == "two");
  CHECK(std::distance(fs::directory_iterator(folder), fs::directory_iterator()) == 1);
  CHECK(read_file(folder / "a", 2).fault().is(faults::file_too_large));
  CHECK(read_file(folder, 2).fault().is(faults::file_unreadable));
  CHECK(write_file_atomically(folder / "no" / "a", "x").fault().is(faults::file_unwritable));
  fs::remove_all(folder);
}

TEST_CASE("a lock is waited for until a child of its killed holder has noticed, and not for ever") {
  const fs::path file = fs::temp_directory_path() / ("civicast-lock-" + std::to_string(::getpid()));
  const auto opened = [&] { return Fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)); };
  Fd held = opened();
  REQUIRE(lock_alone(held, 0));
  const Fd other = opened();
  CHECK_FALSE(lock_alone(other, 0));
  CHECK_FALSE(lock_alone(other, 20));
  // What was forked has the lock as well, though whoever took it is gone.
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    char byte = 0;
    ::_exit(::read(ends[0], &byte, 1) == 1 ? 0 : 1);
  }
  held.reset();
  CHECK_FALSE(lock_alone(other, 0));
  REQUIRE(::write(ends[1], "x", 1) == 1);
  CHECK(lock_alone(other, 60'000));
  int status = 1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  ::close(ends[0]);
  ::close(ends[1]);
  fs::remove(file);
}
