// SPDX-License-Identifier: Apache-2.0
#include "host/station/station.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>

#include "host/base/xml.hpp"
#include "host/station/cross_check.hpp"
#include "host/station/faults.hpp"
#include "host/station/reach.hpp"

namespace civicast::station {
namespace {

namespace fs = std::filesystem;

constexpr int max_still_seconds = 3600;

struct Head {
  std::string id;
  Words name;
  std::optional<Zone> zone;
  std::string api_host;
  std::uint16_t api_port = 0;
  rules::Rules rules;
};

bool is_loopback(const std::string &address) {
  return address == "127.0.0.1" || address == "::1" || address == "localhost";
}

/// Mistakes in the rules' own file are told with its name; `element` is who named it.
rules::Rules read_rules(xml::Element element, const fs::path &folder, Faults &all) {
  if (!element.has("rules")) return {};
  const std::string id = element.slug("rules");
  if (id.empty()) return {};
  std::vector<std::string> known;
  for (const fs::path &place : {folder / "rules", rules::installed_folder()}) {
    const auto ids = rules::ids_in(place);
    known.insert(known.end(), ids.begin(), ids.end());
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) continue;
    auto read = rules::read_rules(place / (id + ".xml"));
    if (read) return *std::move(read);
    all.insert(all.end(), read.fault().begin(), read.fault().end());
    return {};
  }
  element.tell(Fault(faults::rules_unknown,
                     {{"rules", id}, {"known", fmt::format("{}", fmt::join(known, ", "))}}));
  return {};
}

Result<Head, Faults> read_head(const fs::path &file) {
  auto document = xml::Document::read(file, "station.xml", "station");
  if (!document) return std::move(document).fault();
  xml::Element root = document->root();
  root.allow({"id", "name-zh", "name-en", "zone", "rules"}, {"api"});
  Head head;
  head.id = root.slug();
  head.name = root.words("name");
  const auto zone_name = root.text("zone");
  auto zone = Zone::find(zone_name);
  if (zone) {
    head.zone = *zone;
  } else if (!zone_name.empty()) {
    root.tell(std::move(zone).fault());
  }
  if (auto api = root.child("api")) {
    api->allow({"address", "port"}, {});
    head.api_host = api->text("address");
    head.api_port = static_cast<std::uint16_t>(api->whole("port", 0, 65535));
    if (!head.api_host.empty() && !is_loopback(head.api_host))
      api->tell(Fault(faults::address_not_loopback, {{"address", head.api_host}}));
  }
  Faults all;
  head.rules = read_rules(root, file.parent_path(), all);
  all.insert(all.begin(), document->faults().begin(), document->faults().end());
  if (!all.empty()) return all;
  return head;
}

/// A plain file below media, or a fault.
fs::path read_media(xml::Element element, const char *attribute, const fs::path &folder) {
  const std::string given = element.text(attribute, 1000);
  if (given.empty()) return {};
  const fs::path relative = fs::path(given).lexically_normal();
  if (relative.begin()->string() != "media") {
    element.tell(Fault(faults::media_outside, {{"file", given}}));
    return {};
  }
  std::error_code error;
  const fs::path file = folder / relative;
  if (!fs::is_regular_file(fs::symlink_status(file, error)))
    element.tell(Fault(faults::media_missing, {{"file", given}}));
  return file;
}

/// 11 bytes are what a CCMS record has for it; empty if there is none.
std::string read_spot(xml::Element element) {
  if (!element.has("spot")) return {};
  const std::string spot = element.text("spot");
  const auto is_fit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_' || c == '.';
  };
  if (!spot.empty() && (spot.size() > 11 || !std::all_of(spot.begin(), spot.end(), is_fit)))
    element.tell_bad_value(
        "spot", {"请用 1–11 个字母、数字、-、_ 或 .", "Use 1 to 11 letters, digits, -, _ or ."});
  return spot;
}

AssetSource read_asset(xml::Element element, const fs::path &folder) {
  element.allow({"id", "file", "title-zh", "title-en", "seconds", "sound", "spot"}, {"text"});
  AssetSource asset;
  asset.id = element.slug();
  asset.title = element.words("title");
  asset.file = read_media(element, "file", folder);
  asset.seconds = element.whole("seconds", 1, max_still_seconds, 0);
  if (element.has("sound")) asset.sound = read_media(element, "sound", folder);
  if (auto text = element.optional_child("text")) {
    text->allow({"zh", "en"}, {});
    asset.text = {text->text("zh", 4000), text->text("en", 4000)};
  }
  asset.spot = read_spot(element);
  asset.at = element.at();
  return asset;
}

