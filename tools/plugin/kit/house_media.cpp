// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/house_media.hpp"

#include <algorithm>
#include <set>

#include "host/library/library.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::kit {
namespace {

namespace fs = std::filesystem;

constexpr const char *poster =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720"><rect width="1280" height="720" )"
    R"(fill="#C8102E"/><circle cx="640" cy="360" r="240" fill="#FFD700"/></svg>)";

struct Silent final : Progress {
  void step(const std::string &, double, double) override {}
};

}  // namespace

Result<void> make_media(Subject &subject) {
  std::set<std::string> names;
  double longest_s = 0;
  for (const Sample &sample : subject.samples) {
    names.insert(sample.media.begin(), sample.media.end());
    longest_s = std::max(longest_s, sample.for_s);
  }
  if (names.empty()) return {};
  const fs::path station = subject.work / "media", picture = subject.work / "poster.svg";
  if (auto written = write_file_atomically(picture, poster); !written) return written;
  std::error_code error;
  fs::create_directories(station, error);
  auto store = store::Store::open(station / "media.db");
  if (!store) return store.fault();
  const SystemClock clock;
  std::vector<library::HouseFormat> formats;
  for (const std::string &name : names) formats.push_back(*library::house_format(name));
  auto library = library::Library::open(**store, station, clock, formats);
  if (!library) return library.fault();
  library::ImportRequest request;
  request.file = picture;
  request.id = "kit";
  request.still_ns = std::max<std::int64_t>(
      static_cast<std::int64_t>(longest_s * static_cast<double>(ns_per_s)), ns_per_s);
  Silent progress;
  if (const auto asset = (*library)->import(request, progress); !asset) return asset.fault();
  for (const std::string &name : names) {
    const auto file = (*library)->require("kit", *library::house_format(name));
    if (!file) return file.fault();
    subject.media_names.push_back(name);
    subject.media.push_back(
        {fs::absolute(file->path).string(), file->sha256, file->mime, file->duration_ns});
  }
  return {};
}

}  // namespace civicast::kit
