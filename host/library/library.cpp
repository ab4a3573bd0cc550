// SPDX-License-Identifier: Apache-2.0
#include "host/library/library.hpp"

#include <array>

#include "host/library/av.hpp"
#include "host/library/faults.hpp"
#include "host/library/jobs.hpp"
#include "host/library/library_store.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char *, 4> kind_names = {"video", "audio", "image", "text"};
constexpr std::array<const char *, 3> format_names = {"ts_720p25", "mp4_720p25", "jpeg_720"};

template <class Enum, std::size_t n>
std::optional<Enum> named(const std::array<const char *, n> &names, const std::string &name) {
  for (std::size_t i = 0; i < n; ++i)
    if (name == names[i]) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

struct Library::Rooms {
  Rooms(store::Store &store, const fs::path &station_dir, Incoming incoming, const Clock &clock)
      : tables(store, station_dir),
        jobs(tables, station_dir / "house", std::move(incoming), clock) {}
  LibraryStore tables;
  Jobs jobs;
};

Library::Library(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)) {}
Library::~Library() = default;

Result<std::unique_ptr<Library>> Library::open(store::Store &store, const fs::path &station_dir,
                                               const Clock &clock) {
  av::silence_log();
  const fs::path station = fs::absolute(station_dir);
  auto incoming = Incoming::open(station / "house" / "incoming");
  if (!incoming) return std::move(incoming).fault();
  return std::unique_ptr<Library>(
      new Library(std::make_unique<Rooms>(store, station, std::move(*incoming), clock)));
}

Result<Asset> Library::import(const ImportRequest &request, Progress &progress) {
  return rooms_->jobs.import(request, progress);
}

Result<void> Library::resume(Progress &progress) {
  rooms_->jobs.resume(progress);
  return {};
}

std::vector<Asset> Library::list() {
  return rooms_->tables.ready();
}

std::optional<Asset> Library::find(const std::string &id) {
  return rooms_->tables.find(id);
}

std::optional<HouseFile> Library::house_file(const std::string &id, HouseFormat format) {
  return rooms_->tables.house_file(id, format);
}

Result<HouseFile> Library::require(const std::string &id, HouseFormat format) {
  if (auto file = house_file(id, format)) return std::move(*file);
  const auto asset = find(id);
  if (!asset) return Fault(faults::asset_unknown, {{"id", id}});
  const bool is_text = asset->kind == AssetKind::text;
  return Fault(is_text ? faults::asset_text_only : faults::asset_audio_only, {{"id", id}});
}

std::vector<HouseFile> Library::house_files() {
  return rooms_->tables.house_files();
}

const char *name_of(AssetKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

const char *name_of(HouseFormat format) {
  return format_names.at(static_cast<std::size_t>(format));
}

std::optional<AssetKind> asset_kind(const std::string &name) {
  return named<AssetKind>(kind_names, name);
}

std::optional<HouseFormat> house_format(const std::string &name) {
  return named<HouseFormat>(format_names, name);
}

}  // namespace civicast::library