Result<std::vector<AssetSource>, Faults> read_assets(const fs::path &folder) {
  auto document = xml::Document::read(folder / "assets.xml", "assets.xml", "assets");
  if (!document) return std::move(document).fault();
  xml::Element root = document->root();
  root.allow({}, {"asset"});
  std::vector<AssetSource> assets;
  xml::Ids ids, spots;
  for (xml::Element element : root.children("asset")) {
    assets.push_back(read_asset(element, folder));
    ids.take(element, assets.back().id);
    if (!assets.back().spot.empty()) spots.take(element, assets.back().spot);
  }
  if (!document->faults().empty()) return document->faults();
  return assets;
}

/// grids/*.xml by name; a folder that cannot be read is an empty one, and each channel then lacks
/// its grid.
std::vector<fs::path> grid_files(const fs::path &folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(folder / "grids", error))
    if (entry.path().extension() == ".xml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<GridFile>, Faults> read_grids(const fs::path &folder) {
  std::vector<GridFile> grids;
  Faults all;
  for (const fs::path &file : grid_files(folder)) {
    auto grid = grids::read_grid(file);
    if (!grid) {
      all.insert(all.end(), grid.fault().begin(), grid.fault().end());
      continue;
    }
    grids.push_back({std::move(*grid), "grids/" + file.filename().string()});
  }
  if (!all.empty()) return all;
  return grids;
}

template <class T>
void collect(const Result<T, Faults> &read, Faults &all) {
  if (!read) all.insert(all.end(), read.fault().begin(), read.fault().end());
}

template <class Things, class Key>
auto find_by(const Things &things, Key key, std::string_view id) -> decltype(things.data()) {
  for (const auto &thing : things)
    if (key(thing) == id) return &thing;
  return nullptr;
}

}  // namespace

const channels::Channel *Station::channel(std::string_view wanted) const {
  return find_by(
      channels, [](const auto &it) -> const std::string & { return it.id; }, wanted);
}
const campaigns::Campaign *Station::campaign(std::string_view wanted) const {
  return find_by(
      campaigns, [](const auto &it) -> const std::string & { return it.id; }, wanted);
}
const grids::Grid *Station::grid(std::string_view wanted) const {
  return find_by(
      grids, [](const auto &it) -> const std::string & { return it.channel(); }, wanted);
}
const AssetSource *Station::asset(std::string_view wanted) const {
  return find_by(
      assets, [](const auto &it) -> const std::string & { return it.id; }, wanted);
}

Result<Station, Faults> load_station(const fs::path &given_folder) {
  std::error_code error;
  const fs::path folder = fs::weakly_canonical(given_folder, error);
  if (error || !fs::exists(folder / "station.xml", error))
    return Faults{Fault(faults::station_missing, {{"folder", given_folder.string()}})};

  auto head = read_head(folder / "station.xml");
  auto places = places::read_places(folder / "places.xml");
  auto channels = channels::read_channels(folder / "channels.xml");
  auto campaigns = campaigns::read_campaigns(folder / "campaigns.xml");
  auto assets = read_assets(folder);
  auto grids = read_grids(folder);
  Faults all;
  collect(head, all);
  collect(places, all);
  collect(channels, all);
  collect(campaigns, all);
  collect(assets, all);
  collect(grids, all);
  // References are looked at only when every file could be read: half a list of channels would
  // make every second sentence a false one.
  if (!all.empty()) return all;

  Station station{head->id,
                  head->name,
                  head->zone.value(),
                  head->api_host,
                  head->api_port,
                  std::move(*places),
                  std::move(*channels),
                  std::move(*campaigns),
                  {},
                  std::move(*assets),
                  folder,
                  std::move(head->rules)};
  all = find_channels(station, *grids);
  for (Fault &fault : cross_check(station, *grids)) all.push_back(std::move(fault));
  if (!all.empty()) return all;
  for (const auto &channel : station.channels) {
    const auto found = std::find_if(grids->begin(), grids->end(), [&](const GridFile &file) {
      return file.grid.channel() == channel.id;
    });
    station.grids.push_back(std::move(found->grid));
  }
  return station;
}

}  // namespace civicast::station
