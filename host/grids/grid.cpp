// SPDX-License-Identifier: Apache-2.0
#include "host/grids/grid.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/grids/pattern.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::grids {
namespace {

constexpr std::int64_t usual_day_ns = 86'400 * ns_per_s;

/// A slot on its day.
struct Timed {
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  const Slot *slot = nullptr;
  bool is_second_run = false;  ///< of an hour that comes twice
};

bool shows(const Zone &zone, std::int64_t instant_ns, Date date, int second_of_day) {
  return zone.second_of_day(instant_ns) == second_of_day && zone.date_at(instant_ns) == date;
}

/// Where the clock is set forward over a slot's start, the slot does not come; where an hour comes
/// twice, repeats come twice.
void place_on_odd_day(const Slot &slot, const GridDay &day, const Zone &zone,
                      std::vector<Timed> &out) {
  const int second = static_cast<int>(slot.start_ms / 1000);
  const auto instant = zone.instant(day.date, second);
  const auto add = [&](std::int64_t start_ns, bool is_second_run) {
    start_ns += slot.start_ms % 1000 * ns_per_ms;
    out.push_back({start_ns, start_ns + slot.length_ms * ns_per_ms, &slot, is_second_run});
  };
  if (shows(zone, instant, day.date, second)) add(instant, false);
  const auto again = instant + (day.end_ns - day.start_ns - usual_day_ns);
  if (slot.repeats && again > instant && shows(zone, again, day.date, second)) add(again, true);
}

std::vector<Timed> on_day(const std::vector<Slot> &slots, const GridDay &day, const Zone &zone) {
  std::vector<Timed> out;
  out.reserve(slots.size());
  if (day.end_ns - day.start_ns == usual_day_ns) {
    for (const Slot &slot : slots) {
      const auto start_ns = day.start_ns + slot.start_ms * ns_per_ms;
      out.push_back({start_ns, start_ns + slot.length_ms * ns_per_ms, &slot, false});
    }
    return out;
  }
  for (const Slot &slot : slots) place_on_odd_day(slot, day, zone, out);
  std::stable_sort(out.begin(), out.end(),
                   [](const Timed &a, const Timed &b) { return a.start_ns < b.start_ns; });
  // What lasts over the change of the clock gives way to what comes next.
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto limit = i + 1 < out.size() ? out[i + 1].start_ns : day.end_ns;
    out[i].end_ns = std::min(out[i].end_ns, limit);
  }
  return out;
}

std::string id_of(const Timed &timed, const std::string &day) {
  const auto ms = timed.slot->start_ms;
  auto id =
      fmt::format("{}/{:02}{:02}{:02}", day, ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60);
  if (ms % 1000) id += fmt::format(".{:03}", ms % 1000);
  if (timed.is_second_run) id += 'r';
  if (!timed.slot->is_break) id += 'p';
  return id;
}

const Pattern *pattern_of(const std::vector<Pattern> &patterns, Date date) {
  for (const Pattern &pattern : patterns)
    if (pattern.weekdays.empty() && pattern.first <= date && date <= pattern.last) return &pattern;
  const int weekday = iso_weekday(date);
  for (const Pattern &pattern : patterns)
    if (std::count(pattern.weekdays.begin(), pattern.weekdays.end(), weekday)) return &pattern;
  return nullptr;
}

}  // namespace

Grid::Grid(std::string channel, std::vector<Pattern> patterns)
    : channel_(std::move(channel)), patterns_(std::move(patterns)) {}
Grid::Grid(const Grid &) = default;
Grid::Grid(Grid &&) noexcept = default;
Grid &Grid::operator=(Grid &&) noexcept = default;
Grid::~Grid() = default;

GridDay Grid::day(Date date, const Zone &zone) const {
  GridDay day;
  day.channel = channel_;
  day.date = date;
  day.start_ns = zone.instant(date, 0);
  day.end_ns = zone.instant(next_day(date), 0);
  const Pattern *pattern = pattern_of(patterns_, date);
  if (!pattern) return day;
  day.fillers = pattern->fillers;
  day.commercials = pattern->commercials;
  const auto prefix = channel_ + "/" + date_text(date);
  for (const Timed &timed : on_day(pattern->slots, day, zone)) {
    const Slot &slot = *timed.slot;
    if (slot.is_break) {
      day.breaks.push_back({id_of(timed, prefix), timed.start_ns, timed.end_ns - timed.start_ns,
                            slot.max_items, slot.carries});
    } else {
      day.programmes.push_back(
          {id_of(timed, prefix), timed.start_ns, timed.end_ns, slot.asset, slot.live, slot.title});
    }
  }
  return day;
}

std::vector<std::string> Grid::assets() const {
  std::vector<std::string> assets;
  for (const Pattern &pattern : patterns_) {
    assets.insert(assets.end(), pattern.fillers.begin(), pattern.fillers.end());
    for (const Slot &slot : pattern.slots)
      if (!slot.is_break && !slot.asset.empty()) assets.push_back(slot.asset);
  }
  std::sort(assets.begin(), assets.end());
  assets.erase(std::unique(assets.begin(), assets.end()), assets.end());
  return assets;
}

}  // namespace civicast::grids
