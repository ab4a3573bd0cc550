// SPDX-License-Identifier: Apache-2.0
#include "host/playlists/import.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "host/playlists/diff.hpp"
#include "host/playlists/faults.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::playlists {
namespace {

bool is_among(const std::string &id, const std::vector<std::string> &ids) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

std::string length_of(std::int64_t ns) {
  return fmt::format("{:.3f} s", static_cast<double>(ns) / static_cast<double>(ns_per_s));
}

class Accepting {
 public:
  Accepting(const Reading &reading, const ImportRules &rules) : reading_(reading), rules_(rules) {}

  Result<std::vector<Item>, Faults> run() && {
    const Playlist &playlist = reading_.playlist;
    if (!is_among(playlist.channel, rules_.channels))
      return Faults{Fault(faults::playlist_channel_unknown,
                          {{"channel", playlist.channel},
                           {"known", fmt::format("{}", fmt::join(rules_.channels, ", "))}})
                        .at(reading_.at)};
    if (rules_.day_end_ns <= rules_.from_ns)
      return Faults{Fault(faults::playlist_day_past,
                          {{"date", date_text(playlist.date)}, {"from", local(rules_.from_ns)}})
                        .at(reading_.at)};
    std::vector<Item> items;
    for (std::size_t i = 0; i < playlist.items.size(); ++i) {
      Item item = playlist.items[i];
      if (item.start_ns < rules_.from_ns) continue;
      if (item.kind == ItemKind::bulletin) {
        look_at_bulletin(item, reading_.items_at[i]);
        continue;
      }
      look_at(item, reading_.items_at[i]);
      if (item.id.empty()) item.id = rules_.new_id();
      items.push_back(std::move(item));
    }
    if (!faults_.empty()) return std::move(faults_);
    return items;
  }

 private:
  std::string local(std::int64_t ns) const { return rules_.zone->local_text(ns); }

  void tell(Fault fault, const std::string &at) {
    if (faults_.size() < max_faults) faults_.push_back(std::move(fault).at(at));
  }

  void look_at(const Item &item, const std::string &at) {
    const Playlist &playlist = reading_.playlist;
    if (item.start_ns < rules_.day_start_ns || item.start_ns >= rules_.day_end_ns)
      tell(Fault(faults::playlist_outside_day,
                 {{"start", local(item.start_ns)}, {"date", date_text(playlist.date)}}),
           at);
    look_at_asset(item, at);
    if (item.kind == ItemKind::placement && !is_among(item.campaign, rules_.campaigns))
      tell(Fault(faults::playlist_campaign_unknown, {{"campaign", item.campaign}}), at);
    for (const Item &stays : rules_.standing)
      if (stays.kind != ItemKind::bulletin && stays.start_ns < item.end_ns &&
          stays.end_ns > item.start_ns)
        tell(Fault(faults::playlist_overlaps_frozen, {{"start", local(item.start_ns)},
                                                      {"asset", stays.asset},
                                                      {"end", local(stays.end_ns)}}),
             at);
    look_at_id(item, at);
  }

  /// It is nothing that an import changes; one that was exported may stand in the file.
  void look_at_bulletin(const Item &item, const std::string &at) {
    const auto found = item.id.empty() ? std::nullopt : rules_.find(item.id);
    if (!found || found->channel != reading_.playlist.channel || !says_the_same(found->item, item))
      tell(Fault(faults::playlist_bulletin_changed), at);
  }

  void look_at_asset(const Item &item, const std::string &at) {
    if (!item.live.empty() && item.asset.empty()) return;  // live without a standby
    const auto duration_ns = rules_.duration_ns(item.asset);
    if (!duration_ns)
      return tell(Fault(faults::playlist_asset_unknown,
                        {{"channel", reading_.playlist.channel}, {"asset", item.asset}}),
                  at);
    // On a feed a placement is a moment, whatever it shows.
    const std::int64_t length_ns = item.end_ns - item.start_ns;
    if (item.kind == ItemKind::placement && length_ns != 0 && length_ns != *duration_ns)
      tell(Fault(faults::playlist_wrong_length, {{"length", length_of(length_ns)},
                                                 {"asset", item.asset},
                                                 {"expected", length_of(*duration_ns)}}),
           at);
  }

  /// An id names one thing for ever: it may come back only for the same asset at the same place.
  void look_at_id(const Item &item, const std::string &at) {
    if (item.id.empty()) return;
    const auto found = rules_.find(item.id);
    if (!found) return;
    const bool is_same = found->is_current && found->channel == reading_.playlist.channel &&
                         found->date == reading_.playlist.date && found->item.kind == item.kind &&
                         found->item.start_ns >= rules_.from_ns &&
                         found->item.asset == item.asset && found->item.live == item.live &&
                         found->item.campaign == item.campaign &&
                         found->item.start_ns == item.start_ns && found->item.end_ns == item.end_ns;
    if (!is_same)
      tell(Fault(faults::playlist_id_taken,
                 {{"id", item.id}, {"owner", found->channel + " " + local(found->item.start_ns)}}),
           at);
  }

  static constexpr std::size_t max_faults = 200;
  const Reading &reading_;
  const ImportRules &rules_;
  Faults faults_;
};

}  // namespace

Result<std::vector<Item>, Faults> accept(const Reading &reading, const ImportRules &rules) {
  return Accepting(reading, rules).run();
}

}  // namespace civicast::playlists
