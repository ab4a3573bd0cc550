// SPDX-License-Identifier: Apache-2.0
#include "host/planner/explain.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace civicast::planner {
namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;
/// So many breaks are weighed for each chance that is asked for.
constexpr std::size_t weighed_a_chance = 4;

constexpr int needs_room = 2, needs_most = 4;

/// Of reasons that something else could mend: how much is needed for it.
std::optional<int> effort(Why why) {
  switch (why) {
    case Why::open:
    case Why::pace_met:
      return 0;
    case Why::no_margin:
      return 1;
    case Why::pushed_out:
    case Why::full:
    case Why::items_full:
    case Why::topic:
      return needs_room;
    case Why::too_near:
      return 3;
    default:
      return {};
  }
}

}  // namespace

Explainer::Explainer(const Problem &problem, std::vector<Placement> placements,
                     std::vector<std::int64_t> closed_before_ns, const Costs &costs)
    : problem_(problem),
      placements_(std::move(placements)),
      closed_before_ns_(std::move(closed_before_ns)),
      occupancy_(problem, placements_),
      weighing_(problem, costs, placements_, closed_before_ns_),
      by_day_(problem.channels.size() * at_index(problem.days)) {
  for (std::size_t b = 0; b < problem.breaks.size(); ++b)
    by_day_[at_index(problem.breaks[b].channel) * at_index(problem.days) +
            at_index(problem.breaks[b].day)]
        .push_back(static_cast<int>(b));
}

bool Explainer::is_closed(const Break &here) const {
  return !closed_before_ns_.empty() && here.start_ns < closed_before_ns_[at_index(here.channel)];
}

std::optional<Window> Explainer::window_at(int campaign, int in_break, std::int64_t at_ns) const {
  const Break &here = problem_.breaks[at_index(in_break)];
  const auto of_day_ns = here.second_of_day * ns_per_second + at_ns - here.start_ns;
  for (const Window &window : problem_.campaigns[at_index(campaign)].windows)
    if (of_day_ns >= window.from_s * ns_per_second && of_day_ns < window.to_s * ns_per_second)
      return window;
  return {};
}

/// Those that hold whatever else is planned.
Verdict Explainer::fixed_reasons(int campaign, int in_break) const {
  const Campaign &of = problem_.campaigns[at_index(campaign)];
  const Break &here = problem_.breaks[at_index(in_break)];
  Verdict verdict{in_break, Why::open, 0, 0, -1};
  const auto length_ns = shortest_ns(of, here.channel);
  if (is_closed(here))
    verdict.why = Why::closed;
  else if (target_on(of, here.channel) < 0)
    verdict.why = Why::no_target;
  else if (here.day < of.first_day || here.day > of.last_day)
    verdict.why = Why::outside_dates;
  else if ((here.classes >> of.ad_class & 1U) == 0)
    verdict.why = Why::class_refused;
  else if (length_ns < 0)
    verdict.why = Why::no_house_file;
  else if (length_ns > here.length_ns)
    verdict = {in_break, Why::too_long, 0, length_ns - here.length_ns, -1};
  else if (!window_at(campaign, in_break, here.start_ns) &&
           (problem_.measures_breaks ||
            !window_at(campaign, in_break, occupancy_.free_from_ns(in_break))))
    verdict.why = Why::outside_windows;
  return verdict;
}

/// Whether it would stand too near to one of its own.
void Explainer::look_at_own(int campaign, Verdict &verdict) const {
  const Campaign &of = problem_.campaigns[at_index(campaign)];
  const Break &here = problem_.breaks[at_index(verdict.in_break)];
  if (occupancy_.of(campaign, verdict.in_break) >= 0) {
    verdict.why = Why::here;
    return;
  }
  const auto at_ns =
      problem_.measures_breaks ? here.start_ns : occupancy_.free_from_ns(verdict.in_break);
  const auto &starts = occupancy_.starts(campaign, here.channel);
  const auto next = std::lower_bound(starts.begin(), starts.end(), at_ns);
  const auto look = [&](std::int64_t other_ns) {
    const auto lacks_ns = of.separation_ns - std::abs(other_ns - at_ns);
    if (lacks_ns <= verdict.lacks_ns) return;
    verdict = {verdict.in_break, Why::too_near, other_ns, lacks_ns, -1};
  };
  if (next != starts.end()) look(*next);
  if (next != starts.begin()) look(*std::prev(next));
}

