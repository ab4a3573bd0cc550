// SPDX-License-Identifier: Apache-2.0
#include "host/planner/what_if.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "host/planner/faults.hpp"
#include "host/planner/occupancy.hpp"
#include "host/planner/weighing.hpp"

namespace civicast::planner {
namespace {

class Changing {
 public:
  explicit Changing(Question question) : question_(std::move(question)) {}

  void operator()(const CampaignComes &change) {
    auto &all = question_.campaigns;
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const auto &one) { return one.id == change.campaign.id; });
    if (same != all.end())
      *same = change.campaign;
    else
      all.push_back(change.campaign);
    if (change.assumed_ns < 0) return;
    std::set<std::string> its;
    for (const auto &asset : change.campaign.assets) its.insert(asset.asset);
    question_.duration_ns = [known = question_.duration_ns, its = std::move(its),
                             assumed_ns = change.assumed_ns](const auto &asset,
                                                             const auto &channel) {
      const auto duration_ns = known(asset, channel);
      return duration_ns || its.count(asset) == 0 ? duration_ns : std::optional(assumed_ns);
    };
  }

  void operator()(const ChannelLost &change) {
    const auto &all = question_.channels;
    if (std::find(all.begin(), all.end(), change.channel) == all.end())
      faults_.push_back(Fault(faults::what_if_channel_unknown, {{"channel", change.channel}}));
  }

  void operator()(const BreakLost &change) {
    const auto [day, index] = find(change.break_id);
    if (day != nullptr) day->breaks.erase(day->breaks.begin() + static_cast<std::ptrdiff_t>(index));
  }

  void operator()(const BreakResized &change) {
    const auto [day, index] = find(change.break_id);
    if (day == nullptr) return;
    grids::Break &one = day->breaks[index];
    const auto length_ns = one.length_ns + change.by_ns;
    if (length_ns <= 0)
      return faults_.push_back(Fault(faults::what_if_break_vanishes, {{"break", one.id}}));
    if (index + 1 < day->breaks.size() &&
        one.start_ns + length_ns > day->breaks[index + 1].start_ns)
      return faults_.push_back(Fault(faults::what_if_break_overlaps,
                                     {{"break", one.id}, {"next", day->breaks[index + 1].id}}));
    one.length_ns = length_ns;
  }

  Result<Question, Faults> take() && {
    if (!faults_.empty()) return std::move(faults_);
    return std::move(question_);
  }

 private:
  std::pair<grids::GridDay *, std::size_t> find(const std::string &id) {
    for (auto &day : question_.grid_days)
      for (std::size_t i = 0; i < day.breaks.size(); ++i)
        if (day.breaks[i].id == id) return {&day, i};
    faults_.push_back(Fault(faults::what_if_break_unknown, {{"break", id}}));
    return {nullptr, 0};
  }

  Question question_;
  Faults faults_;
};

/// Where an airing stands, whatever the indices of its problem.
using Place = std::pair<std::string, std::string>;  // campaign, break

std::set<Place> places_of(const Problem &problem, const std::vector<Placement> &placements) {
  std::set<Place> places;
  for (const Placement &one : placements)
    places.emplace(problem.campaigns[at_index(one.campaign)].id,
                   problem.break_ids[at_index(one.in_break)]);
  return places;
}

/// As if the plan had been published: what is left of it stays unless something pays for a change.
void publish(const Problem &from, const std::vector<Placement> &placements, Problem &to) {
  std::map<std::string, int> campaigns, breaks;
  for (std::size_t i = 0; i < to.campaigns.size(); ++i)
    campaigns.emplace(to.campaigns[i].id, static_cast<int>(i));
  for (std::size_t b = 0; b < to.break_ids.size(); ++b)
    breaks.emplace(to.break_ids[b], static_cast<int>(b));
  to.published.clear();
  for (const Placement &one : placements) {
    const auto campaign = campaigns.find(from.campaigns[at_index(one.campaign)].id);
    const auto in_break = breaks.find(from.break_ids[at_index(one.in_break)]);
    if (campaign == campaigns.end() || in_break == breaks.end()) continue;
    const auto assets = to.campaigns[at_index(campaign->second)].assets.size();
    if (at_index(one.asset) < assets)
      to.published.push_back({campaign->second, one.asset, in_break->second});
  }
}

/// Of the problem, not of the question: what is asked of the channel is still wanted.
void lose(Problem &problem, const std::string &channel) {
  const auto found = std::find(problem.channels.begin(), problem.channels.end(), channel);
  const int lost = static_cast<int>(found - problem.channels.begin());
  std::vector<Break> breaks;
  std::vector<std::string> break_ids;
  for (std::size_t b = 0; b < problem.breaks.size(); ++b) {
    if (problem.breaks[b].channel == lost) continue;
    breaks.push_back(problem.breaks[b]);
    break_ids.push_back(problem.break_ids[b]);
  }
  problem.breaks = std::move(breaks);
  problem.break_ids = std::move(break_ids);
  problem.published.clear();  // they name breaks; see publish()
  std::erase_if(problem.minima, [&](const Minimum &one) { return one.channel == lost; });
}

struct Side {
  Problem problem;
  Plan plan;
  std::map<std::string, std::pair<int, int>> campaigns;  ///< wanted and planned
};

