// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "host/base/xml.hpp"
#include "host/places/faults.hpp"
#include "host/places/place.hpp"

namespace civicast::places {
namespace {

constexpr std::array<std::pair<std::string_view, PlaceKind>, 6> kinds = {
    {{"centre", PlaceKind::centre},
     {"subcentre", PlaceKind::subcentre},
     {"base", PlaceKind::base},
     {"station", PlaceKind::station},
     {"point", PlaceKind::point},
     {"screen", PlaceKind::screen}}};

struct Reading {
  xml::Ids ids;
  std::vector<Place> places;
};

const std::pair<std::string_view, PlaceKind> *kind_of(const xml::Element &element) {
  for (const auto &kind : kinds)
    if (kind.first == element.name()) return &kind;
  return nullptr;
}

/// Kinds come strictly later on the way down, so the tree is at most six deep.
void read_place(xml::Element element, PlaceKind kind, const std::string &parent, Reading &reading) {
  element.allow({"id", "name-zh", "name-en"}, {"subcentre", "base", "station", "point", "screen"});
  const std::string id = element.slug();
  reading.ids.take(element, id);
  reading.places.push_back({id, kind, element.words("name"), parent, element.at()});
  for (xml::Element child : element.children()) {
    const auto *found = kind_of(child);
    if (!found || found->second == PlaceKind::centre) continue;  // told by allow
    if (found->second <= kind) {
      child.tell(Fault(
          faults::place_out_of_order,
          {{"parent", id}, {"parent_kind", std::string(word(kind))}, {"kind", child.name()}}));
      continue;
    }
    read_place(child, found->second, id, reading);
  }
}

}  // namespace

std::string_view word(PlaceKind kind) {
  return kinds[static_cast<std::size_t>(kind)].first;
}

Words words(PlaceKind kind) {
  static const std::array<Words, 6> all = {{{"中心", "centre"},
                                            {"分中心", "sub-centre"},
                                            {"基地", "base"},
                                            {"实践站", "station"},
                                            {"实践点", "point"},
                                            {"屏", "screen"}}};
  return all[static_cast<std::size_t>(kind)];
}

const Place *Places::find(std::string_view id) const {
  const auto found = std::find_if(places_.begin(), places_.end(),
                                  [&](const Place &place) { return place.id == id; });
  return found == places_.end() ? nullptr : &*found;
}

std::vector<std::string> Places::subtree(std::string_view id) const {
  std::vector<std::string> ids;
  std::set<std::string, std::less<>> inside;
  for (const Place &place : places_) {
    if (place.id != id && !inside.contains(place.parent)) continue;
    inside.insert(place.id);
    ids.push_back(place.id);
  }
  return ids;
}

Result<Places, Faults> read_places(const std::filesystem::path &file) {
  auto document = xml::Document::read(file, file.filename().string(), "places");
  if (!document) return std::move(document).fault();
  xml::Element root = document->root();
  root.allow({}, {"centre"});
  Reading reading;
  if (const auto centre = root.child("centre")) read_place(*centre, PlaceKind::centre, "", reading);
  if (!document->faults().empty()) return document->faults();
  return Places(std::move(reading.places));
}

}  // namespace civicast::places
