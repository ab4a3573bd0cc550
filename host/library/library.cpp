// SPDX-License-Identifier: Apache-2.0
#include "host/library/library.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "host/library/av.hpp"
#include "host/library/faults.hpp"
#include "host/library/jobs.hpp"
#include "host/library/library_store.hpp"

namespace civicast::library {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char *, 4> kind_names = {"video", "audio", "image", "text"};

/// MP4 and JPEG are made of all pictures; each format once.
std::vector<HouseFormat> every_format(std::vector<HouseFormat> wanted) {
  std::vector<HouseFormat> all = {HouseFormat::mp4_720p25, HouseFormat::jpeg_720};
  for (const HouseFormat &format : wanted)
    if (std::find(all.begin(), all.end(), format) == all.end()) all.push_back(format);
  return all;
}

bool has_pictures(const Asset &asset) {
  return asset.kind == AssetKind::video || asset.kind == AssetKind::image;
}

}  // namespace

struct Library::Rooms {
  Rooms(store::Store &store, const fs::path &station_dir, Incoming incoming, const Clock &clock,
        std::vector<HouseFormat> formats)
      : wanted(std::move(formats)),
        tables(store, station_dir),
        jobs(tables, station_dir / "house", std::move(incoming), clock, wanted) {}
  std::vector<HouseFormat> wanted;
  LibraryStore tables;
  Jobs jobs;
};

Library::Library(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)) {}
Library::~Library() = default;

Result<std::unique_ptr<Library>> Library::open(store::Store &store, const fs::path &station_dir,
                                               const Clock &clock,
                                               std::vector<HouseFormat> wanted) {
  av::silence_log();
  const fs::path station = fs::absolute(station_dir);
  auto incoming = Incoming::open(station / "house" / "incoming");
  if (!incoming) return std::move(incoming).fault();
  return std::unique_ptr<Library>(new Library(std::make_unique<Rooms>(
      store, station, std::move(*incoming), clock, every_format(std::move(wanted)))));
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
  if (has_pictures(*asset))
    return Fault(faults::house_file_unmade, {{"id", id}, {"format", name_of(format)}});
  const bool is_text = asset->kind == AssetKind::text;
  return Fault(is_text ? faults::asset_text_only : faults::asset_audio_only, {{"id", id}});
}

std::vector<Library::Unmade> Library::unmade() {
  std::set<std::pair<std::string, HouseFormat>> made;
  for (const HouseFile &file : house_files()) made.emplace(file.asset, file.format);
  std::vector<Unmade> found;
  for (const Asset &asset : list()) {
    if (!has_pictures(asset)) continue;
    for (const HouseFormat &format : rooms_->wanted)
      if (made.count({asset.id, format}) == 0) found.push_back({asset.id, format});
  }
  return found;
}

Result<HouseFile> Library::make(const std::string &id, HouseFormat format, Progress &progress) {
  auto there = require(id, format);
  if (there || !there.fault().is(faults::house_file_unmade)) return there;
  return rooms_->jobs.remake().make(*find(id), format, progress);
}

std::optional<std::int64_t> Library::duration_in(const std::string &id, HouseFormat format) {
  if (const auto file = house_file(id, format)) return file->duration_ns;
  const auto asset = find(id);
  if (!asset || !has_pictures(*asset)) return std::nullopt;
  return rooms_->jobs.remake().duration_in(*asset, format);
}

std::vector<HouseFile> Library::house_files() {
  return rooms_->tables.house_files();
}

const char *name_of(AssetKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

std::string name_of(const HouseFormat &format) {
  return std::string(format.name());
}

std::optional<AssetKind> asset_kind(const std::string &name) {
  for (std::size_t i = 0; i < kind_names.size(); ++i)
    if (name == kind_names[i]) return static_cast<AssetKind>(i);
  return std::nullopt;
}

std::optional<HouseFormat> house_format(const std::string &name) {
  for (const HouseFormat &format : house_formats())
    if (format.name() == name) return format;
  return std::nullopt;
}

std::vector<HouseFormat> house_formats() {
  std::vector<HouseFormat> all;
  for (const formats::HouseFormat &cable : formats::all()) all.emplace_back(cable);
  all.push_back(HouseFormat::mp4_720p25);
  all.push_back(HouseFormat::jpeg_720);
  return all;
}

}  // namespace civicast::library