/// Whether there is room for it beside what stands there.
void Explainer::look_beside(int campaign, Verdict &verdict) const {
  const Break &here = problem_.breaks[at_index(verdict.in_break)];
  const auto &beside = occupancy_.in(verdict.in_break);
  const auto length_ns = shortest_ns(problem_.campaigns[at_index(campaign)], here.channel);
  const auto at_ns = occupancy_.free_from_ns(verdict.in_break);
  const int excluded = occupancy_.excluded_by(weighing_.layout(), campaign, verdict.in_break);
  const auto used_ns = std::max(occupancy_.used_ns(verdict.in_break), at_ns - here.start_ns);
  if (excluded >= 0)
    verdict = {verdict.in_break, Why::topic, 0, 0, placements_[at_index(excluded)].campaign};
  else if (here.max_items > 0 && beside.size() >= at_index(here.max_items))
    verdict.why = Why::items_full;
  else if (used_ns + length_ns > here.length_ns)
    verdict = {verdict.in_break, Why::full, 0, used_ns + length_ns - here.length_ns, -1};
  else if (!problem_.measures_breaks && !window_at(campaign, verdict.in_break, at_ns))
    verdict = {verdict.in_break, Why::pushed_out, at_ns, 0, -1};
}

void Explainer::look_at_counts(int campaign, Verdict &verdict) const {
  const Break &here = problem_.breaks[at_index(verdict.in_break)];
  const Campaign &of = problem_.campaigns[at_index(campaign)];
  const int target = target_on(of, here.channel);
  const Target &its = of.targets[at_index(target)];
  const int on_day = occupancy_.on_day(campaign, target, here.day);
  const int there = occupancy_.on_channel_day(campaign, here.channel, here.day);
  if (!its.is_daily && occupancy_.total(campaign, target) >= its.most)
    verdict.why = Why::target_met;
  else if (its.is_daily && on_day >= its.quota[at_index(here.day)])
    verdict.why = Why::day_met;
  else if ((its.day_most > 0 && on_day >= its.day_most) ||
           (its.channel_day_most > 0 && there >= its.channel_day_most))
    verdict.why = Why::day_capped;
}

/// Of a break in which one more would keep every rule.
Why Explainer::soft_reason(int campaign, int in_break) const {
  const Break &here = problem_.breaks[at_index(in_break)];
  const Campaign &of = problem_.campaigns[at_index(campaign)];
  const int target = target_on(of, here.channel);
  const Target &its = of.targets[at_index(target)];
  const int asked = std::accumulate(its.quota.begin(), its.quota.end(), 0);
  if (!its.is_daily && occupancy_.total(campaign, target) >= asked) return Why::pace_met;
  const auto spot = weighing_.spot(campaign, in_break);
  return spot && weighing_.is_open(*spot) ? Why::open : Why::no_margin;
}

Verdict Explainer::why_not(int campaign, int in_break) const {
  Verdict verdict = fixed_reasons(campaign, in_break);
  if (verdict.why != Why::open) return verdict;
  look_at_own(campaign, verdict);
  if (verdict.why == Why::open) look_beside(campaign, verdict);
  if (verdict.why == Why::open) look_at_counts(campaign, verdict);
  if (verdict.why == Why::open) verdict.why = soft_reason(campaign, in_break);
  return verdict;
}

std::vector<Account> Explainer::accounts(int campaign, std::size_t most) {
  std::vector<Account> accounts;
  const Campaign &of = problem_.campaigns[at_index(campaign)];
  for (int day = 0; day < problem_.days; ++day)
    for (std::size_t t = 0; t < of.targets.size(); ++t) {
      const int target = static_cast<int>(t);
      Account account;
      account.target = target;
      account.day = day;
      account.wanted = of.targets[t].quota[at_index(day)];
      account.planned = occupancy_.on_day(campaign, target, day);
      std::vector<Verdict> verdicts;
      for (const int channel : of.targets[t].channels)
        for (const int b : by_day_[at_index(channel) * at_index(problem_.days) + at_index(day)]) {
          verdicts.push_back(why_not(campaign, b));
          ++account.breaks[static_cast<std::size_t>(verdicts.back().why)];
        }
      if (account.missing() > 0) add_chances(campaign, account, verdicts, most);
      accounts.push_back(std::move(account));
    }
  return accounts;
}

