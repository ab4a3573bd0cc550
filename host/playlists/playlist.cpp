// SPDX-License-Identifier: Apache-2.0
#include "host/playlists/playlist.hpp"

#include <sstream>

namespace civicast::playlists {

std::string joined_places(const std::vector<std::string> &places) {
  std::string out;
  for (const std::string &place : places) out += (out.empty() ? "" : " ") + place;
  return out;
}

std::vector<std::string> split_places(std::string_view text) {
  std::vector<std::string> places;
  std::istringstream in{std::string(text)};
  for (std::string place; in >> place;) places.push_back(place);
  return places;
}

}  // namespace civicast::playlists
