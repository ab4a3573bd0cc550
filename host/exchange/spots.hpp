// SPDX-License-Identifier: Apache-2.0
// How other systems call the station's assets: by the spot id of assets.xml, or by the asset's id.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/station/station.hpp"

namespace civicast::exchange {

class Spots {
 public:
  explicit Spots(const std::vector<station::AssetSource> &assets);

  /// The asset that `name` calls: its id, its spot id, or that but for case and leading zeros.
  /// Nothing if there is none, or more than one.
  std::optional<std::string> asset_of(const std::string &name) const;
  /// For the 11 bytes of CCMS: the spot id, or an id that is short enough.
  std::optional<std::string> spot_of(const std::string &asset) const;

 private:
  std::map<std::string, std::string> spots_;                 ///< asset to spot id; "" where none
  std::map<std::string, std::string> assets_;                ///< exact name to asset
  std::map<std::string, std::vector<std::string>> loosely_;  ///< plain name to assets
};

}  // namespace civicast::exchange
