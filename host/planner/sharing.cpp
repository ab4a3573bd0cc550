// SPDX-License-Identifier: Apache-2.0
#include "host/planner/sharing.hpp"

#include <algorithm>
#include <limits>

namespace civicast::planner {

/// Where the airing would stand in the other break; false: nowhere, or too near to another of its
/// lane.
bool Sharing::place(const Board::Seat &seat, int there, Item &item) const {
  const LaneDay &from = layout_.lane_days[at_index(seat.lane_day)];
  const auto to = layout_.spot(from.goal, there);
  if (!to) return false;
  const LaneDay &of = layout_.lane_days[at_index(to->lane_day)];
  const auto length_ns = layout_.length_ns(of, seat.airing.asset);
  if (length_ns < 0) return false;
  item.change = {seat.lane_day,
                 to->lane_day,
                 seat.airing,
                 {static_cast<std::int16_t>(to->step), seat.airing.asset}};
  item.lengths_ns[1 - item.side] = length_ns;
  const std::size_t at = of.first + at_index(to->step);
  const auto step_cost = [&](const LaneDay &lane_day, const Airing &airing) {
    return board_.step_cost(lane_day.first + at_index(airing.step));
  };
  item.delta = step_cost(of, item.change.to) - step_cost(from, item.change.from);
  const auto [low, high] = std::minmax(item.change.from.step, item.change.to.step);
  const bool is_same = seat.lane_day == to->lane_day;
  const Stretch around = is_same ? board_.stretch(seat.lane_day, low, high + 1)
                                 : board_.stretch(to->lane_day, to->step, to->step + 1);
  const auto [first, end] = board_.in(to->lane_day, around);
  if (end - first != (is_same ? 1 : 0)) return false;
  if (!is_same && board_.airings(to->lane_day).size() >= at_index(of.most)) return false;
  const auto [from_ns, to_ns] = board_.limits(to->lane_day, around);
  if (layout_.start_ns[at] < from_ns || layout_.next_ns[at] > to_ns) return false;
  const auto gaps = [&](int lane_day, const Stretch &stretch, const Airing *a, const Airing *b) {
    return static_cast<float>(
        gaps_cost(layout_, layout_.lane_days[at_index(lane_day)], stretch, a, b));
  };
  const Airing *after = &item.change.to, *before = &item.change.from;
  item.delta +=
      gaps(to->lane_day, around, after, after + 1) - gaps(to->lane_day, around, first, end);
  if (!is_same) {
    const Stretch alone = board_.stretch(seat.lane_day, before->step, before->step + 1);
    item.delta +=
        gaps(seat.lane_day, alone, before, before) - gaps(seat.lane_day, alone, before, before + 1);
  }
  return true;
}

void Sharing::collect(int here, int there, int side, double heat) {
  free_ns_[side] = layout_.problem.breaks[at_index(here)].length_ns;
  const int places = layout_.problem.breaks[at_index(here)].max_items;
  places_[side] = places > 0 ? places : std::numeric_limits<int>::max();
  for (const Board::Seat &seat : board_.seats(here)) {
    Item item;
    item.side = side;
    item.seat = &seat;
    item.lengths_ns[side] = seat.length_ns;
    item.can_move = place(seat, there, item);
    if (item.can_move) item.delta += static_cast<float>(heat) * dice_.noise();
    items_.push_back(item);
  }
}

/// Those that cannot move take their room first.
bool Sharing::prepare() {
  if (items_.size() > most_items) return false;
  const auto movable = std::stable_partition(items_.begin(), items_.end(),
                                             [](const Item &item) { return item.can_move; });
  movable_ = static_cast<std::size_t>(movable - items_.begin());
  if (movable_ == 0 || movable_ > most) return false;
  for (std::size_t i = 0; i < items_.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const int one = items_[i].seat->campaign, other = items_[j].seat->campaign;
      if (one != other && !layout_.excludes(one, other)) continue;
      items_[i].conflicts |= 1U << j;
      items_[j].conflicts |= 1U << i;
    }
  on_[0] = on_[1] = 0;
  for (std::size_t i = movable_; i < items_.size(); ++i) {
    free_ns_[items_[i].side] -= items_[i].lengths_ns[items_[i].side];
    --places_[items_[i].side];
    on_[items_[i].side] |= 1U << i;
  }
  saving_.assign(movable_ + 1, 0);
  for (std::size_t i = movable_; i-- > 0;)
    saving_[i] = saving_[i + 1] + std::min(0.0F, items_[i].delta);
  return true;
}

void Sharing::choose(std::size_t next, std::uint32_t moved, float cost) {
  if (cost + saving_[next] >= least_) return;
  if (next == movable_) {
    least_ = cost;
    best_ = moved;
    return;
  }
  const Item &item = items_[next];
  const std::uint32_t bit = 1U << next;
  for (const bool moves : {false, true}) {
    const int side = moves ? 1 - item.side : item.side;
    if (item.lengths_ns[side] > free_ns_[side] || places_[side] <= 0 ||
        (item.conflicts & on_[side]) != 0)
      continue;
    free_ns_[side] -= item.lengths_ns[side];
    --places_[side];
    on_[side] |= bit;
    choose(next + 1, moves ? moved | bit : moved, moves ? cost + item.delta : cost);
    free_ns_[side] += item.lengths_ns[side];
    ++places_[side];
    on_[side] &= ~bit;
  }
}

const std::vector<Sharing::Change> &Sharing::find(int one, int other, double heat) {
  changes_.clear();
  items_.clear();
  collect(one, other, 0, heat);
  collect(other, one, 1, heat);
  if (!prepare()) return changes_;
  best_ = 0;
  least_ = -1e-7F;
  choose(0, 0, 0);
  for (std::size_t i = 0; i < movable_; ++i)
    if ((best_ >> i & 1U) != 0) changes_.push_back(items_[i].change);
  return changes_;
}

}  // namespace civicast::planner
