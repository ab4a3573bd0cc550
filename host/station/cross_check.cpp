// SPDX-License-Identifier: Apache-2.0
#include "host/station/cross_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "host/base/time_text.hpp"
#include "host/grids/pattern.hpp"
#include "host/station/faults.hpp"

namespace civicast::station {
namespace {

using campaigns::Campaign;
using channels::Channel;
using grids::Pattern;
using grids::Slot;

class CrossCheck {
 public:
  CrossCheck(const Station &station, const std::vector<GridFile> &grids)
      : station_(station), grids_(grids) {}

  Faults run() {
    for (const Channel &channel : station_.channels) places_of(channel);
    for (const GridFile &file : grids_) grid(file);
    for (const Channel &channel : station_.channels)
      if (!grid_of(channel.id))
        tell(channel.at, Fault(faults::grid_missing, {{"channel", channel.id}}));
    for (const Campaign &campaign : station_.campaigns) this->campaign(campaign);
    return std::move(faults_);
  }

 private:
  void tell(std::string at, Fault fault) { faults_.push_back(std::move(fault).at(std::move(at))); }

  void tell_unknown_channel(std::string at, const std::string &id) {
    std::vector<std::string> known;
    for (const Channel &channel : station_.channels) known.push_back(channel.id);
    tell(std::move(at),
         Fault(faults::channel_unknown,
               {{"channel", id}, {"known", fmt::format("{}", fmt::join(known, ", "))}}));
  }

  void places_of(const Channel &channel) {
    for (const std::string &place : channel.places)
      if (!station_.places.find(place))
        tell(channel.at, Fault(faults::place_unknown, {{"place", place}}));
  }

  const GridFile *grid_of(const std::string &channel) const {
    for (const GridFile &file : grids_)
      if (file.grid.channel() == channel) return &file;
    return nullptr;
  }

  void grid(const GridFile &file) {
    const std::string &id = file.grid.channel();
    if (grid_of(id) != &file)
      tell(file.shown,
           Fault(faults::grid_second, {{"channel", id}, {"other", grid_of(id)->shown}}));
    const Channel *channel = station_.channel(id);
    if (!channel) tell_unknown_channel(file.shown + ":1", id);
    for (const Pattern &pattern : file.grid.patterns()) {
      assets_of(pattern, file);
      if (channel) lengths_of(pattern, *channel, file);
    }
  }

  static std::string at(const GridFile &file, int line) {
    return fmt::format("{}:{}", file.shown, line);
  }

  void assets_of(const Pattern &pattern, const GridFile &file) {
    for (const std::string &asset : pattern.fillers)
      if (!station_.asset(asset))
        tell(at(file, pattern.line), Fault(faults::asset_unknown, {{"asset", asset}}));
    std::set<int> told;  // a repeat has the same line thousands of times
    for (const Slot &slot : pattern.slots)
      if (!slot.is_break && !slot.asset.empty() && !told.contains(slot.line) &&
          !station_.asset(slot.asset)) {
        tell(at(file, slot.line), Fault(faults::asset_unknown, {{"asset", slot.asset}}));
        told.insert(slot.line);
      }
  }

  /// A live signal is passed on as it is: only into a transport stream.
  static bool takes_live(const Channel &channel) {
    return channel.format != library::HouseFormat::mp4_720p25 &&
           channel.format != library::HouseFormat::jpeg_720;
  }

