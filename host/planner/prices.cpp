// SPDX-License-Identifier: Apache-2.0
#include "host/planner/prices.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace civicast::planner {
namespace {

constexpr double ns_per_second = 1e9;
/// How much of its last direction the search keeps.
constexpr float inertia = 0.93F;
/// Steps grow with each better bound, and shrink after so many rounds without one.
constexpr int patience = 40;
constexpr double first_theta = 0.02, longer = 1.02, longest = 1, shorter = 0.7, shortest = 1e-4;
/// A step is as long as the distance to the cheapest plan asks for. That is believed to be at most
/// this share of the bound, or of the distance to a plan that was made in haste, and says little.
constexpr double believed_gap = 0.3, believed_haste = 0.05;
/// A price of a second and one of an airing are looked for with steps alike in money.
constexpr float typical_s = 30;

Prices nothing_of(const Prices &like) {
  Prices out = like;
  for (auto *all : {&out.second, &out.place, &out.topic, &out.minimum})
    std::fill(all->begin(), all->end(), 0.0F);
  return out;
}

/// What an airing so long adds to a legal minimum.
float airings_in(const Asked &asked, std::int64_t length_ns) {
  return static_cast<float>(asked.airings(asked.amount(length_ns)));
}

}  // namespace

Market::Market(const Layout &layout) : layout_(layout), bound_(-1e300) {
  const Problem &problem = layout.problem;
  // By break: of each topic how many could stand there, and then its slot if they are several.
  std::vector<std::vector<std::pair<int, int>>> topics(problem.breaks.size());
  const auto each_step = [&](auto &&body) {
    for (const LaneDay &lane_day : layout.lane_days) {
      const int topic = problem.campaigns[at_index(lane_day.campaign)].topic;
      if (topic < 0) continue;
      for (std::size_t s = lane_day.first; s < lane_day.first + at_index(lane_day.steps); ++s) {
        auto &here = topics[at_index(layout.in_break[s])];
        const auto its = std::find_if(here.begin(), here.end(),
                                      [&](const auto &one) { return one.first == topic; });
        body(s, its == here.end() ? here.emplace_back(topic, 0).second : its->second);
      }
    }
  };
  each_step([](std::size_t, int &askers) { ++askers; });
  int slots = 0;
  for (auto &here : topics)
    for (auto &[topic, count] : here) count = count > 1 ? slots++ : -1;
  slot_.assign(layout.in_break.size(), -1);
  each_step([&](std::size_t step, int &slot) { slot_[step] = slot; });
  for (const LaneDay &lane_day : layout.lane_days)
    length_s_.push_back(
        static_cast<float>(static_cast<double>(lane_day.shortest_ns) / ns_per_second));
  now_.second.assign(problem.breaks.size(), 0);
  now_.place.assign(problem.breaks.size(), 0);
  now_.topic.assign(at_index(slots), 0);
  now_.minimum.assign(layout.minima.size(), 0);
  best_ = way_ = surplus_ = now_;
  airings_.assign(layout.lane_days.size(), 0);
}

/// Of legal minima. No asset adds more time than the longest: the bound must not be too high.
float Market::saved(const LaneDay &lane_day, std::size_t step, const Prices &prices) const {
  float saved = 0;
  unsigned minima = layout_.in_minima[step];
  for (std::size_t m = lane_day.minimum; minima != 0; ++m, minima >>= 1)
    if ((minima & 1U) != 0)
      saved += prices.minimum[m] * airings_in(layout_.minima[m], lane_day.longest_ns);
  return saved;
}

float Market::paid(const LaneDay &lane_day, std::size_t step, const Prices &prices) const {
  const auto in_break = at_index(layout_.in_break[step]);
  const auto index = static_cast<std::size_t>(&lane_day - layout_.lane_days.data());
  float paid = length_s_[index] * prices.second[in_break] + prices.place[in_break];
  if (slot_[step] >= 0) paid += prices.topic[at_index(slot_[step])];
  return layout_.in_minima[step] == 0 ? paid : paid - saved(lane_day, step, prices);
}

float Market::price(const LaneDay &lane_day, std::size_t step) const {
  return paid(lane_day, step, best_);
}

void Market::price_steps(const LaneDay &lane_day, const Prices &prices) {
  step_prices_.resize(at_index(lane_day.steps));
  for (std::size_t i = 0; i < step_prices_.size(); ++i)
    step_prices_[i] = layout_.cost[lane_day.first + i] + paid(lane_day, lane_day.first + i, prices);
}

/// Moves the cheapest `count` to the front, in no order.
void Market::split(std::vector<Marginal> &marginals, std::size_t count) {
  if (count > 0 && count < marginals.size())
    std::nth_element(marginals.begin(), marginals.begin() + static_cast<std::ptrdiff_t>(count),
                     marginals.end(), Cheaper());
}

