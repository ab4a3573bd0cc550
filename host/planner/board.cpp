// SPDX-License-Identifier: Apache-2.0
#include "host/planner/board.hpp"

#include <algorithm>

namespace civicast::planner {
namespace {

constexpr double ns_per_second = 1e9;

Airings::const_iterator first_from(const Airings &airings, int step) {
  return std::partition_point(airings.begin(), airings.end(),
                              [&](const Airing &airing) { return airing.step < step; });
}

}  // namespace

Board::Board(const Layout &layout)
    : layout_(layout),
      step_costs_(layout.cost),
      airings_(layout.lane_days.size()),
      totals_(layout.goals.size()),
      minimum_counts_(layout.minima.size()),
      used_ns_(layout.problem.breaks.size()),
      topics_(layout.problem.breaks.size()),
      seats_(layout.problem.breaks.size()) {
  for (std::size_t g = 0; g < layout.goals.size(); ++g) {
    day_counts_.push_back(layout.goals[g].fixed);
    for (const int fixed : layout.goals[g].fixed) totals_[g] += fixed;
  }
  const Problem &problem = layout.problem;
  asset_counts_.resize(problem.campaigns.size() * problem.channels.size());
  for (std::size_t i = 0; i < problem.campaigns.size(); ++i)
    for (std::size_t c = 0; c < problem.channels.size(); ++c)
      for (const Asset &asset : problem.campaigns[i].assets)
        asset_counts_[i * problem.channels.size() + c].push_back(
            asset.counted.empty() ? 0 : asset.counted[c]);
  for (const Fixed &fixed : problem.fixed)
    if (fixed.asset >= 0)
      ++asset_counts_[at_index(fixed.campaign) * problem.channels.size() + at_index(fixed.channel)]
                     [at_index(fixed.asset)];
  recount();
}

std::int64_t Board::length_of(const LaneDay &lane_day, int asset) const {
  return layout_.problem.campaigns[at_index(lane_day.campaign)]
      .assets[at_index(asset)]
      .duration_ns[at_index(lane_day.channel)];
}

int Board::conflicts(const LaneDay &lane_day, int in_break) const {
  if ((topics_[at_index(in_break)] & layout_.minds[at_index(lane_day.campaign)]) == 0) return 0;
  const auto &seats = seats_[at_index(in_break)];
  return static_cast<int>(std::count_if(seats.begin(), seats.end(), [&](const Seat &seat) {
    const int other = layout_.lane_days[at_index(seat.lane_day)].campaign;
    return other != lane_day.campaign && layout_.excludes(lane_day.campaign, other);
  }));
}

bool Board::fits(const LaneDay &lane_day, int step) const {
  const int in_break = layout_.in_break[lane_day.first + at_index(step)];
  const Break &here = layout_.problem.breaks[at_index(in_break)];
  const auto items = static_cast<int>(seats_[at_index(in_break)].size());
  if (lane_day.shortest_ns > here.length_ns - used_ns_[at_index(in_break)]) return false;
  if (here.max_items > 0 && items >= here.max_items) return false;
  return conflicts(lane_day, in_break) == 0;
}

bool Board::fits_without(const LaneDay &lane_day, int step, const Seat &seat) const {
  const int in_break = layout_.in_break[lane_day.first + at_index(step)];
  const Break &here = layout_.problem.breaks[at_index(in_break)];
  const LaneDay &other = layout_.lane_days[at_index(seat.lane_day)];
  const auto items = static_cast<int>(seats_[at_index(in_break)].size()) - 1;
  if (other.campaign == lane_day.campaign) return false;
  if (lane_day.shortest_ns >
      here.length_ns - used_ns_[at_index(in_break)] + length_of(other, seat.airing.asset))
    return false;
  if (here.max_items > 0 && items >= here.max_items) return false;
  const bool is_excluded = layout_.excludes(lane_day.campaign, other.campaign);
  return conflicts(lane_day, in_break) == (is_excluded ? 1 : 0);
}

bool Board::is_open(int lane_day, int step) const {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const Goal &goal = layout_.goals[at_index(of.goal)];
  const Airings &mine = airings_[at_index(lane_day)];
  if (on_day(of.goal, of.day) >= goal.most[at_index(of.day)] ||
      (!goal.is_daily && total(of.goal) >= goal.cap) || mine.size() >= at_index(of.most))
    return false;
  const std::size_t here = of.first + at_index(step);
  const auto right = first_from(mine, step);
  if (right != mine.end() && right->step == step) return false;
  const auto [from_ns, to_ns] = limits(lane_day, right, right);
  return layout_.start_ns[here] >= from_ns && layout_.next_ns[here] <= to_ns;
}

/// When an airing between those two may start at the earliest, and when the next one starts.
std::pair<std::int64_t, std::int64_t> Board::limits(int lane_day, Airings::const_iterator left_end,
                                                    Airings::const_iterator right) const {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const Airings &mine = airings_[at_index(lane_day)];
  std::int64_t from_ns = INT64_MIN, to_ns = INT64_MAX;
  if (left_end != mine.begin()) {
    from_ns = layout_.next_ns[of.first + at_index(std::prev(left_end)->step)];
  } else if (of.before >= 0 && !airings(of.before).empty()) {
    const LaneDay &before = layout_.lane_days[at_index(of.before)];
    from_ns = layout_.next_ns[before.first + at_index(airings(of.before).back().step)];
  }
  if (right != mine.end()) {
    to_ns = layout_.start_ns[of.first + at_index(right->step)];
  } else if (of.after >= 0 && !airings(of.after).empty()) {
    const LaneDay &after = layout_.lane_days[at_index(of.after)];
    to_ns = layout_.start_ns[after.first + at_index(airings(of.after).front().step)];
  }
  return {from_ns, to_ns};
}

std::pair<std::int64_t, std::int64_t> Board::limits(int lane_day, const Stretch &stretch) const {
  const Airings &mine = airings_[at_index(lane_day)];
  return limits(lane_day, first_from(mine, stretch.from), first_from(mine, stretch.to));
}

Stretch Board::stretch(int lane_day, int from, int to) const {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const Airings &mine = airings_[at_index(lane_day)];
  Stretch out{from, to, of.from_s, of.to_s, false, false};
  const auto second = [&](const Airing &airing) {
    return layout_.window_s[of.first + at_index(airing.step)];
  };
  const auto left = first_from(mine, from), right = first_from(mine, to);
  if (left != mine.begin()) {
    out.left_s = second(*std::prev(left));
    out.has_left = true;
  }
  if (right != mine.end()) {
    out.right_s = second(*right);
    out.has_right = true;
  }
  return out;
}

std::pair<const Airing *, const Airing *> Board::in(int lane_day, const Stretch &stretch) const {
  const Airings &mine = airings_[at_index(lane_day)];
  return {mine.data() + (first_from(mine, stretch.from) - mine.begin()),
          mine.data() + (first_from(mine, stretch.to) - mine.begin())};
}

/// What `length_ns` more, in a break that is used so far, would be beyond its length.
float Board::excess(int in_break, std::int64_t used_ns, std::int64_t length_ns, int others,
                    int conflicts) const {
  const Break &here = layout_.problem.breaks[at_index(in_break)];
  const std::int64_t over_ns = std::min(length_ns, used_ns + length_ns - here.length_ns);
  float cost = crowding_.topic * static_cast<float>(conflicts);
  if (over_ns > 0)
    cost += crowding_.second * static_cast<float>(static_cast<double>(over_ns) / ns_per_second);
  if (here.max_items > 0 && others >= here.max_items) cost += crowding_.place;
  return cost;
}

float Board::crowding(const LaneDay &lane_day, int step, std::int64_t own_ns) const {
  const int in_break = layout_.in_break[lane_day.first + at_index(step)];
  const auto index = at_index(in_break);
  const int others = static_cast<int>(seats_[index].size()) - (own_ns >= 0 ? 1 : 0);
  return excess(in_break, used_ns_[index] - std::max<std::int64_t>(0, own_ns),
                own_ns >= 0 ? own_ns : lane_day.shortest_ns, others, conflicts(lane_day, in_break));
}

double Board::minimum_cost(std::size_t minimum, std::int64_t had) const {
  const Asked &asked = layout_.minima[minimum];
  if (had >= asked.least) return 0;
  return asked.airings(asked.least - had) * static_cast<double>(layout_.costs.minimum) / 1000;
}

MinimumGains Board::minimum_gains(const LaneDay &lane_day, const Airing *first,
                                  const Airing *end) const {
  MinimumGains gains;
  for (std::size_t i = 0; lane_day.minima >> i != 0; ++i) {
    if ((lane_day.minima >> i & 1U) == 0) continue;
    const std::size_t minimum = lane_day.minimum + i;
    const Asked &asked = layout_.minima[minimum];
    std::int64_t others = minimum_counts_[minimum];
    for (const Airing *airing = first; airing != end; ++airing)
      if ((layout_.in_minima[lane_day.first + at_index(airing->step)] >> i & 1U) != 0)
        others -= asked.amount(length_of(lane_day, airing->asset));
    if (others >= asked.least) continue;
    gains.each[i] =
        static_cast<float>(minimum_cost(minimum, others) -
                           minimum_cost(minimum, others + asked.amount(lane_day.shortest_ns)));
    gains.is_any = true;
  }
  return gains;
}

void Board::count_minima(const LaneDay &lane_day, const Airing &airing, int sign) {
  unsigned minima = layout_.in_minima[lane_day.first + at_index(airing.step)];
  for (std::size_t m = lane_day.minimum; minima != 0; ++m, minima >>= 1) {
    if ((minima & 1U) == 0) continue;
    energy_ -= minimum_cost(m, minimum_counts_[m]);
    minimum_counts_[m] += sign * layout_.minima[m].amount(length_of(lane_day, airing.asset));
    energy_ += minimum_cost(m, minimum_counts_[m]);
  }
}

/// Of the assets that fit the one furthest behind its share; if none does, the shortest.
std::int16_t Board::asset_for(const LaneDay &lane_day, int step) const {
  const auto &assets = layout_.problem.campaigns[at_index(lane_day.campaign)].assets;
  if (assets.size() == 1) return 0;
  const auto in_break = at_index(layout_.in_break[lane_day.first + at_index(step)]);
  const auto room_ns = layout_.problem.breaks[in_break].length_ns - used_ns_[in_break];
  const auto &counts = counts_of(lane_day);
  int best = -1, shortest = -1;
  for (std::size_t a = 0; a < assets.size(); ++a) {
    const auto length_ns = length_of(lane_day, static_cast<int>(a));
    if (length_ns < 0) continue;
    if (length_ns == lane_day.shortest_ns && shortest < 0) shortest = static_cast<int>(a);
    if (length_ns > room_ns) continue;
    const auto share = [&](std::size_t asset, std::size_t other) {
      return std::int64_t{counts[asset] + 1} * assets[other].weight;
    };
    if (best < 0 || share(a, at_index(best)) < share(at_index(best), a)) best = static_cast<int>(a);
  }
  return static_cast<std::int16_t>(best >= 0 ? best : shortest);
}

double Board::seat_cost(const LaneDay &lane_day, std::size_t step, std::int64_t length_ns) const {
  const int in_break = layout_.in_break[step];
  const auto index = at_index(in_break);
  return static_cast<double>(step_costs_[step] + excess(in_break, used_ns_[index], length_ns,
                                                        static_cast<int>(seats_[index].size()),
                                                        conflicts(lane_day, in_break)));
}

void Board::add(int lane_day, const Airing &airing) {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const std::size_t step = of.first + at_index(airing.step);
  const auto index = at_index(layout_.in_break[step]);
  const auto length_ns = length_of(of, airing.asset);
  energy_ += seat_cost(of, step, length_ns);
  used_ns_[index] += length_ns;
  seats_[index].push_back({lane_day, airing});
  topics_[index] |= layout_.leaves[at_index(of.campaign)];
  count_minima(of, airing, 1);
  ++counts_of(of)[at_index(airing.asset)];
}

void Board::remove(int lane_day, const Airing &airing) {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const std::size_t step = of.first + at_index(airing.step);
  const auto index = at_index(layout_.in_break[step]);
  const auto length_ns = length_of(of, airing.asset);
  auto &seats = seats_[index];
  const auto seat = std::find_if(seats.begin(), seats.end(),
                                 [&](const Seat &each) { return each.lane_day == lane_day; });
  *seat = seats.back();
  seats.pop_back();
  topics_[index] = 0;
  for (const Seat &left : seats)
    topics_[index] |= layout_.leaves[at_index(layout_.lane_days[at_index(left.lane_day)].campaign)];
  used_ns_[index] -= length_ns;
  energy_ -= seat_cost(of, step, length_ns);
  count_minima(of, airing, -1);
  --counts_of(of)[at_index(airing.asset)];
}

double Board::goal_cost(int goal, int day) const {
  const Goal &of = layout_.goals[at_index(goal)];
  const double pace = layout_.pace_cost(of, day, on_day(goal, day));
  return of.is_daily ? pace : pace + layout_.missing_cost(of, total(goal), of.cap);
}

void Board::count(const LaneDay &lane_day, int more) {
  if (more == 0) return;
  energy_ -= goal_cost(lane_day.goal, lane_day.day);
  totals_[at_index(lane_day.goal)] += more;
  day_counts_[at_index(lane_day.goal)][at_index(lane_day.day)] += more;
  energy_ += goal_cost(lane_day.goal, lane_day.day);
}

template <class Fill>
void Board::replace(int lane_day, const Stretch &stretch, int count_after, Fill &&fill) {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  Airings &mine = airings_[at_index(lane_day)];
  const auto [first, end] = in(lane_day, stretch);
  const auto from = first - mine.data(), to = end - mine.data();
  energy_ -= gaps_cost(layout_, of, stretch, first, end);
  const int count_before = static_cast<int>(to - from);
  seated_.clear();
  fill(of, first, end, count_after - count_before);
  const auto common = std::min(to - from, static_cast<std::ptrdiff_t>(seated_.size()));
  std::copy_n(seated_.begin(), common, mine.begin() + from);
  mine.erase(mine.begin() + from + common, mine.begin() + to);
  mine.insert(mine.begin() + from + common, seated_.begin() + common, seated_.end());
  energy_ += gaps_cost(layout_, of, stretch, seated_.data(), seated_.data() + seated_.size());
}

/// Only what differs is moved; both are in order.
void Board::seat(int lane_day, const Stretch &stretch, const Steps &steps) {
  replace(lane_day, stretch, static_cast<int>(steps.size()),
          [&](const LaneDay &of, const Airing *first, const Airing *end, int more) {
            kept_.clear();
            auto next = steps.begin();
            for (const Airing *airing = first; airing != end; ++airing) {
              while (next != steps.end() && *next < airing->step) ++next;
              if (next != steps.end() && *next == airing->step)
                kept_.push_back(*airing);
              else
                remove(lane_day, *airing);
            }
            count(of, more);
            auto kept = kept_.begin();
            for (const std::int16_t step : steps) {
              if (kept != kept_.end() && kept->step == step) {
                seated_.push_back(*kept++);
                continue;
              }
              seated_.push_back({step, asset_for(of, step)});
              add(lane_day, seated_.back());
            }
          });
}

void Board::put(int lane_day, const Stretch &stretch, const Airings &airings) {
  replace(lane_day, stretch, static_cast<int>(airings.size()),
          [&](const LaneDay &of, const Airing *first, const Airing *end, int more) {
            for (const Airing *airing = first; airing != end; ++airing) remove(lane_day, *airing);
            count(of, more);
            seated_ = airings;
            for (const Airing &airing : seated_) add(lane_day, airing);
          });
}

void Board::charge(const std::vector<float> &step_costs, const Crowding &crowding) {
  step_costs_ = step_costs;
  crowding_ = crowding;
  recount();
}

bool Board::is_too_much(int in_break, const Seat &seat) const {
  const Break &here = layout_.problem.breaks[at_index(in_break)];
  const auto items = static_cast<int>(seats_[at_index(in_break)].size());
  return used_ns_[at_index(in_break)] > here.length_ns ||
         (here.max_items > 0 && items > here.max_items) ||
         conflicts(layout_.lane_days[at_index(seat.lane_day)], in_break) > 0;
}

void Board::recount() {
  const std::vector<Airings> all = airings_;
  const auto put_all = [&](auto &&which) {
    for (std::size_t i = 0; i < all.size(); ++i)
      put(static_cast<int>(i), stretch(static_cast<int>(i), 0, layout_.lane_days[i].steps),
          which(i));
  };
  put_all([](std::size_t) { return Airings(); });
  energy_ = 0;
  for (std::size_t m = 0; m < layout_.minima.size(); ++m) energy_ += minimum_cost(m, 0);
  for (std::size_t g = 0; g < layout_.goals.size(); ++g) {
    const Goal &goal = layout_.goals[g];
    for (int day = 0; day < layout_.problem.days; ++day)
      energy_ += layout_.pace_cost(goal, day, on_day(static_cast<int>(g), day));
    if (!goal.is_daily) energy_ += layout_.missing_cost(goal, totals_[g], goal.cap);
  }
  put_all([&](std::size_t i) { return all[i]; });
}

void Board::take(const Board &earlier) {
  crowding_ = earlier.crowding_;
  step_costs_ = earlier.step_costs_;
  energy_ = earlier.energy_;
  airings_ = earlier.airings_;
  totals_ = earlier.totals_;
  day_counts_ = earlier.day_counts_;
  minimum_counts_ = earlier.minimum_counts_;
  used_ns_ = earlier.used_ns_;
  topics_ = earlier.topics_;
  seats_ = earlier.seats_;
  asset_counts_ = earlier.asset_counts_;
}

}  // namespace civicast::planner
