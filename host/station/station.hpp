// SPDX-License-Identifier: Apache-2.0
// A station: its whole configuration, read from the XML files of its folder, cross-checked, or
// refused with a sentence for every mistake.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/words.hpp"
#include "host/base/zone.hpp"
#include "host/campaigns/campaign.hpp"
#include "host/channels/channel.hpp"
#include "host/grids/grid.hpp"
#include "host/places/place.hpp"
#include "host/rules/rules.hpp"
#include "sdk/base/result.hpp"

namespace civicast::station {

/// One line of assets.xml: a file to import, and what people say about it.
struct AssetSource {
  std::string id;
  std::filesystem::path file;  ///< absolute, in the station's folder; it exists
  Words title;
  int seconds = 0;              ///< how long a still stands on screen; 0: as long as the media is
  std::filesystem::path sound;  ///< laid under a still; empty: silence. Absolute, exists
  Words text;                   ///< the words that go with a post; may be empty
  std::string spot = {};  ///< what traffic systems call it (CCMS: 1 to 11 bytes); may be empty
  std::string at = {};    ///< "assets.xml:7", for sentences
};

struct Station {
  std::string id;
  Words name;
  Zone zone;
  std::string api_host;
  std::uint16_t api_port = 0;  ///< 0: any free port
  places::Places places;
  std::vector<channels::Channel> channels;
  std::vector<campaigns::Campaign> campaigns;
  std::vector<grids::Grid> grids;  ///< one for each channel, in the channels' order
  std::vector<AssetSource> assets;
  std::filesystem::path folder;  ///< absolute
  rules::Rules rules = {};       ///< legal minima; none if the station names no jurisdiction

  /// Nothing if there is none of that id.
  const channels::Channel *channel(std::string_view wanted) const;
  const campaigns::Campaign *campaign(std::string_view wanted) const;
  const grids::Grid *grid(std::string_view wanted_channel) const;
  const AssetSource *asset(std::string_view wanted) const;
};

/// Reads station.xml, places.xml, channels.xml, campaigns.xml, assets.xml and grids/*.xml of
/// `folder` and checks every reference between them. All mistakes of all files, or the station.
/// The rules that station.xml names are the station's own rules/*.xml, or else the product's.
Result<Station, Faults> load_station(const std::filesystem::path &folder);

/// Copies a station's XML and media to the new folder `to`: whole, synced to disk, or not at all.
/// Done already (a station of the same id stands there): nothing happens. Anything else in the way
/// is a fault, as is a template that load_station refuses.
Result<void, Faults> create_station(const std::filesystem::path &from_template,
                                    const std::filesystem::path &to);

}  // namespace civicast::station