/// What the lane-days of a day offer, the cheapest `most` of it, with what each changes of the
/// pace.
void Market::offer_day(const Goal &goal, std::size_t day, int most, const Prices &prices) {
  day_.clear();
  for (const int index : goal.lane_days[day])
    offer(layout_.lane_days[at_index(index)], at_index(index), prices);
  const int fixed = goal.fixed[day];
  const std::size_t below_quota = at_index(std::max(0, goal.quota[day] - fixed));
  if (goal.is_daily) {
    std::sort(day_.begin(), day_.end(), Cheaper());
  } else {
    split(day_, at_index(most));
    if (at_index(most) < day_.size()) day_.resize(at_index(most));
    split(day_, below_quota);
  }
  for (std::size_t k = 0; k < std::min(at_index(most), day_.size()); ++k) {
    const int had = fixed + static_cast<int>(k);
    day_[k].cost += layout_.pace_cost(goal, static_cast<int>(day), had + 1) -
                    layout_.pace_cost(goal, static_cast<int>(day), had);
  }
}

/// The goal's own best plan at these prices: what it costs. Its purchases go into the surplus.
double Market::plan_goal(const Goal &goal, const Prices &prices) {
  double cost = 0;
  int had = 0;
  all_.clear();
  for (const int fixed : goal.fixed) had += fixed;
  const int open = std::max(0, goal.cap - had);
  for (std::size_t day = 0; day < goal.lane_days.size(); ++day) {
    const int quota = goal.quota[day], fixed = goal.fixed[day];
    cost += layout_.pace_cost(goal, static_cast<int>(day), fixed);
    const int most = std::max(0, std::min(goal.most[day] - fixed, goal.is_daily ? quota : open));
    offer_day(goal, day, most, prices);
    if (goal.is_daily) {
      for (std::size_t k = 0; k < std::min(at_index(most), day_.size()); ++k) {
        if (day_[k].cost >= 0) continue;
        cost += day_[k].cost;
        ++airings_[at_index(day_[k].lane_day)];
      }
    } else {
      all_.insert(all_.end(), day_.begin(), day_.end());
    }
  }
  return goal.is_daily ? cost : cost + layout_.missing_cost(goal, had, goal.cap) + take(goal, had);
}

/// Takes of all that is offered what pays: what that changes. The next airing is worth less the
/// more there are, so as long as the dearest of the cheapest pays they need no order.
double Market::take(const Goal &goal, int had) {
  const auto gain = [&](std::size_t taken) {
    const int before = had + static_cast<int>(taken);
    return layout_.missing_cost(goal, before, goal.cap) -
           layout_.missing_cost(goal, before + 1, goal.cap);
  };
  const std::size_t most = std::min(at_index(std::max(0, goal.cap - had)), all_.size());
  if (most == 0) return 0;
  split(all_, most);
  const auto end = all_.begin() + static_cast<std::ptrdiff_t>(most);
  if (std::max_element(all_.begin(), end, Cheaper())->cost >= gain(most - 1))
    std::sort(all_.begin(), end, Cheaper());
  double change = 0;
  for (std::size_t k = 0; k < most; ++k) {
    const double more = all_[k].cost - gain(k);
    if (more >= 0) break;
    change += more;
    ++airings_[at_index(all_[k].lane_day)];
  }
  return change;
}

/// What one more airing of the lane-day costs each time, dearer and dearer: where the true costs
/// are not, the least that they can be between them.
void Market::offer(const LaneDay &lane_day, std::size_t index, const Prices &prices) {
  price_steps(lane_day, prices);
  paths_.find_without_gaps(layout_, lane_day, step_prices_.data(), lane_day.most);
  hull_.assign(1, {0, 0});
  for (int k = 1; k <= lane_day.most && paths_.cost(k) < Paths::closed; ++k) {
    const Corner next{k, static_cast<double>(paths_.cost(k)) + least_gaps_cost(lane_day, k)};
    while (hull_.size() > 1 &&
           slope(hull_[hull_.size() - 2], next) <= slope(hull_[hull_.size() - 2], hull_.back()))
      hull_.pop_back();
    hull_.push_back(next);
  }
  for (std::size_t i = 1; i < hull_.size(); ++i)
    for (int k = hull_[i - 1].airings; k < hull_[i].airings; ++k)
      day_.push_back({slope(hull_[i - 1], hull_[i]), static_cast<int>(index)});
}