void Explainer::add_chances(int campaign, Account &account, const std::vector<Verdict> &verdicts,
                            std::size_t most) {
  std::vector<Chance> chances;
  for (const Verdict &verdict : verdicts) {
    if (!effort(verdict.why)) continue;
    Chance chance{verdict, 0, {}};
    if (const auto spot = weighing_.spot(campaign, verdict.in_break); spot)
      chance.gain = -weighing_.adding(*spot);
    chances.push_back(std::move(chance));
  }
  const auto order = [&](bool knows_swaps) {
    const auto rank = [&](const Chance &one) {
      const int needed = *effort(one.verdict.why);
      // Where no one alone can give way, several would have to.
      const bool needs_several = knows_swaps && needed == needs_room && one.swaps.empty();
      // Of those that are too near to another, the one that is so by least.
      const auto lacks_ns = one.verdict.why == Why::too_near ? one.verdict.lacks_ns : 0;
      const double net = one.swaps.empty() ? -one.gain : one.swaps.front().net;
      return std::tuple(needs_several ? needs_most : needed, lacks_ns, net);
    };
    std::stable_sort(chances.begin(), chances.end(),
                     [&](const Chance &a, const Chance &b) { return rank(a) < rank(b); });
  };
  order(false);
  chances.resize(std::min(chances.size(), most * weighed_a_chance));
  for (Chance &chance : chances)
    if (const auto spot = weighing_.spot(campaign, chance.verdict.in_break);
        spot && effort(chance.verdict.why) == needs_room)
      chance.swaps = weighing_.swaps(*spot);
  order(true);
  chances.resize(std::min(chances.size(), most));
  account.chances = std::move(chances);
}

void Explainer::add_neighbours(const Placement &of, Reasons &reasons) const {
  const Break &here = problem_.breaks[at_index(of.in_break)];
  const auto at_ns = problem_.measures_breaks ? here.start_ns : of.start_ns;
  const auto &starts = occupancy_.starts(of.campaign, here.channel);
  const auto mine = std::lower_bound(starts.begin(), starts.end(), at_ns);
  if (mine != starts.begin()) reasons.before_ns = *std::prev(mine);
  if (mine != starts.end() && std::next(mine) != starts.end()) reasons.after_ns = *std::next(mine);
}

std::array<int, why_count> Explainer::others_on_day(int placement) const {
  std::array<int, why_count> breaks{};
  const Placement &of = placements_[at_index(placement)];
  const Break &here = problem_.breaks[at_index(of.in_break)];
  std::vector<Placement> others = placements_;
  others.erase(others.begin() + placement);
  const Explainer without(problem_, others, closed_before_ns_, weighing_.layout().costs);
  for (const int b : by_day_[at_index(here.channel) * at_index(problem_.days) + at_index(here.day)])
    if (b != of.in_break) ++breaks[static_cast<std::size_t>(without.why_not(of.campaign, b).why)];
  return breaks;
}

Reasons Explainer::why(int placement) {
  const Placement &of = placements_[at_index(placement)];
  const Break &here = problem_.breaks[at_index(of.in_break)];
  const Campaign &campaign = problem_.campaigns[at_index(of.campaign)];
  Reasons reasons;
  reasons.placement = placement;
  reasons.target = target_on(campaign, here.channel);
  if (reasons.target >= 0) {
    reasons.wanted = campaign.targets[at_index(reasons.target)].quota[at_index(here.day)];
    reasons.planned = occupancy_.on_day(of.campaign, reasons.target, here.day);
  }
  add_neighbours(of, reasons);
  reasons.window = window_at(of.campaign, of.in_break, of.start_ns);
  reasons.audience = here.audience;
  for (const int each : occupancy_.in(of.in_break))
    if (each != placement) reasons.beside.push_back(each);
  for (std::size_t m = 0; m < problem_.minima.size(); ++m)
    if (counts(problem_, problem_.minima[m], of)) reasons.minima.push_back(static_cast<int>(m));
  const auto spot = weighing_.spot(of.campaign, of.in_break);
  if (!spot || !weighing_.is_taken(*spot)) return reasons;
  const LaneDay &lane_day = weighing_.layout().lane_days[at_index(spot->lane_day)];
  reasons.is_weighed = true;
  reasons.even_ns = lane_day.even_s * ns_per_second;
  reasons.worth = weighing_.leaving(*spot);
  reasons.next_best = weighing_.elsewhere(*spot);
  return reasons;
}

}  // namespace civicast::planner
