// SPDX-License-Identifier: Apache-2.0
// Films that people made, from Debian packages (tests/media/fetch.sh).
#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>

#include "host/library/verify.hpp"
#include "tests/unit/library/studio.hpp"

using namespace civicast;
using namespace civicast::library;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t house_grid_ns = 120 * ns_per_ms;  // 3 pictures, 5 frames of Layer II

fs::path media_folder() {
  const char *folder = std::getenv("CIVICAST_TEST_MEDIA");
  return folder != nullptr ? fs::path(folder) : fs::path(CIVICAST_MEDIA_CACHE);
}

std::vector<fs::path> media() {
  const std::set<std::string> kinds = {".mp4", ".webm", ".gif", ".mkv", ".mp3", ".wav"};
  std::vector<fs::path> files;
  if (!fs::is_directory(media_folder())) return files;
  for (const auto &entry : fs::recursive_directory_iterator(media_folder()))
    if (entry.is_regular_file() && !entry.is_symlink() && entry.file_size() > 1000 &&
        kinds.count(entry.path().extension().string()) != 0)
      files.push_back(entry.path());
  return files;
}

}  // namespace

TEST_CASE("real films and sounds become assets with right house files", "[media]") {
  const auto files = media();
  if (files.empty())
    FAIL("no media in " << media_folder() << ": run tests/media/fetch.sh there first");
  CHECK(files.size() > 10);
  Studio studio;
  int films = 0;
  for (const fs::path &file : files) {
    INFO(file);
    const auto asset = studio.import(file);
    if (!asset) FAIL_CHECK(asset.fault().text());
    if (!asset || asset->kind != AssetKind::video) continue;
    ++films;
    for (const HouseFormat format : {HouseFormat::ts_720p25, HouseFormat::mp4_720p25}) {
      const HouseFile made = studio.library().require(asset->id, format).value();
      CHECK_FALSE(wrong_with(made.path, format, made.frames));
      CHECK(made.duration_ns % house_grid_ns == 0);
      CHECK(made.duration_ns + 5 * ns_per_ms >= asset->duration_ns);
      CHECK(made.duration_ns < asset->duration_ns + 2 * house_grid_ns);
    }
  }
  CHECK(films >= 5);
}
