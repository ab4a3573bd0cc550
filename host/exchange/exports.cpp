// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <set>

#include "host/counts/index.hpp"
#include "host/exchange/as_run.hpp"
#include "host/exchange/bxf.hpp"
#include "host/exchange/ccms.hpp"
#include "host/exchange/faults.hpp"
#include "host/exchange/house.hpp"
#include "host/exchange/planned.hpp"
#include "host/exchange/spots.hpp"
#include "host/exchange/uuid5.hpp"
#include "host/playlists/faults.hpp"

namespace civicast::exchange {
namespace {

using playlists::Item;
using playlists::ItemKind;

Fault no_playlist(const std::string &channel, Date date) {
  return Fault(civicast::faults::playlist_absent,
               {{"channel", channel}, {"date", date_text(date)}});
}

/// Only ads stand in CCMS, each by its spot id, its title as an inserter can show it.
Result<std::vector<Event>, Faults> for_ccms(const House &house, std::vector<Event> events) {
  const Spots spots(house.station.assets);
  Faults faults;
  std::size_t left_out = 0;
  std::erase_if(events, [](const Event &event) { return event.ad_type.empty(); });
  for (Event &event : events) {
    const auto *asset = house.station.asset(event.spot);
    if (asset != nullptr && !asset->title.en.empty()) event.title = asset->title.en;
    const auto spot = spots.spot_of(event.spot);
    if (spot)
      event.spot = *spot;
    else if (std::none_of(faults.begin(), faults.end(), [&](const Fault &fault) {
               return fault.facts().front().second == event.spot;
             }))
      tell(faults, Fault(faults::spot_unfit, {{"asset", event.spot}}), left_out);
  }
  conclude(faults, left_out);
  if (!faults.empty()) return faults;
  return events;
}

Result<File, Faults> ccms_file(const House &house, const channels::Channel &channel, Date date,
                               std::vector<Event> events, bool is_as_run) {
  auto spots = for_ccms(house, std::move(events));
  if (!spots) return spots.fault();
  auto text = write_ccms(*spots, is_as_run);
  if (!text) return text.fault();
  return File{ccms_file_name(date, channel.traffic_id, is_as_run), "text/plain; charset=utf-8",
              *std::move(text)};
}

File bxf_file(const House &house, const channels::Channel &channel, Date date,
              std::vector<Event> events, bool is_as_run) {
  for (Event &event : events) event.id = urn_of("event", event.id);
  const BxfHead head{channel.id, channel.name.zh, house.station.id, date, house.now_ns};
  const Zone &zone = house.station.zone;
  return {
      bxf_file_name(head, is_as_run), "application/xml; charset=utf-8",
      is_as_run ? write_bxf_as_run(events, head, zone) : write_bxf_schedule(events, head, zone)};
}

/// Final facts of what was planned for `date`.
std::vector<airings::Airing> airings_of(const House &house, const std::string &channel, Date date,
                                        const std::vector<Item> &items) {
  constexpr std::int64_t hour_ns = 3600 * ns_per_s;
  const Zone &zone = house.station.zone;
  const std::int64_t day_ns = zone.instant(date, 0), end_ns = zone.instant(next_day(date), 0);
  counts::Filter filter;
  filter.channel = channel;
  filter.limit = std::numeric_limits<std::int32_t>::max();
  std::vector<airings::Airing> airings;
  std::set<std::string> known;
  const auto take = [&] {
    for (auto &entry : counts::list(house.store, filter)) {
      const auto planned_ns = entry.airing.planned_start_ns;
      if (planned_ns < day_ns || planned_ns >= end_ns) continue;
      if (entry.airing.item == playlists::word(ItemKind::bulletin)) continue;
      known.insert(entry.airing.placement);
      airings.push_back(std::move(entry.airing));
    }
  };
  // It may have run a little before or after its day.
  filter.from_ns = day_ns - hour_ns;
  filter.to_ns = end_ns + hour_ns;
  take();
  // A miss may have no time of its own.
  filter.from_ns = filter.to_ns = std::nullopt;
  for (const Item &item : items) {
    if (known.count(item.id) > 0) continue;
    filter.placement = item.id;
    take();
  }
  return airings;
}

/// The day without bulletins: they are this system's own business, and stand over what a schedule
/// or its as-run can say one after the other. What they pre-empted is told of itself.
std::vector<Item> scheduled(const House &house, const std::string &channel, Date date) {
  std::vector<Item> items = house.playlists.day(channel, date);
  std::erase_if(items, [](const Item &item) { return item.kind == ItemKind::bulletin; });
  return items;
}

}  // namespace

Result<File, Faults> export_schedule(const House &house, const std::string &channel_id, Date date,
                                     Format format) {
  const auto channel = channel_named(house, channel_id);
  if (!channel) return channel.fault();
  if (!house.playlists.has_day(channel_id, date)) return Faults{no_playlist(channel_id, date)};
  auto events = planned_events(scheduled(house, channel_id, date), house.station.zone);
  if (format == Format::ccms) return ccms_file(house, **channel, date, std::move(events), false);
  return bxf_file(house, **channel, date, std::move(events), false);
}

Result<File, Faults> export_as_run(const House &house, const std::string &channel_id, Date date,
                                   Format format) {
  const auto channel = channel_named(house, channel_id);
  if (!channel) return channel.fault();
  const auto items = scheduled(house, channel_id, date);
  const auto airings = airings_of(house, channel_id, date, items);
  if (airings.empty() && !house.playlists.has_day(channel_id, date))
    return Faults{no_playlist(channel_id, date)};
  auto events = as_run_events(items, airings, house.station.zone, house.now_ns);
  if (format == Format::ccms) return ccms_file(house, **channel, date, std::move(events), true);
  return bxf_file(house, **channel, date, std::move(events), true);
}

}  // namespace civicast::exchange
