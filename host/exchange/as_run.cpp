// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/as_run.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "host/exchange/ccms_columns.hpp"
#include "host/exchange/planned.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::exchange {
namespace {

using airings::Airing;
using airings::Evidence;
using airings::FactKind;
using airings::Status;
using playlists::Item;
using playlists::ItemKind;

bool is_better(const Airing &a, const Airing &b) {
  const bool a_aired = a.fact == FactKind::aired, b_aired = b.fact == FactKind::aired;
  if (a_aired != b_aired) return a_aired;
  if (a.evidence != b.evidence) return a.evidence < b.evidence;
  return a.start_ns < b.start_ns;
}

std::map<std::string, const Airing *> best_of(const std::vector<Airing> &airings) {
  std::map<std::string, const Airing *> best;
  for (const Airing &one : airings) {
    if (one.dispute) continue;
    const auto [at, is_new] = best.emplace(one.placement, &one);
    if (!is_new && is_better(one, *at->second)) at->second = &one;
  }
  return best;
}

ItemKind kind_of(const Airing &airing) {
  for (const auto kind : {ItemKind::placement, ItemKind::programme, ItemKind::filler})
    if (airing.item == playlists::word(kind)) return kind;
  return ItemKind::placement;
}

/// What a later plan took out, as it was planned.
Item item_of(const Airing &airing) {
  Item item;
  item.id = airing.placement;
  item.kind = kind_of(airing);
  item.start_ns = airing.planned_start_ns;
  item.end_ns = airing.planned_end_ns;
  item.asset = airing.asset;
  item.title = airing.title;
  item.campaign = airing.campaign;
  item.ad_class = campaigns::ad_class_named(airing.ad_class).value_or(campaigns::AdClass::psa);
  return item;
}

Status status_of(const Airing &airing) {
  if (airing.evidence == Evidence::inferred) return Status::unknown;
  if (airing.fact == FactKind::aired) return Status::aired_without_discrepancy;
  if (airing.fact == FactKind::withdrawn) return Status::did_not_air;
  return airing.status == Status::none ? Status::unknown : airing.status;
}

void say(Event &event, const Airing &airing, const Zone &zone) {
  event.status = status_of(airing);
  if (airing.start_ns != 0 && airing.end_ns >= airing.start_ns &&
      airing.fact != FactKind::withdrawn && airing.evidence != Evidence::inferred) {
    event.actual.start = local_time(airing.start_ns, zone);
    event.actual.length_ms = (airing.end_ns - airing.start_ns) / ns_per_ms;
    event.actual.position = event.position;
  }
  event.note = "evidence: " + std::string(word(airing.evidence));
}

}  // namespace

std::vector<Event> as_run_events(const std::vector<Item> &items, const std::vector<Airing> &airings,
                                 const Zone &zone, std::int64_t now_ns) {
  const auto best = best_of(airings);
  std::vector<Item> all = items;
  std::set<std::string> current;
  for (const Item &item : items) current.insert(item.id);
  for (const auto &[id, airing] : best)
    if (current.count(id) == 0 && airing->fact != FactKind::withdrawn)
      all.push_back(item_of(*airing));
  std::stable_sort(all.begin(), all.end(),
                   [](const Item &a, const Item &b) { return a.start_ns < b.start_ns; });
  std::vector<Event> events = planned_events(all, zone);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto known = best.find(all[i].id);
    if (known != best.end()) {
      say(events[i], *known->second, zone);
    } else if (all[i].end_ns <= now_ns) {
      events[i].status = Status::unknown;
      events[i].note = "evidence: none";
    }
    const bool is_proven = events[i].status == Status::aired_without_discrepancy;
    events[i].code = is_proven ? ccms_code::aired : ccms_code::failed;
  }
  return events;
}

}  // namespace civicast::exchange