  /// Breaks have a length on a channel that airs video, and none where pictures are posted.
  void lengths_of(const Pattern &pattern, const Channel &channel, const GridFile &file) {
    const bool is_feed = channel.format == library::HouseFormat::jpeg_720;
    std::set<int> told;
    for (const Slot &slot : pattern.slots) {
      const FaultKind *kind = nullptr;
      if (is_feed && !slot.is_break) kind = &faults::programme_on_feed;
      if (!slot.live.empty() && !takes_live(channel)) kind = &faults::live_not_here;
      if (is_feed && slot.is_break && slot.length_ms > 0) kind = &faults::moment_with_length;
      if (!is_feed && slot.is_break && slot.length_ms == 0) kind = &faults::break_without_length;
      if (kind && told.insert(slot.line).second)
        tell(at(file, slot.line), Fault(*kind, {{"channel", channel.id}}));
    }
    if (is_feed && !pattern.fillers.empty())
      tell(at(file, pattern.line), Fault(faults::programme_on_feed, {{"channel", channel.id}}));
    if (!is_feed && pattern.fillers.empty() && !pattern.slots.empty())
      tell(at(file, pattern.line), Fault(faults::fillers_missing, {{"channel", channel.id}}));
  }

  void campaign(const Campaign &campaign) {
    for (const auto &rotation : campaign.assets)
      if (!station_.asset(rotation.asset))
        tell(rotation.at, Fault(faults::asset_unknown, {{"asset", rotation.asset}}));
    for (const auto &target : campaign.targets) {
      if (target.is_for_all || !target.places.empty()) continue;  // only what carries it is meant
      for (const std::string &id : target.channels) {
        if (!station_.channel(id))
          tell_unknown_channel(target.at, id);
        else if (const GridFile *file = grid_of(id))
          this->target(campaign, target, *file);
      }
    }
  }

  /// Whether a target can be met at all: hours, class, lengths.
  void target(const Campaign &campaign, const campaigns::Target &target, const GridFile &file) {
    const auto carried = breaks_for(campaign, file.grid);
    if (carried.empty()) {
      const Words words = campaigns::words(campaign.ad_class);
      return tell(target.at, Fault(faults::target_not_carried, {{"campaign", campaign.id},
                                                                {"channel", file.grid.channel()},
                                                                {"class_zh", words.zh},
                                                                {"class_en", words.en}}));
    }
    for (const auto &window : campaign.windows)
      if (std::none_of(carried.begin(), carried.end(),
                       [&](const Slot *slot) { return is_inside(*slot, window); }))
        tell(window.at,
             Fault(faults::target_off_hours, {{"campaign", campaign.id},
                                              {"channel", file.grid.channel()},
                                              {"from", clock_text(window.from_s * 1000LL)},
                                              {"to", clock_text(window.to_s * 1000LL)}}));
    std::int64_t longest_ms = 0;
    for (const Slot *slot : carried) longest_ms = std::max(longest_ms, slot->length_ms);
    if (longest_ms == 0) return;  // moments take what they are given
    for (const auto &rotation : campaign.assets) {
      const AssetSource *asset = station_.asset(rotation.asset);
      if (asset && asset->seconds * 1000LL > longest_ms)
        tell(rotation.at,
             Fault(faults::asset_too_long, {{"asset", asset->id},
                                            {"seconds", std::to_string(asset->seconds)},
                                            {"channel", file.grid.channel()},
                                            {"longest", length_text(longest_ms)}}));
    }
  }

  static std::vector<const Slot *> breaks_for(const Campaign &campaign, const grids::Grid &grid) {
    std::vector<const Slot *> carried;
    for (const Pattern &pattern : grid.patterns())
      for (const Slot &slot : pattern.slots)
        if (slot.is_break &&
            (slot.carries.empty() ||
             std::count(slot.carries.begin(), slot.carries.end(), campaign.ad_class)))
          carried.push_back(&slot);
    return carried;
  }

  static bool is_inside(const Slot &slot, const campaigns::Window &window) {
    return slot.start_ms >= window.from_s * 1000LL && slot.start_ms < window.to_s * 1000LL;
  }

  const Station &station_;
  const std::vector<GridFile> &grids_;
  Faults faults_;
};

}  // namespace

Faults cross_check(const Station &station, const std::vector<GridFile> &grids) {
  return CrossCheck(station, grids).run();
}

}  // namespace civicast::station
