// SPDX-License-Identifier: Apache-2.0
// The organisation as a tree of places 点位: centre, sub-centres, bases, stations, points, screens.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/words.hpp"
#include "sdk/base/result.hpp"

namespace civicast::places {

enum class PlaceKind { centre, subcentre, base, station, point, screen };

struct Place {
  std::string id;  ///< a slug
  PlaceKind kind = PlaceKind::station;
  Words name;
  std::string parent;   ///< empty for the one centre
  std::string at = {};  ///< "places.xml:12", for sentences
};

/// A tree with one root, in document order: a place stands after its parent.
class Places {
 public:
  explicit Places(std::vector<Place> in_order) : places_(std::move(in_order)) {}
  const std::vector<Place> &all() const { return places_; }
  const Place *find(std::string_view id) const;
  /// `id` and everything below it, in order; empty if there is no such place.
  std::vector<std::string> subtree(std::string_view id) const;

 private:
  std::vector<Place> places_;
};

std::string_view word(PlaceKind kind);  ///< "centre", "subcentre", …
Words words(PlaceKind kind);            ///< "分中心", "sub-centre"

/// Reads places.xml (playlists/schema/places.xsd).
Result<Places, Faults> read_places(const std::filesystem::path &file);

}  // namespace civicast::places
