// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/planned.hpp"

#include <algorithm>

#include "sdk/base/clock.hpp"

namespace civicast::exchange {
namespace {

using playlists::Item;
using playlists::ItemKind;

/// Consecutive ads of one break: [first, last) of the items that are ads.
struct Span {
  std::size_t first, last;
};

/// Ads that name no break are one if each begins where the one before it ends.
bool is_same_break(const Item &before, const Item &after) {
  if (before.break_id != after.break_id) return false;
  return !before.break_id.empty() || before.end_ns == after.start_ns;
}

std::vector<Span> breaks_of(const std::vector<const Item *> &ads) {
  std::vector<Span> breaks;
  for (std::size_t i = 0; i < ads.size(); ++i)
    if (i > 0 && is_same_break(*ads[i - 1], *ads[i]))
      breaks.back().last = i + 1;
    else
      breaks.push_back({i, i + 1});
  return breaks;
}

Window window_of(const Event &first, const Event &last) {
  const std::int64_t midnight_ms = days_between(first.start->date, last.start->date) * ms_per_day;
  const std::int64_t end_ms = midnight_ms + last.start->ms + last.length_ms;
  const std::int64_t start_min = first.start->ms / ms_per_min;
  const std::int64_t end_min = (end_ms + ms_per_min - 1) / ms_per_min;
  return {static_cast<int>(start_min),
          static_cast<int>(std::clamp<std::int64_t>(end_min - start_min, 1, 24 * 60))};
}

Event event_of(const Item &item, const Zone &zone) {
  Event event;
  event.kind = item.kind == ItemKind::programme ? EventKind::programme : EventKind::spot;
  event.start = local_time(item.start_ns, zone);
  event.length_ms = (item.end_ns - item.start_ns) / ns_per_ms;
  event.spot = item.asset;
  event.advertiser = item.campaign;
  event.title = item.title.zh;
  event.is_fill = item.kind == ItemKind::filler;
  event.id = item.id;
  if (item.kind == ItemKind::placement) event.ad_type = ad_type_of(item.ad_class);
  return event;
}

}  // namespace

LocalTime local_time(std::int64_t utc_ns, const Zone &zone) {
  const std::int64_t into_second_ns = (utc_ns % ns_per_s + ns_per_s) % ns_per_s;
  return {zone.date_at(utc_ns), zone.second_of_day(utc_ns) * ms_per_s + into_second_ns / ns_per_ms};
}

std::int64_t instant_ns(const LocalTime &time, const Zone &zone) {
  return zone.instant(time.date, static_cast<int>(time.ms / ms_per_s)) +
         time.ms % ms_per_s * ns_per_ms;
}

std::vector<Event> planned_events(const std::vector<Item> &items, const Zone &zone) {
  std::vector<Event> events;
  events.reserve(items.size());
  std::vector<const Item *> ads;
  std::vector<std::size_t> ad_events;
  for (const Item &item : items) {
    if (item.kind == ItemKind::placement) {
      ads.push_back(&item);
      ad_events.push_back(events.size());
    }
    events.push_back(event_of(item, zone));
  }
  int minute = -1, number = 0;
  for (const Span &one : breaks_of(ads)) {
    const Window window = window_of(events[ad_events[one.first]], events[ad_events[one.last - 1]]);
    number = window.start_min == minute ? number + 1 : 1;
    minute = window.start_min;
    for (std::size_t i = one.first; i < one.last; ++i) {
      Event &event = events[ad_events[i]];
      event.window = window;
      event.break_number = number;
      event.position = static_cast<int>(i - one.first) + 1;
    }
  }
  return events;
}

std::string ad_type_of(campaigns::AdClass ad_class) {
  switch (ad_class) {
    case campaigns::AdClass::psa:
      return "PSA";
    case campaigns::AdClass::promo:
      return "Promo";
    case campaigns::AdClass::commercial:
      return "General";
    case campaigns::AdClass::information:
    case campaigns::AdClass::emergency:
      return "Other";
  }
  return "Other";
}

}  // namespace civicast::exchange
