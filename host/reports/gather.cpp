// SPDX-License-Identifier: Apache-2.0
#include "host/reports/gather.hpp"

#include <iterator>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace civicast::reports {
namespace {

/// Of texts that stay where they are.
using Ids = std::unordered_set<std::string_view>;

Ids ids_of(const std::vector<playlists::Found> &all) {
  Ids ids;
  ids.reserve(all.size());
  for (const auto &one : all) ids.insert(one.item.id);
  return ids;
}

/// What ran in the period but was planned for another day is in that day's report.
void leave_out_other_days(std::vector<counts::Final> &finals, const Ids &planned,
                          playlists::PlaylistStore &playlists) {
  std::erase_if(finals, [&](const counts::Final &fact) {
    if (fact.item.empty() || planned.contains(fact.placement)) return false;
    const auto found = playlists.find(fact.placement);
    return found && found->is_current;
  });
}

/// A fact may be of another time than its plan: those of which nothing was found are asked for by
/// name, and so is what replaced a failure.
void add_far_ones(Books &books, const Ids &planned, store::Store &store) {
  Ids seen;
  seen.reserve(books.finals.size());
  for (const auto &fact : books.finals) seen.insert(fact.placement);
  std::vector<std::string> wanted;
  for (const auto *all : {&books.planned, &books.make_goods})
    for (const auto &one : *all)
      if (!seen.contains(one.item.id)) wanted.push_back(one.item.id);
  auto far = counts::finals_of(store, wanted);
  books.finals.insert(books.finals.end(), std::make_move_iterator(far.begin()),
                      std::make_move_iterator(far.end()));
  std::erase_if(books.make_goods, [&](const playlists::Found &one) {
    return !planned.contains(one.item.makes_good);
  });
}

}  // namespace

Books gather(store::Store &store, playlists::PlaylistStore &playlists, const Zone &zone,
             const Period &period) {
  Books books;
  books.planned = playlists.placements(period.first, period.last, period.channel, period.campaign);
  books.make_goods = playlists.make_goods(period.first);
  books.finals =
      counts::finals(store, {zone.instant(period.first, 0), zone.instant(next_day(period.last), 0),
                             period.channel, period.campaign});
  books.notes = counts::notes(store);
  const Ids planned = ids_of(books.planned);
  leave_out_other_days(books.finals, planned, playlists);
  add_far_ones(books, planned, store);
  return books;
}

}  // namespace civicast::reports
