// SPDX-License-Identifier: Apache-2.0
#include "host/planner/board.hpp"

#include <algorithm>
#include <limits>

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
      rooms_(layout.problem.breaks.size()),
      asset_counts_(layout.lengths_ns.size()) {
  const Problem &problem = layout.problem;
  for (std::size_t g = 0; g < layout.goals.size(); ++g) {
    const auto &fixed = layout.goals[g].fixed;
    day_counts_.insert(day_counts_.end(), fixed.begin(), fixed.end());
    for (const int each : fixed) totals_[g] += each;
  }
  for (std::size_t b = 0; b < rooms_.size(); ++b) {
    const Break &here = problem.breaks[b];
    rooms_[b].free_ns = here.length_ns;
    rooms_[b].places = here.max_items > 0 ? here.max_items : std::numeric_limits<int>::max();
  }
  std::vector<std::size_t> first_asset;  // by campaign
  std::size_t next = 0;
  for (const Campaign &campaign : problem.campaigns) {
    first_asset.push_back(next);
    for (std::size_t c = 0; c < problem.channels.size(); ++c)
      for (const Asset &asset : campaign.assets)
        asset_counts_[next++] = asset.counted.empty() ? 0 : asset.counted[c];
  }
  for (const Fixed &fixed : problem.fixed) {
    const auto campaign = at_index(fixed.campaign);
    if (fixed.asset >= 0)
      ++asset_counts_[first_asset[campaign] + at_index(fixed.asset) +
                      at_index(fixed.channel) * problem.campaigns[campaign].assets.size()];
  }
  recount();
}

int Board::conflicts(int campaign, const Room &room) const {
  if ((room.topics & layout_.minds[at_index(campaign)]) == 0) return 0;
  return static_cast<int>(
      std::count_if(room.seats.begin(), room.seats.end(),
                    [&](const Seat &seat) { return conflicts(campaign, seat); }));
}

bool Board::fits(const LaneDay &lane_day, int step) const {
  const Room &here = room(lane_day, step);
  return lane_day.shortest_ns <= here.free_ns && here.places > 0 &&
         conflicts(lane_day.campaign, here) == 0;
}

bool Board::fits_without(const LaneDay &lane_day, int step, const Seat &seat) const {
  const Room &here = room(lane_day, step);
  if (seat.campaign == lane_day.campaign || here.places < 0 ||
      lane_day.shortest_ns > here.free_ns + seat.length_ns)
    return false;
  return conflicts(lane_day.campaign, here) == (conflicts(lane_day.campaign, seat) ? 1 : 0);
}

int Board::rival(const LaneDay &lane_day, int step, std::size_t first) const {
  const Room &here = room(lane_day, step);
  const int in_the_way = conflicts(lane_day.campaign, here);
  if (in_the_way > 1 || here.places < 0) return -1;
  const std::int64_t least_ns = lane_day.shortest_ns - here.free_ns;
  const std::size_t count = here.seats.size();
  for (std::size_t i = 0, at = first; i < count; ++i, at = at + 1 == count ? 0 : at + 1) {
    const Seat &seat = here.seats[at];
    if (seat.length_ns < least_ns || seat.campaign == lane_day.campaign) continue;
    if (in_the_way == 0 || conflicts(lane_day.campaign, seat)) return seat.lane_day;
  }
  return -1;
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

/// What `length_ns` more, in a break with so much left, would be beyond it.
float Board::excess(std::int64_t free_ns, std::int64_t length_ns, int places, int conflicts) const {
  const std::int64_t over_ns = std::min(length_ns, length_ns - free_ns);
  float cost = crowding_.topic * static_cast<float>(conflicts);
  if (over_ns > 0)
    cost += crowding_.second * static_cast<float>(static_cast<double>(over_ns) / ns_per_second);
  if (places <= 0) cost += crowding_.place;
  return cost;
}

float Board::crowding(const LaneDay &lane_day, int step, std::int64_t own_ns) const {
  const Room &here = room(lane_day, step);
  const int conflicting = conflicts(lane_day.campaign, here);
  return own_ns < 0 ? excess(here.free_ns, lane_day.shortest_ns, here.places, conflicting)
                    : excess(here.free_ns + own_ns, own_ns, here.places + 1, conflicting);
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
        others -= asked.amount(layout_.length_ns(lane_day, airing->asset));
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
    minimum_counts_[m] +=
        sign * layout_.minima[m].amount(layout_.length_ns(lane_day, airing.asset));
    energy_ += minimum_cost(m, minimum_counts_[m]);
  }
}

