// SPDX-License-Identifier: Apache-2.0
#include "host/station/assets.hpp"

#include <fmt/format.h>

#include "host/station/faults.hpp"

namespace civicast::station {
namespace {

/// Says which of all assets a step belongs to: "3/17 values-wenming …".
class OneOfMany final : public Progress {
 public:
  OneOfMany(Progress &whole, std::string prefix) : whole_(whole), prefix_(std::move(prefix)) {}
  void step(const std::string &what, double done, double total) override {
    whole_.step(prefix_ + what, done, total);
  }

 private:
  Progress &whole_;
  std::string prefix_;
};

/// The library knows media by their bytes: what it holds already may not be what the line asks for.
std::optional<Fault> mismatch(const AssetSource &source, const library::Asset &asset) {
  if (asset.id != source.id)
    return Fault(faults::asset_twin, {{"asset", source.id}, {"other", asset.id}});
  if (source.seconds > 0 && asset.duration_ns != source.seconds * ns_per_s)
    return Fault(faults::asset_seconds_changed,
                 {{"asset", source.id},
                  {"seconds", std::to_string(source.seconds)},
                  {"imported", fmt::format("{:g}", static_cast<double>(asset.duration_ns) /
                                                       static_cast<double>(ns_per_s))}});
  return {};
}

}  // namespace

Result<void, Faults> import_assets(const Station &station, library::Library &library,
                                   Progress &progress) {
  Faults refused;
  std::size_t number = 0;
  for (const AssetSource &source : station.assets) {
    OneOfMany one(progress, fmt::format("{}/{} {} ", ++number, station.assets.size(), source.id));
    library::ImportRequest request;
    request.file = source.file;
    request.id = source.id;
    request.title = source.title;
    request.text = source.text;
    request.sound = source.sound;
    if (source.seconds > 0) request.still_ns = source.seconds * ns_per_s;
    auto asset = library.import(request, one);
    if (!asset) {
      refused.push_back(std::move(asset).fault().at(source.at));
    } else if (auto fault = mismatch(source, *asset)) {
      refused.push_back(std::move(*fault).at(source.at));
    }
  }
  if (!refused.empty()) return refused;
  return {};
}

}  // namespace civicast::station
