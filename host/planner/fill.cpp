// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "host/planner/search.hpp"

namespace civicast::planner {
namespace {

/// The part of a lane's eligible breaks that lies on one day.
struct DayRange {
  std::size_t from = 0, to = 0;
};

DayRange range_of(const Draft &draft, const Lane &lane, int day) {
  const auto day_at = [&](int ordinal) {
    return draft.problem().breaks[static_cast<std::size_t>(draft.break_at(lane, ordinal))].day;
  };
  const auto from = std::partition_point(lane.eligible.begin(), lane.eligible.end(),
                                         [&](int ordinal) { return day_at(ordinal) < day; });
  const auto to = std::partition_point(from, lane.eligible.end(),
                                       [&](int ordinal) { return day_at(ordinal) <= day; });
  return {static_cast<std::size_t>(from - lane.eligible.begin()),
          static_cast<std::size_t>(to - lane.eligible.begin())};
}

/// Adds the lane to the free break nearest to `ideal_s`; false if the day has none.
bool add_near(Draft &draft, const Lane &lane, DayRange range, std::int64_t ideal_s) {
  const auto first = lane.eligible.begin() + static_cast<std::ptrdiff_t>(range.from);
  const auto last = lane.eligible.begin() + static_cast<std::ptrdiff_t>(range.to);
  auto right = std::partition_point(
      first, last, [&](int ordinal) { return draft.window_second(lane, ordinal) < ideal_s; });
  auto left = right;
  while (left != first || right != last) {
    const bool takes_right =
        left == first ||
        (right != last && draft.window_second(lane, *right) - ideal_s <
                              ideal_s - draft.window_second(lane, *std::prev(left)));
    const int ordinal = takes_right ? *right++ : *--left;
    if (const int asset = draft.asset_for(lane, ordinal); asset >= 0) {
      draft.add(lane, ordinal, asset);
      return true;
    }
  }
  return false;
}

/// Lanes by weight, so that in turn the heavier one chooses first.
std::vector<std::size_t> by_weight(const Draft &draft) {
  std::vector<std::size_t> order(draft.lanes().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto weight = [&](std::size_t lane) {
    return draft.problem().campaigns[static_cast<std::size_t>(draft.lanes()[lane].campaign)].weight;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
  return order;
}

/// The `turn`-th airing of a lane on a day, of so many.
struct Wish {
  std::size_t lane = 0;
  std::int64_t turn = 0, of = 1;
};

/// All wishes of a day. Those at the same part of their lane's quota come together, so that a lane
/// that wants twice as much chooses twice as often.
std::vector<Wish> wishes_of(const Draft &draft, int day, const std::vector<std::size_t> &order) {
  std::vector<Wish> wishes;
  for (const std::size_t index : order) {
    const Lane &lane = draft.lanes()[index];
    const DayRange range = range_of(draft, lane, day);
    const int open = static_cast<int>(range.to - range.from);
    const int missing = std::min(draft.missing_on(lane, day), open);
    for (int turn = 0; turn < missing; ++turn) wishes.push_back({index, turn, missing});
  }
  std::stable_sort(wishes.begin(), wishes.end(), [](const Wish &a, const Wish &b) {
    return (2 * a.turn + 1) * b.of < (2 * b.turn + 1) * a.of;
  });
  return wishes;
}

void fill_day(Draft &draft, int day, const std::vector<std::size_t> &order) {
  std::vector<DayRange> ranges;
  for (const Lane &lane : draft.lanes()) ranges.push_back(range_of(draft, lane, day));
  for (const Wish &wish : wishes_of(draft, day, order)) {
    const Lane &lane = draft.lanes()[wish.lane];
    DayRange &range = ranges[wish.lane];
    if (range.from == range.to || draft.missing_on(lane, day) <= 0 || !draft.is_wanted(lane, day))
      continue;
    const Lane::Day &bounds = lane.days[static_cast<std::size_t>(day)];
    const auto ideal_s = bounds.from_s + bounds.even_s * wish.turn + bounds.even_s / 2;
    if (!add_near(draft, lane, range, ideal_s)) range = {};  // The day has no room left for it.
  }
}

/// What is still missing goes to the days that can take it, each in turn.
void fill_up(Draft &draft, const std::vector<std::size_t> &order) {
  bool goes_on = true;
  std::vector<std::vector<bool>> is_full(
      draft.lanes().size(), std::vector<bool>(static_cast<std::size_t>(draft.problem().days)));
  while (goes_on) {
    goes_on = false;
    for (const std::size_t index : order)
      for (int day = 0; day < draft.problem().days; ++day) {
        const Lane &lane = draft.lanes()[index];
        if (is_full[index][static_cast<std::size_t>(day)] || !draft.is_wanted(lane, day)) continue;
        const Lane::Day &bounds = lane.days[static_cast<std::size_t>(day)];
        const auto middle_s = (bounds.from_s + bounds.to_s) / 2;
        if (add_near(draft, lane, range_of(draft, lane, day), middle_s))
          goes_on = true;
        else
          is_full[index][static_cast<std::size_t>(day)] = true;
      }
  }
}

}  // namespace

void keep_published(Draft &draft) {
  const Problem &problem = draft.problem();
  for (const Published &one : problem.published) {
    const Break &at = problem.breaks[static_cast<std::size_t>(one.in_break)];
    const int index = draft.lane_of(one.campaign, at.channel);
    if (index < 0) continue;
    const Lane &lane = draft.lanes()[static_cast<std::size_t>(index)];
    const int ordinal = draft.ordinal_of(one.in_break);
    if (!std::binary_search(lane.eligible.begin(), lane.eligible.end(), ordinal) ||
        !draft.is_wanted(lane, at.day))
      continue;
    if (const int asset = draft.asset_for(lane, ordinal); asset >= 0)
      draft.add(lane, ordinal, asset);
  }
}

void fill_evenly(Draft &draft) {
  const auto order = by_weight(draft);
  for (int day = 0; day < draft.problem().days; ++day) fill_day(draft, day, order);
  fill_up(draft, order);
}

}  // namespace civicast::planner