Side plan_side(Problem problem, const Options &options) {
  Side side{std::move(problem), {}, {}};
  side.plan = make_plan(side.problem, options);
  for (const Outcome &one : side.plan.outcomes) {
    auto &sums = side.campaigns[side.problem.campaigns[at_index(one.campaign)].id];
    sums.first += one.wanted;
    sums.second += one.planned;
  }
  return side;
}

/// Minima that a plan of the changed problem is not asked for any more, as none of its breaks could
/// add to them: those of lost channels are gone, others are short of all that they ask for.
void settle_vanished(const Problem &before, const Problem &after,
                     const std::vector<Change> &changes, Effect &effect) {
  const auto is_lost = [&](const std::string &channel) {
    return std::any_of(changes.begin(), changes.end(), [&](const Change &change) {
      const auto *lost = std::get_if<ChannelLost>(&change);
      return lost != nullptr && lost->channel == channel;
    });
  };
  for (const Minimum &minimum : before.minima) {
    const bool has_break =
        std::any_of(after.breaks.begin(), after.breaks.end(), [&](const Break &one) {
          return one.channel == minimum.channel && one.day == minimum.day &&
                 one.second_of_day >= minimum.from_s && one.second_of_day < minimum.to_s;
        });
    if (is_lost(before.channels[at_index(minimum.channel)])) {
      ++effect.minima_gone;
    } else if (!has_break) {
      effect.minima_short.airings += minimum.least_ns > 0 ? 0 : minimum.least;
      effect.minima_short.ns += minimum.least_ns;
    }
  }
}

/// What the plan costs, but for the wishes of those campaigns and for the law.
double cost_without(const Side &side, const std::set<std::string> &campaigns, const Costs &costs) {
  Problem problem = side.problem;
  problem.minima.clear();
  for (Campaign &one : problem.campaigns)
    if (campaigns.count(one.id) != 0) one.targets.clear();
  return Weighing(problem, costs, side.plan.placements, {}).cost();
}

}  // namespace

MinimaShort minima_short(const Problem &problem, const std::vector<Placement> &placements) {
  MinimaShort missing;
  for (const Minimum &minimum : problem.minima) {
    int airings = 0;
    std::int64_t had_ns = 0;
    for (const Placement &one : placements) {
      if (!counts(problem, minimum, one)) continue;
      ++airings;
      had_ns += one.end_ns - one.start_ns;
    }
    if (minimum.least_ns > 0)
      missing.ns += std::max<std::int64_t>(0, minimum.least_ns - had_ns);
    else
      missing.airings += std::max(0, minimum.least - airings);
  }
  return missing;
}

Result<Question, Faults> changed(Question question, const std::vector<Change> &changes) {
  Changing changing(std::move(question));
  for (const Change &change : changes) std::visit(changing, change);
  return std::move(changing).take();
}

Result<Effect, Faults> effect_of(const Question &question, const std::vector<Change> &changes,
                                 const Zone &zone, const Options &options) {
  const auto question_after = changed(question, changes);
  if (!question_after) return question_after.fault();
  Posed posed_before = problem_of(question, zone);
  Posed posed_after = problem_of(*question_after, zone);
  for (const Change &change : changes)
    if (const auto *lost = std::get_if<ChannelLost>(&change))
      lose(posed_after.problem, lost->channel);
  const Plan common = make_plan(posed_before.problem, options);
  publish(posed_before.problem, common.placements, posed_after.problem);
  Problem again = posed_before.problem;
  publish(posed_before.problem, common.placements, again);
  const Side before = plan_side(std::move(again), options);
  const Side after = plan_side(std::move(posed_after.problem), options);

  Effect effect;
  std::set<std::string> coming;
  for (const Change &change : changes)
    if (const auto *comes = std::get_if<CampaignComes>(&change)) coming.insert(comes->campaign.id);
  effect.cost_before = cost_without(before, coming, options.costs);
  effect.cost = cost_without(after, coming, options.costs);
  effect.minima_short_before = minima_short(before.problem, before.plan.placements);
  effect.minima_short = minima_short(after.problem, after.plan.placements);
  settle_vanished(before.problem, after.problem, changes, effect);
  effect.warnings = std::move(posed_after.warnings);
  const auto stood = places_of(before.problem, before.plan.placements);
  std::map<std::string, int> elsewhere;
  for (const Place &place : places_of(after.problem, after.plan.placements))
    elsewhere[place.first] += stood.count(place) == 0 ? 1 : 0;
  for (const Campaign &campaign : after.problem.campaigns) {
    const auto was = before.campaigns.find(campaign.id);
    CampaignEffect one;
    one.id = campaign.id;
    one.is_new = std::none_of(before.problem.campaigns.begin(), before.problem.campaigns.end(),
                              [&](const Campaign &other) { return other.id == campaign.id; });
    if (was != before.campaigns.end())
      std::tie(one.wanted_before, one.planned_before) = was->second;
    if (const auto is = after.campaigns.find(campaign.id); is != after.campaigns.end())
      std::tie(one.wanted, one.planned) = is->second;
    // An airing that is more than before has not moved.
    one.moved = std::max(0, elsewhere[campaign.id] - std::max(0, one.planned - one.planned_before));
    effect.moved += one.moved;
    effect.campaigns.push_back(std::move(one));
  }
  return effect;
}

}  // namespace civicast::planner
