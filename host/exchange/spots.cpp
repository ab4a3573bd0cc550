// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/spots.hpp"

#include <algorithm>

#include "host/exchange/ccms_columns.hpp"

namespace civicast::exchange {
namespace {

/// Some systems fill numbers up with zeros, some write capitals only.
std::string plain(std::string name) {
  const bool is_number =
      std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (is_number) name.erase(0, std::min(name.find_first_not_of('0'), name.size()));
  for (char &c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name;
}

}  // namespace

Spots::Spots(const std::vector<station::AssetSource> &assets) {
  for (const auto &asset : assets) {
    spots_[asset.id] = asset.spot;
    for (const std::string &name : {asset.id, asset.spot}) {
      if (name.empty()) continue;
      assets_.emplace(name, asset.id);
      auto &same = loosely_[plain(name)];
      if (std::find(same.begin(), same.end(), asset.id) == same.end()) same.push_back(asset.id);
    }
  }
  // An id always means its own asset, whatever spot ids there are.
  for (const auto &asset : assets) assets_[asset.id] = asset.id;
}

std::optional<std::string> Spots::asset_of(const std::string &name) const {
  if (const auto exact = assets_.find(name); exact != assets_.end()) return exact->second;
  const auto found = loosely_.find(plain(name));
  if (found == loosely_.end() || found->second.size() != 1) return {};
  return found->second.front();
}

std::optional<std::string> Spots::spot_of(const std::string &asset) const {
  const auto found = spots_.find(asset);
  if (found != spots_.end() && !found->second.empty()) return found->second;
  if (asset.size() <= column::spot.width()) return asset;
  return {};
}

}  // namespace civicast::exchange
