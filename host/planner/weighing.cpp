// SPDX-License-Identifier: Apache-2.0
#include "host/planner/weighing.hpp"

#include <algorithm>
#include <utility>

namespace civicast::planner {
namespace {

Problem without_published(Problem problem) {
  problem.published.clear();
  return problem;
}

}  // namespace

Weighing::Weighing(const Problem &problem, const Costs &costs,
                   const std::vector<Placement> &placements,
                   std::vector<std::int64_t> closed_before_ns)
    : problem_(without_published(problem)),
      costs_(costs),
      layout_(problem_, costs_),
      board_(layout_),
      closed_before_ns_(std::move(closed_before_ns)) {
  for (const Placement &one : placements) {
    const auto where = spot(one.campaign, one.in_break);
    if (!where || is_taken(*where)) continue;
    if (layout_.length_ns(layout_.lane_days[at_index(where->lane_day)], one.asset) >= 0)
      put(*where, {{static_cast<std::int16_t>(where->step), static_cast<std::int16_t>(one.asset)}});
  }
}

std::optional<Spot> Weighing::spot(int campaign, int in_break) const {
  const auto first_goal =
      std::partition_point(layout_.goals.begin(), layout_.goals.end(),
                           [&](const Goal &goal) { return goal.campaign < campaign; });
  for (auto goal = first_goal; goal != layout_.goals.end() && goal->campaign == campaign; ++goal)
    if (const auto found = layout_.spot(static_cast<int>(goal - layout_.goals.begin()), in_break))
      return found;
  return {};
}

bool Weighing::is_taken(const Spot &spot) const {
  const Airings &airings = board_.airings(spot.lane_day);
  return std::any_of(airings.begin(), airings.end(),
                     [&](const Airing &each) { return each.step == spot.step; });
}

bool Weighing::is_closed(int in_break) const {
  const Break &here = problem_.breaks[at_index(in_break)];
  return !closed_before_ns_.empty() && here.start_ns < closed_before_ns_[at_index(here.channel)];
}

Airings Weighing::lift(const Spot &spot) {
  const Stretch alone = board_.stretch(spot.lane_day, spot.step, spot.step + 1);
  const auto [first, end] = board_.in(spot.lane_day, alone);
  Airings lifted(first, end);
  board_.put(spot.lane_day, alone, {});
  return lifted;
}

void Weighing::put(const Spot &spot, const Airings &airings) {
  board_.put(spot.lane_day, board_.stretch(spot.lane_day, spot.step, spot.step + 1), airings);
}

double Weighing::adding(const Spot &spot) {
  const double before = board_.energy();
  board_.seat(spot.lane_day, board_.stretch(spot.lane_day, spot.step, spot.step + 1),
              {static_cast<std::int16_t>(spot.step)});
  const double with = board_.energy();
  lift(spot);
  return with - before;
}

double Weighing::leaving(const Spot &spot) {
  const double before = board_.energy();
  const Airings lifted = lift(spot);
  const double without = board_.energy();
  put(spot, lifted);
  return without - before;
}

std::optional<Move> Weighing::cheapest(const Spot &but) {
  std::optional<Move> best;
  const LaneDay &from = layout_.lane_days[at_index(but.lane_day)];
  for (const auto &day : layout_.goals[at_index(from.goal)].lane_days)
    for (const int lane_day : day)
      for (int step = 0; step < layout_.lane_days[at_index(lane_day)].steps; ++step) {
        const Spot to{lane_day, step};
        if (to == but || is_closed(in_break(to)) || !is_open(to) ||
            !board_.fits(layout_.lane_days[at_index(lane_day)], step))
          continue;
        const double cost = adding(to);
        if (!best || cost < best->cost) best = Move{in_break(to), cost};
      }
  return best;
}

std::optional<Move> Weighing::elsewhere(const Spot &spot) {
  const double before = board_.energy();
  const Airings lifted = lift(spot);
  const double lost = board_.energy() - before;
  auto best = cheapest(spot);
  put(spot, lifted);
  if (best) best->cost += lost;
  return best;
}

std::vector<Swap> Weighing::swaps(const Spot &wanted) {
  std::vector<Swap> swaps;
  const LaneDay &mine = layout_.lane_days[at_index(wanted.lane_day)];
  if (!is_open(wanted)) return swaps;
  const auto seats = board_.seats(in_break(wanted));
  for (const Board::Seat &seat : seats) {
    if (!board_.fits_without(mine, wanted.step, seat)) continue;
    const Spot rival{seat.lane_day, seat.airing.step};
    const Airings lifted = lift(rival);
    const double gained = adding(wanted);
    put(rival, lifted);
    Swap swap;
    swap.rival = layout_.lane_days[at_index(seat.lane_day)].campaign;
    swap.cost = leaving(rival);
    if (const auto to = elsewhere(rival); to && to->cost <= swap.cost) {
      swap.cost = to->cost;
      swap.moves = to->in_break;
    }
    swap.net = swap.cost + gained;
    swaps.push_back(swap);
  }
  std::stable_sort(swaps.begin(), swaps.end(),
                   [](const Swap &a, const Swap &b) { return a.net < b.net; });
  return swaps;
}

}  // namespace civicast::planner