void Market::buy(const LaneDay &lane_day, int airings, const Prices &prices) {
  price_steps(lane_day, prices);
  paths_.find_without_gaps(layout_, lane_day, step_prices_.data(), airings);
  paths_.take(airings, steps_);
  const auto index = static_cast<std::size_t>(&lane_day - layout_.lane_days.data());
  for (const std::int16_t step : steps_) {
    const std::size_t at = lane_day.first + at_index(step);
    const auto in_break = at_index(layout_.in_break[at]);
    surplus_.second[in_break] += length_s_[index];
    if (layout_.problem.breaks[in_break].max_items > 0) surplus_.place[in_break] += 1;
    if (slot_[at] >= 0) surplus_.topic[at_index(slot_[at])] += 1;
    unsigned minima = layout_.in_minima[at];
    for (std::size_t m = lane_day.minimum; minima != 0; ++m, minima >>= 1)
      if ((minima & 1U) != 0)
        surplus_.minimum[m] -= airings_in(layout_.minima[m], lane_day.longest_ns);
  }
}

/// What the rules themselves cost at these prices, and what there is of everything.
double Market::open_shop(const Prices &prices) {
  double cost = 0;
  const Problem &problem = layout_.problem;
  for (std::size_t b = 0; b < problem.breaks.size(); ++b) {
    const auto seconds =
        static_cast<float>(static_cast<double>(problem.breaks[b].length_ns) / ns_per_second);
    surplus_.second[b] = -seconds;
    cost -= static_cast<double>(prices.second[b]) * seconds;
    const int places = problem.breaks[b].max_items;
    surplus_.place[b] = static_cast<float>(-places);
    cost -= static_cast<double>(prices.place[b]) * places;
  }
  for (std::size_t t = 0; t < prices.topic.size(); ++t) {
    surplus_.topic[t] = -1;
    cost -= static_cast<double>(prices.topic[t]);
  }
  for (std::size_t m = 0; m < prices.minimum.size(); ++m) {
    const double asked = layout_.minima[m].airings(layout_.minima[m].least);
    surplus_.minimum[m] = static_cast<float>(asked);
    cost += static_cast<double>(prices.minimum[m]) * asked;
  }
  return cost;
}

double Market::plan_each(const Prices &prices) {
  double cost = open_shop(prices);
  std::fill(airings_.begin(), airings_.end(), 0);
  for (const Goal &goal : layout_.goals) cost += plan_goal(goal, prices);
  for (std::size_t i = 0; i < airings_.size(); ++i)
    if (airings_[i] > 0) buy(layout_.lane_days[i], airings_[i], prices);
  return cost;
}

int Market::trade(int rounds, double plan_cost, const std::function<bool()> &goes_on) {
  theta_ = first_theta;
  now_ = best_;
  way_ = nothing_of(way_);
  fruitless_ = 0;
  int round = 0;
  while (round < rounds && theta_ > shortest) {
    ++round;
    const double cost = plan_each(now_);
    if (cost > bound_) {
      if (cost > bound_ + 1e-4 * std::abs(bound_)) fruitless_ = 0;
      theta_ = std::min(theta_ * longer, longest);
      bound_ = cost;
      best_ = now_;
    } else if (++fruitless_ >= patience) {
      theta_ *= shorter;
      fruitless_ = 0;
      now_ = best_;
      way_ = nothing_of(way_);
    }
    const double believed =
        std::max(believed_gap * std::abs(bound_), believed_haste * (plan_cost - bound_));
    if (!turn(std::min(plan_cost, bound_ + believed) - cost) || !goes_on()) break;
  }
  return round;
}

/// One step along the smoothed surplus. False: there is nothing left to balance.
bool Market::turn(double gap) {
  double length = 0;
  const auto lean = [&](std::vector<float> Prices::*which, float scale, float most) {
    auto &way = way_.*which;
    const auto &now = now_.*which, &surplus = surplus_.*which;
    for (std::size_t i = 0; i < way.size(); ++i) {
      float pull = surplus[i] / scale;
      if ((now[i] <= 0 && pull < 0) || (now[i] >= most && pull > 0)) pull = 0;
      way[i] = inertia * way[i] + (1 - inertia) * pull;
      length += static_cast<double>(way[i]) * static_cast<double>(way[i]);
    }
  };
  const auto minimum = static_cast<float>(static_cast<double>(layout_.costs.minimum) / 1000);
  constexpr float any = 1e9F;
  lean(&Prices::second, typical_s, any);
  lean(&Prices::place, 1, any);
  lean(&Prices::topic, 1, any);
  lean(&Prices::minimum, 1, minimum);
  if (length < 1e-12) return false;
  const double size = theta_ * (gap > 0 ? gap : 0.001 * std::abs(bound_)) / length;
  const auto go = [&](std::vector<float> Prices::*which, float scale, float most) {
    auto &now = now_.*which;
    const auto &way = way_.*which;
    for (std::size_t i = 0; i < now.size(); ++i)
      now[i] = std::clamp(now[i] + static_cast<float>(size) * way[i] / scale, 0.0F, most);
  };
  go(&Prices::second, typical_s, any);
  go(&Prices::place, 1, any);
  go(&Prices::topic, 1, any);
  go(&Prices::minimum, 1, minimum);
  return true;
}

}  // namespace civicast::planner
