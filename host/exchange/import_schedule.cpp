// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "host/base/id.hpp"
#include "host/exchange/draft.hpp"
#include "host/exchange/house.hpp"
#include "host/playlists/import.hpp"

namespace civicast::exchange {
namespace {

using playlists::Item;
using playlists::ItemKind;

/// The day of most of the events: some systems let the last hour spill over midnight.
Date day_of(const std::vector<Event> &events) {
  std::map<Date, std::size_t> counts;
  for (const Event &event : events) ++counts[event.start->date];
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto &a, const auto &b) { return a.second < b.second; })
      ->first;
}

playlists::ImportRules rules_of(const House &house, const channels::Channel &channel, Date date) {
  const auto &station = house.station;
  playlists::ImportRules rules;
  rules.channels = {channel.id};
  for (const auto &campaign : station.campaigns) rules.campaigns.push_back(campaign.id);
  rules.from_ns = house.now_ns + house.frozen_ns;
  rules.day_start_ns = station.zone.instant(date, 0);
  rules.day_end_ns = station.zone.instant(next_day(date), 0);
  rules.duration_ns = [&house, &channel](const std::string &asset) {
    return house.duration_ns(asset, channel);
  };
  rules.find = [&house](const std::string &id) { return house.playlists.find(id); };
  rules.new_id = [&house] { return new_id(house.now_ns); };
  rules.zone = &station.zone;
  for (const auto instant_ns : {rules.from_ns, rules.day_end_ns})
    for (Item &item : house.playlists.between(channel.id, instant_ns, instant_ns + 1))
      if (item.kind != ItemKind::bulletin &&
          (item.start_ns < rules.from_ns || item.start_ns >= rules.day_end_ns))
        rules.standing.push_back(std::move(item));
  return rules;
}

/// Whatever a plan leaves free begins on a whole second, behind what stays.
std::int64_t lay_from(const playlists::ImportRules &rules) {
  std::int64_t from_ns = (rules.from_ns + ns_per_s - 1) / ns_per_s * ns_per_s;
  bool has_standing = false;
  for (const Item &item : rules.standing)
    if (item.start_ns < rules.from_ns && item.end_ns > rules.from_ns) {
      from_ns = has_standing ? std::max(from_ns, item.end_ns) : item.end_ns;
      has_standing = true;
    }
  return std::max(from_ns, rules.day_start_ns);
}

/// Leaves out the items at which a fault points; false if none does.
bool leave_out(playlists::Reading &reading, const Faults &faults) {
  std::set<std::string> bad;
  for (const Fault &fault : faults) bad.insert(fault.where());
  auto &items = reading.playlist.items;
  const std::size_t before = items.size();
  for (std::size_t i = items.size(); i-- > 0;)
    if (bad.count(reading.items_at[i]) > 0) {
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
      reading.items_at.erase(reading.items_at.begin() + static_cast<std::ptrdiff_t>(i));
    }
  return items.size() < before;
}

/// What is accepted; all that is wrong is added to `faults`.
std::vector<Item> accepted(playlists::Reading &reading, const playlists::ImportRules &rules,
                           Faults &faults) {
  for (;;) {
    auto items = playlists::accept(reading, rules);
    if (items) return *std::move(items);
    faults.insert(faults.end(), items.fault().begin(), items.fault().end());
    if (!leave_out(reading, items.fault())) return {};
  }
}

/// An item that says the same keeps its id, as it will when it is stored.
void keep_ids(std::vector<Item> &items, const std::vector<Item> &before) {
  std::multimap<std::int64_t, const Item *> by_start;
  for (const Item &item : before) by_start.emplace(item.start_ns, &item);
  for (Item &item : items) {
    const auto [first, last] = by_start.equal_range(item.start_ns);
    for (auto at = first; at != last; ++at)
      if (playlists::says_the_same(item, *at->second)) {
        item.id = at->second->id;
        by_start.erase(at);
        break;
      }
  }
}

}  // namespace

Result<Imported, Faults> import_schedule(const House &house, const Upload &upload,
                                         const Wish &wish) {
  auto opened = open_upload(house, upload, wish, false);
  if (!opened) return opened.fault();
  Reading &reading = opened->reading;
  const channels::Channel &channel = *opened->channel;
  Imported done;
  done.channel = channel.id;
  done.format = opened->format;
  done.date = wish.date.value_or(day_of(reading.events));
  done.events = reading.events.size();

  const auto rules = rules_of(house, channel, done.date);
  const Spots spots(house.station.assets);
  Draft draft = draft_of(reading.events, upload.name,
                         {house.station, channel, spots, done.date, rules.from_ns, lay_from(rules),
                          rules.duration_ns, rules.new_id});
  done.over = draft.over;
  done.faults = std::move(reading.faults);
  done.remarks = std::move(reading.remarks);
  done.faults.insert(done.faults.end(), draft.faults.begin(), draft.faults.end());
  done.remarks.insert(done.remarks.end(), draft.remarks.begin(), draft.remarks.end());
  auto items = accepted(draft.reading, rules, done.faults);
  std::vector<Item> before = house.playlists.day(channel.id, done.date);
  // A bulletin lies over the plan, and no file takes it away.
  std::erase_if(before, [&](const Item &item) {
    return item.start_ns < rules.from_ns || item.kind == ItemKind::bulletin;
  });
  keep_ids(items, before);
  done.changes = playlists::diff(before, items);
  const bool is_day_over = rules.day_end_ns <= rules.from_ns;
  if (wish.is_trial || is_day_over || (!done.faults.empty() && !wish.is_partial)) return done;
  house.playlists.replace_from(channel.id, done.date, items, rules.from_ns);
  done.is_done = true;
  return done;
}

}  // namespace civicast::exchange