/// Of the assets that fit the one furthest behind its share; if none does, the shortest.
std::int16_t Board::asset_for(const LaneDay &lane_day, int step) const {
  if (lane_day.assets == 1) return 0;
  const auto &assets = layout_.problem.campaigns[at_index(lane_day.campaign)].assets;
  const std::int64_t free_ns = room(lane_day, step).free_ns;
  int best = -1, shortest = -1;
  for (int a = 0; a < lane_day.assets; ++a) {
    const auto length_ns = layout_.length_ns(lane_day, a);
    if (length_ns < 0) continue;
    if (length_ns == lane_day.shortest_ns && shortest < 0) shortest = a;
    if (length_ns > free_ns) continue;
    const auto share = [&](int asset, int other) {
      return std::int64_t{asset_counts_[lane_day.asset + at_index(asset)] + 1} *
             assets[at_index(other)].weight;
    };
    if (best < 0 || share(a, best) < share(best, a)) best = a;
  }
  return static_cast<std::int16_t>(best >= 0 ? best : shortest);
}

double Board::seat_cost(const LaneDay &lane_day, std::size_t step, std::int64_t length_ns) const {
  const Room &here = rooms_[at_index(layout_.in_break[step])];
  return static_cast<double>(step_costs_[step] + excess(here.free_ns, length_ns, here.places,
                                                        conflicts(lane_day.campaign, here)));
}

void Board::add(int lane_day, const Airing &airing) {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const std::size_t step = of.first + at_index(airing.step);
  Room &here = rooms_[at_index(layout_.in_break[step])];
  const auto length_ns = layout_.length_ns(of, airing.asset);
  energy_ += seat_cost(of, step, length_ns);
  here.free_ns -= length_ns;
  --here.places;
  const std::uint64_t leaves = layout_.leaves[at_index(of.campaign)];
  here.topics |= leaves;
  here.seats.push_back({lane_day, airing, of.campaign, length_ns, leaves});
  count_minima(of, airing, 1);
  ++asset_counts_[of.asset + at_index(airing.asset)];
}

void Board::remove(int lane_day, const Airing &airing) {
  const LaneDay &of = layout_.lane_days[at_index(lane_day)];
  const std::size_t step = of.first + at_index(airing.step);
  Room &here = rooms_[at_index(layout_.in_break[step])];
  const auto seat = std::find_if(here.seats.begin(), here.seats.end(),
                                 [&](const Seat &each) { return each.lane_day == lane_day; });
  here.free_ns += seat->length_ns;
  ++here.places;
  const auto length_ns = seat->length_ns;
  *seat = here.seats.back();
  here.seats.pop_back();
  here.topics = 0;
  for (const Seat &left : here.seats) here.topics |= left.leaves;
  energy_ -= seat_cost(of, step, length_ns);
  count_minima(of, airing, -1);
  --asset_counts_[of.asset + at_index(airing.asset)];
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
  day_counts_[day_of(lane_day.goal, lane_day.day)] += more;
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
  const Room &here = rooms_[at_index(in_break)];
  return here.free_ns < 0 || here.places < 0 || conflicts(seat.campaign, here) > 0;
}

/// What the breaks are crowded by.
double Board::rooms_cost() const {
  double cost = 0;
  for (const Room &each : rooms_) {
    int pairs = 0;
    for (const Seat &seat : each.seats) pairs += conflicts(seat.campaign, each);
    cost += static_cast<double>(crowding_.topic) * pairs / 2;
    cost += static_cast<double>(crowding_.place) * std::max(0, -each.places);
    cost += static_cast<double>(crowding_.second) *
            static_cast<double>(std::max<std::int64_t>(0, -each.free_ns)) / ns_per_second;
  }
  return cost;
}

void Board::recount() {
  energy_ = rooms_cost();
  for (std::size_t m = 0; m < layout_.minima.size(); ++m)
    energy_ += minimum_cost(m, minimum_counts_[m]);
  for (std::size_t g = 0; g < layout_.goals.size(); ++g) {
    const Goal &goal = layout_.goals[g];
    for (int day = 0; day < layout_.problem.days; ++day)
      energy_ += layout_.pace_cost(goal, day, on_day(static_cast<int>(g), day));
    if (!goal.is_daily) energy_ += layout_.missing_cost(goal, totals_[g], goal.cap);
  }
  for (std::size_t i = 0; i < layout_.lane_days.size(); ++i) {
    const LaneDay &of = layout_.lane_days[i];
    const Airings &mine = airings_[i];
    for (const Airing &airing : mine)
      energy_ += static_cast<double>(step_costs_[of.first + at_index(airing.step)]);
    if (mine.empty()) continue;
    const Stretch day = stretch(static_cast<int>(i), 0, of.steps);
    energy_ += gaps_cost(layout_, of, day, mine.data(), mine.data() + mine.size()) -
               gaps_cost(layout_, of, day, nullptr, nullptr);
  }
}

void Board::take(const Board &earlier) {
  crowding_ = earlier.crowding_;
  step_costs_ = earlier.step_costs_;
  energy_ = earlier.energy_;
  airings_ = earlier.airings_;
  totals_ = earlier.totals_;
  day_counts_ = earlier.day_counts_;
  minimum_counts_ = earlier.minimum_counts_;
  rooms_ = earlier.rooms_;
  asset_counts_ = earlier.asset_counts_;
}

}  // namespace civicast::planner
