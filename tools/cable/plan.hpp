// SPDX-License-Identifier: Apache-2.0
// What is to be rendered: the items of a Civicast playlist with the house files of its station, or
// a list of house files, one a line, shown one after another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "plugins/cable/book/item.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::cable_render {

/// What is wrong with what a person gave: a sentence for each mistake.
struct Refusal {
  std::vector<std::string> sentences;
};

struct Plan {
  const formats::HouseFormat *house = nullptr;
  std::int64_t start_ns = 0;  ///< UTC: the signal begins here
  std::vector<cable::Item> items;
  /// A list begins anew after so long; 0: a playlist, which has one time.
  std::int64_t round_ns = 0;
};

/// A file that ends in .xml is a playlist (playlists/schema/playlist.xsd). Throws Refusal.
Plan playlist_plan(const std::filesystem::path &file, const std::filesystem::path &station);

/// Every other file is a list: a line is a path, relative to the list's folder; lines that begin
/// with # say nothing. `format` empty: the one that the first file has. Throws Refusal.
Plan list_plan(const std::filesystem::path &file, const std::string &format);

/// The items of round `round` of a list, their ids and times moved.
std::vector<cable::Item> round_of(const Plan &plan, std::int64_t round);

}  // namespace civicast::cable_render
