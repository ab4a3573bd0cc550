// SPDX-License-Identifier: Apache-2.0
#include "host/planner/moves.hpp"

#include <algorithm>
#include <cmath>

namespace civicast::planner {
namespace {

/// A longer day is planned in stretches: what a move costs must not grow with the day.
constexpr int longest_stretch = 96, longest_even_stretch = 32;
/// Who is ousted may oust another, and so on; so many in a row.
constexpr int longest_chain = 2;
/// In so many of so many full breaks somebody to oust is looked for.
constexpr std::size_t ousting = 2, ousting_of = 5;
/// One of so many moves that oust others is for one airing more: whom a second one would oust
/// might find no other place, and then there would be neither.
constexpr std::size_t one_more_of = 2;

}  // namespace

/// Another lane-day of the same goal, half of the time of the same day; maybe itself.
int Moves::sibling(int lane_day) {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const auto &days = layout_.goals[at_index(of.goal)].lane_days;
  const auto &same = days[at_index(of.day)];
  if (same.size() > 1 && dice_.below(2) == 0) return same[dice_.below(same.size())];
  for (;;) {
    const auto &any = days[dice_.below(days.size())];
    if (!any.empty()) return any[dice_.below(any.size())];
  }
}

/// Another lane-day of the same goal on the same day, half of the time; or itself.
int Moves::sibling_today(int lane_day) {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const auto &same = layout_.goals[at_index(of.goal)].lane_days[at_index(of.day)];
  return dice_.below(2) == 0 ? lane_day : same[dice_.below(same.size())];
}

Stretch Moves::stretch_of(int lane_day, int around) {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const int longest = of.gap_weight > 0 ? longest_even_stretch : longest_stretch;
  if (of.steps <= longest) return board_.stretch(lane_day, 0, of.steps);
  const auto any = [&](int end) { return static_cast<int>(dice_.below(at_index(end))); };
  const int from = around < 0 ? any(of.steps - longest + 1)
                              : std::clamp(around - any(longest), 0, of.steps - longest);
  return board_.stretch(lane_day, from, from + longest);
}

/// How many airings the stretch may have, where there are `own` now and `all` in the lane-day.
int Moves::room_for(const LaneDay &lane_day, int own, int all) const {
  const Goal &goal = layout_.goals[at_index(lane_day.goal)];
  int room = goal.most[at_index(lane_day.day)] - board_.on_day(lane_day.goal, lane_day.day);
  if (!goal.is_daily) room = std::min(room, goal.cap - board_.total(lane_day.goal));
  return std::min(room, lane_day.most - all) + own;
}

/// The number of airings in the stretch that is cheapest with what the goal asks for.
int Moves::best_count(const LaneDay &lane_day, int own, int most) const {
  const Goal &goal = layout_.goals[at_index(lane_day.goal)];
  const int day = board_.on_day(lane_day.goal, lane_day.day) - own;
  const int total = board_.total(lane_day.goal) - own;
  int best = 0;
  double least = 0;
  for (int k = 0; k <= most; ++k) {
    if (paths_.cost(k) >= Paths::closed) break;
    double cost =
        static_cast<double>(paths_.cost(k)) + layout_.pace_cost(goal, lane_day.day, day + k);
    if (!goal.is_daily) cost += layout_.missing_cost(goal, total + k, goal.cap);
    if (k > 0 && cost >= least) continue;
    best = k;
    least = cost;
  }
  return best;
}

/// Someone without whom the lane-day would fit; −1: nobody alone is in its way, or this time nobody
/// is looked for. A plan that ousts many fails with any of them.
int Moves::rival_at(const LaneDay &lane_day, int step) {
  if (dice_.below(ousting_of) >= ousting) return -1;
  const int in_break = layout_.in_break[lane_day.first + at_index(step)];
  if (std::find(taken_.begin(), taken_.end(), in_break) != taken_.end()) return -1;
  const auto &seats = board_.seats(in_break);
  return seats.empty() ? -1 : board_.rival(lane_day, step, dice_.below(seats.size()));
}

float Moves::price_of(const LaneDay &lane_day, int step, std::int64_t own_ns, const Wish &wish,
                      int &rival) {
  const std::size_t at = lane_day.first + at_index(step);
  float price = board_.step_cost(at);
  if (!wish.is_firm) {
    price += board_.crowding(lane_day, step, own_ns);
  } else if (own_ns < 0 && !board_.fits(lane_day, step)) {
    rival = wish.may_oust ? rival_at(lane_day, step) : -1;
    if (rival < 0) return Paths::closed;
    const auto &other = layout_.lane_days[at_index(rival)];
    price += (*room_price_)[at_index(layout_.in_break[at])] *
             static_cast<float>(static_cast<double>(other.shortest_ns) / 1e9);
  }
  return price + static_cast<float>(wish.heat) * dice_.noise();
}

void Moves::price_steps(int lane_day, const Wish &wish, Found &found) {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const Stretch &stretch = found.stretch;
  const auto [first, end] = board_.in(lane_day, stretch);
  const MinimumGains gains = board_.minimum_gains(of, first, end);
  const auto [from_ns, to_ns] = board_.limits(lane_day, stretch);
  prices_.assign(at_index(stretch.to - stretch.from), Paths::closed);
  found.rivals.assign(prices_.size(), -1);
  const Airing *own = first;
  int from = stretch.from, to = stretch.to;  // where the airings around are not too near
  while (from < to && layout_.start_ns[of.first + at_index(from)] < from_ns) ++from;
  while (from < to && layout_.next_ns[of.first + at_index(to - 1)] > to_ns) --to;
  for (int step = from; step < to; ++step) {
    while (own != end && own->step < step) ++own;
    const std::size_t at = of.first + at_index(step);
    const bool is_own = own != end && own->step == step;
    const auto own_ns = is_own ? layout_.length_ns(of, own->asset) : -1;
    const std::size_t place = at_index(step - stretch.from);
    prices_[place] = price_of(of, step, own_ns, wish, found.rivals[place]);
    if (gains.is_any && layout_.in_minima[at] != 0 && prices_[place] < Paths::closed)
      prices_[place] -= gains.of(layout_.in_minima[at]);
  }
}

void Moves::plan(int lane_day, const Wish &wish, Found &found) {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  found.stretch = stretch_of(lane_day, wish.around);
  price_steps(lane_day, wish, found);
  const auto [first, end] = board_.in(lane_day, found.stretch);
  const int own = static_cast<int>(end - first);
  const int all = static_cast<int>(board_.airings(lane_day).size());
  const int most = std::clamp(std::min(room_for(of, own, all), own + wish.most_more), 0,
                              found.stretch.to - found.stretch.from);
  paths_.find(layout_, of, found.stretch, prices_.data(), most);
  const int fewer = std::max(0, own - 1);
  const bool is_fewer = wish.is_fewer && fewer <= most && paths_.cost(fewer) < Paths::closed;
  paths_.take(is_fewer ? fewer : best_count(of, own, most), found.steps);
  found.change = static_cast<int>(found.steps.size()) - own;
}

/// Remembers what stands in the stretch.
void Moves::keep(int lane_day, const Stretch &stretch) {
  if (done_count_ == done_.size()) done_.emplace_back();
  Done &done = done_[done_count_++];
  const auto [first, end] = board_.in(lane_day, stretch);
  done.lane_day = lane_day;
  done.stretch = stretch;
  done.airings.assign(first, end);
}

void Moves::set(int lane_day, const Stretch &stretch, const Steps &steps) {
  keep(lane_day, stretch);
  board_.seat(lane_day, stretch, steps);
}

void Moves::put(int lane_day, int step, const Airings &airings) {
  const Stretch alone = board_.stretch(lane_day, step, step + 1);
  keep(lane_day, alone);
  board_.put(lane_day, alone, airings);
}

void Moves::plan_and_set(int lane_day, const Wish &wish) {
  plan(lane_day, wish, found_);
  set(lane_day, found_.stretch, found_.steps);
}

void Moves::take_back() {
  while (done_count_ > 0) {
    const Done &done = done_[--done_count_];
    board_.put(done.lane_day, done.stretch, done.airings);
  }
}

void Moves::decide(double before, double heat) {
  const double change = board_.energy() - before;
  if (change > 1e-9 && (heat <= 0 || dice_.unit() >= std::exp(-change / heat))) take_back();
}

/// With heat a draw from all ways that the steps can be aired, and so never refused.
void Moves::renew(double heat, bool is_firm) {
  const int lane_day = pick();
  done_count_ = 0;
  const double before = board_.energy();
  plan_and_set(lane_day, {heat, is_firm});
  if (found_.change != 0) {
    const int other = sibling(lane_day);
    if (other != lane_day) plan_and_set(other, {0, is_firm});
  }
  if (heat <= 0) decide(before, heat);
}

void Moves::shift(double heat, bool is_firm) {
  const int lane_day = pick();
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  if (layout_.goals[at_index(of.goal)].all_lane_days == 1) return renew(heat, is_firm);
  if (board_.airings(lane_day).empty()) return;
  done_count_ = 0;
  const double before = board_.energy();
  Wish fewer{heat, is_firm};
  fewer.is_fewer = true;
  plan_and_set(lane_day, fewer);
  const int other = sibling(lane_day);
  if (other != lane_day) plan_and_set(other, {0, is_firm});
  decide(before, heat);
}

/// Takes the lane-day's airing out of the break; its step.
int Moves::oust_one(int rival, int in_break) {
  const LaneDay &of = layout_.lane_days[at_index(rival)];
  for (const Airing &airing : board_.airings(rival))
    if (layout_.in_break[of.first + at_index(airing.step)] == in_break) {
      const int step = airing.step;
      set(rival, board_.stretch(rival, step, step + 1), {});
      return step;
    }
  return -1;
}

/// Whoever was ousted may oust again, but nobody out of a break where it happened already.
void Moves::oust(double heat, const std::vector<float> &room_price) {
  done_count_ = 0;
  const double before = board_.energy();
  room_price_ = &room_price;
  const bool is_for_one = dice_.below(one_more_of) == 0;
  ousted_.assign(1, {pick(), -1, longest_chain});
  taken_.clear();
  for (std::size_t i = 0; i < ousted_.size(); ++i) {
    const Ousted next = ousted_[i];
    Wish wish{i == 0 ? heat : 0, true, next.more > 0};
    wish.around = next.step;
    if (i > 0 || is_for_one) wish.most_more = 1;
    plan(next.lane_day, wish, wanted_);
    const LaneDay &of = layout_.lane_days[at_index(next.lane_day)];
    for (const std::int16_t step : wanted_.steps) {
      const int rival = wanted_.rivals[at_index(step - wanted_.stretch.from)];
      if (rival < 0) continue;
      const int in_break = layout_.in_break[of.first + at_index(step)];
      const int place = oust_one(rival, in_break);
      if (place >= 0) ousted_.push_back({rival, place, next.more - 1});
      taken_.push_back(in_break);
    }
    set(next.lane_day, wanted_.stretch, wanted_.steps);
  }
  decide(before, heat);
}

/// Of the same day, half of the time of the same channel; −1: there is none.
int Moves::another_break(int lane_day, int in_break) {
  const int other = sibling_today(lane_day);
  const LaneDay &of = layout_.lane_days[at_index(other)];
  const int there = layout_.in_break[of.first + dice_.below(at_index(of.steps))];
  return there == in_break ? -1 : there;
}

void Moves::share(double heat) {
  const int lane_day = pick();
  const Airings &mine = board_.airings(lane_day);
  if (mine.empty()) return;
  const Airing &airing = mine[dice_.below(mine.size())];
  const int one =
      layout_.in_break[layout_.lane_days[at_index(lane_day)].first + at_index(airing.step)];
  const int other = another_break(lane_day, one);
  if (other < 0) return;
  done_count_ = 0;
  const double before = board_.energy();
  const auto &changes = sharing_.find(one, other, heat);
  for (const Sharing::Change &each : changes) put(each.from_lane_day, each.from.step, {});
  for (const Sharing::Change &each : changes) put(each.to_lane_day, each.to.step, {each.to});
  decide(before, heat);
}

void Moves::clear() {
  const auto worth = [&](const Board::Seat &seat) {
    const LaneDay &of = layout_.lane_days[at_index(seat.lane_day)];
    const auto length_ns = std::max<std::int64_t>(1, seat.length_ns);
    return layout_.goals[at_index(of.goal)].weight / static_cast<double>(length_ns);
  };
  const int breaks = static_cast<int>(layout_.problem.breaks.size());
  for (int b = 0; b < breaks; ++b)
    for (;;) {
      const Board::Seat *least = nullptr;
      for (const Board::Seat &seat : board_.seats(b))
        if (board_.is_too_much(b, seat) && (!least || worth(seat) < worth(*least))) least = &seat;
      if (!least) break;
      const Board::Seat leaves = *least;
      const int step = leaves.airing.step;
      board_.put(leaves.lane_day, board_.stretch(leaves.lane_day, step, step + 1), {});
    }
}

}  // namespace civicast::planner
