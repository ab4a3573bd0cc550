// SPDX-License-Identifier: Apache-2.0
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
