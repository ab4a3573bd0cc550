// SPDX-License-Identifier: Apache-2.0
// A channel 渠道: one outlet, run by one plugin in a worker of its own.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/words.hpp"
#include "host/library/asset.hpp"
#include "host/rules/rules.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/result.hpp"

namespace civicast::channels {

/// Instead of a plugin: nothing is sent from here. Another system plays the playlist out, and says
/// in files what it did (host/exchange).
inline constexpr const char *by_files = "files";

struct Channel {
  std::string id;  ///< a slug
  Words name;
  std::string plugin;  ///< the folder of the plugin: "cable"
  library::HouseFormat format = library::HouseFormat::ts_720p25;
  std::vector<std::string> places;           ///< where it is seen; the first is the channel's own
  Json settings = Json::object();            ///< as the plugin's plugin.json describes them
  std::string traffic_id = {};               ///< CCHHH: what CCMS files call it and its head-end
  std::string at = {};                       ///< "channels.xml:12", for sentences
  rules::Medium medium = rules::Medium::tv;  ///< by which legal minima apply
};

/// CCHHH: the channel as 01 to 99 or A1 to U9, the head-end as three digits.
inline bool is_traffic_id(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 5 || !std::all_of(text.begin() + 1, text.end(), is_digit)) return false;
  return is_digit(text.front()) || (text.front() >= 'A' && text.front() <= 'U');
}

/// Reads channels.xml (playlists/schema/channels.xsd). A setting is a string, and where its name
/// stands more than once an array of strings; the plugin's manifest gives them their types.
Result<std::vector<Channel>, Faults> read_channels(const std::filesystem::path &file);

/// The house formats that they air, each once: what the library is to make.
std::vector<library::HouseFormat> formats_of(const std::vector<Channel> &channels);

}  // namespace civicast::channels
