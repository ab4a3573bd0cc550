// SPDX-License-Identifier: Apache-2.0
#include "host/station/reach.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "host/grids/pattern.hpp"
#include "host/station/faults.hpp"

namespace civicast::station {
namespace {

using campaigns::Campaign;
using campaigns::Target;

bool carries(const grids::Grid &grid, campaigns::AdClass ad_class) {
  for (const auto &pattern : grid.patterns())
    for (const auto &slot : pattern.slots)
      if (slot.is_break && (slot.carries.empty() ||
                            std::count(slot.carries.begin(), slot.carries.end(), ad_class) > 0))
        return true;
  return false;
}

class Reaching {
 public:
  Reaching(const Station &station, std::vector<const grids::Grid *> grids)
      : station_(station), grids_(std::move(grids)) {}

  void find(Campaign &campaign) {
    for (Target &target : campaign.targets)
      if (target.is_for_all || !target.places.empty()) find(campaign, target);
    look_for_twins(campaign);
  }

  Faults take() && { return std::move(faults_); }

 private:
  void tell(const std::string &at, Fault fault) { faults_.push_back(std::move(fault).at(at)); }

  void find(const Campaign &campaign, Target &target) {
    std::set<std::string> there;
    bool is_known = true;
    for (const std::string &place : target.places) {
      is_known = is_known && station_.places.find(place) != nullptr;
      if (station_.places.find(place) == nullptr)
        tell(target.at, Fault(faults::place_unknown, {{"place", place}}));
      for (std::string &below : station_.places.subtree(place)) there.insert(std::move(below));
    }
    target.channels.clear();
    for (const auto &channel : station_.channels) {
      const bool is_there = target.is_for_all ||
                            std::any_of(channel.places.begin(), channel.places.end(),
                                        [&](const auto &place) { return there.contains(place); });
      if (is_there && is_carried(channel.id, campaign)) target.channels.push_back(channel.id);
    }
    if (is_known && target.channels.empty())
      tell(target.at,
           Fault(faults::target_nowhere, {{"campaign", campaign.id},
                                          {"class_zh", campaigns::words(campaign.ad_class).zh},
                                          {"class_en", campaigns::words(campaign.ad_class).en}}));
  }

  bool is_carried(const std::string &channel, const Campaign &campaign) const {
    return std::any_of(grids_.begin(), grids_.end(), [&](const auto *grid) {
      return grid->channel() == channel && carries(*grid, campaign.ad_class);
    });
  }

  /// Two targets that name the same channel are refused when they are read; here those that meet
  /// it by way of a place.
  void look_for_twins(const Campaign &campaign) {
    std::map<std::string, const Target *> first;
    for (const Target &target : campaign.targets)
      for (const std::string &channel : target.channels) {
        const auto [other, is_new] = first.emplace(channel, &target);
        if (is_new || other->second == &target) continue;
        tell(target.at, Fault(faults::target_meets, {{"campaign", campaign.id},
                                                     {"channel", channel},
                                                     {"other", other->second->at}}));
      }
  }

  const Station &station_;
  std::vector<const grids::Grid *> grids_;
  Faults faults_;
};

}  // namespace

Faults find_channels(Station &station, const std::vector<GridFile> &grids) {
  std::vector<const grids::Grid *> all;
  for (const GridFile &file : grids) all.push_back(&file.grid);
  Reaching reaching(station, std::move(all));
  for (Campaign &campaign : station.campaigns) reaching.find(campaign);
  return std::move(reaching).take();
}

Faults find_channels(const Station &station, campaigns::Campaign &campaign) {
  std::vector<const grids::Grid *> all;
  for (const grids::Grid &grid : station.grids) all.push_back(&grid);
  Reaching reaching(station, std::move(all));
  reaching.find(campaign);
  return std::move(reaching).take();
}

}  // namespace civicast::station
