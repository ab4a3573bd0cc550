// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "host/station/faults.hpp"
#include "host/station/station.hpp"
#include "tests/unit/station/small.hpp"

using namespace civicast;
using namespace civicast::station;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> names(const fs::path &folder) {
  std::vector<std::string> out;
  for (const auto &entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) out.push_back(entry.path().lexically_relative(folder).string());
  std::sort(out.begin(), out.end());
  return out;
}

/// What stands directly in a folder, hidden things included.
std::size_t entries(const fs::path &folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a new station holds the template's XML and media and nothing else") {
  const Folder folder;
  write_all_files(folder, small_station(), "template/");
  folder.write("template/notes.txt", "not part of a station");
  folder.write("template/civicast.db", "nor is this");
  const auto target = folder.path() / "deep/below/station";
  REQUIRE(create_station(folder.path() / "template", target).ok());
  std::vector<std::string> expected;
  for (const auto &[name, text] : small_station()) expected.push_back(name);
  CHECK(names(target) == expected);
  CHECK(entries(target.parent_path()) == 1);
  CHECK(load_station(target).ok());
  CHECK(fs::status(target).permissions() == fs::perms{0755});
}

TEST_CASE("making the same station again changes nothing") {
  const Folder folder;
  write_all_files(folder, small_station(), "template/");
  const auto target = folder.path() / "station";
  REQUIRE(create_station(folder.path() / "template", target).ok());
  folder.write("station/places.xml", "<places>edited");
  folder.write("station/civicast.db", "kept");
  REQUIRE(create_station(folder.path() / "template", target).ok());
  CHECK(fs::file_size(target / "places.xml") == 14);
  CHECK(fs::exists(target / "civicast.db"));
}

TEST_CASE("an empty folder is taken, one with anything else in it is not") {
  const Folder folder;
  write_all_files(folder, small_station(), "template/");
  fs::create_directories(folder.path() / "empty");
  CHECK(create_station(folder.path() / "template", folder.path() / "empty").ok());

  folder.write("full/letter.txt", "dear");
  Files other = small_station();
  other["station.xml"].replace(other["station.xml"].find("small"), 5, "other");
  write_all_files(folder, other, "other/");
  folder.write("file", "a file");
  for (const char *name : {"full", "other", "file"}) {
    const auto made = create_station(folder.path() / "template", folder.path() / name);
    REQUIRE_FALSE(made.ok());
    CHECK(made.fault().front().is(faults::target_taken));
  }
  CHECK(names(folder.path() / "full") == std::vector<std::string>{"letter.txt"});
}

TEST_CASE("a template with a mistake makes nothing") {
  const Folder folder;
  Files files = small_station();
  files["campaigns.xml"] = "<campaigns><campaign/></campaigns>";
  write_all_files(folder, files, "template/");
  CHECK_FALSE(create_station(folder.path() / "template", folder.path() / "station").ok());
  CHECK_FALSE(create_station(folder.path() / "nowhere", folder.path() / "station").ok());
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a station cannot be made inside its template, nor where nothing can be written") {
  const Folder folder;
  write_all_files(folder, small_station(), "template/");
  const auto inside =
      create_station(folder.path() / "template", folder.path() / "template/media/s");
  REQUIRE_FALSE(inside.ok());
  CHECK(inside.fault().front().is(faults::source_in_target));
  folder.write("file", "a file");
  const auto below_a_file =
      create_station(folder.path() / "template", folder.path() / "file/station");
  REQUIRE_FALSE(below_a_file.ok());
  CHECK(names(folder.path() / "template").size() == small_station().size());
}

TEST_CASE("media that is a link is refused: a copy would lose it") {
  const Folder folder;
  write_all_files(folder, small_station(), "template/");
  fs::remove(folder.path() / "template/media/park.svg");
  fs::create_symlink("/etc/hostname", folder.path() / "template/media/park.svg");
  const auto made = create_station(folder.path() / "template", folder.path() / "station");
  REQUIRE_FALSE(made.ok());
  CHECK(made.fault().front().is(faults::media_missing));
}
