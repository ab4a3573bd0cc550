// SPDX-License-Identifier: Apache-2.0
#include "host/planner/planner.hpp"

#include <algorithm>
#include <unordered_map>

#include "host/planner/search.hpp"

namespace civicast::planner {
namespace {

std::int64_t duration_of(const Problem &problem, const Placement &placement) {
  const auto &campaign = problem.campaigns[static_cast<std::size_t>(placement.campaign)];
  const int channel = problem.breaks[static_cast<std::size_t>(placement.in_break)].channel;
  return campaign.assets[static_cast<std::size_t>(placement.asset)]
      .duration_ns[static_cast<std::size_t>(channel)];
}

/// Lays each break's spots end to end, campaigns in their order.
std::vector<Placement> lay(const Draft &draft) {
  const Problem &problem = draft.problem();
  std::vector<Placement> placements;
  for (std::size_t b = 0; b < problem.breaks.size(); ++b) {
    auto entries = draft.entries(static_cast<int>(b));
    std::sort(entries.begin(), entries.end(),
              [](const auto &one, const auto &other) { return one.lane < other.lane; });
    std::int64_t at_ns = problem.breaks[b].start_ns;
    for (const auto &entry : entries) {
      Placement placement;
      placement.campaign = draft.lanes()[static_cast<std::size_t>(entry.lane)].campaign;
      placement.asset = entry.asset;
      placement.in_break = static_cast<int>(b);
      placement.start_ns = at_ns;
      at_ns = placement.end_ns = at_ns + duration_of(problem, placement);
      placements.push_back(placement);
    }
  }
  std::stable_sort(placements.begin(), placements.end(), [&](const auto &a, const auto &b) {
    const int left = problem.breaks[static_cast<std::size_t>(a.in_break)].channel;
    const int right = problem.breaks[static_cast<std::size_t>(b.in_break)].channel;
    return left != right ? left < right : a.start_ns < b.start_ns;
  });
  return placements;
}

/// One campaign's assets on one channel, each chosen when it is furthest behind its share.
class Rotation {
 public:
  Rotation(const Campaign &campaign, int channel) : campaign_(campaign) {
    for (const Asset &asset : campaign.assets)
      counts_.push_back(asset.counted.empty() ? 0
                                              : asset.counted[static_cast<std::size_t>(channel)]);
  }
  void count(int asset) { ++counts_[static_cast<std::size_t>(asset)]; }

  /// Among the assets that are as long as `like` on the channel; at equal shares the first.
  int next(int like, int channel) const {
    const auto c = static_cast<std::size_t>(channel);
    const auto length = campaign_.assets[static_cast<std::size_t>(like)].duration_ns[c];
    int best = like;
    for (std::size_t a = 0; a < counts_.size(); ++a) {
      if (campaign_.assets[a].duration_ns[c] != length) continue;
      const auto mine = (counts_[a] + 1) * campaign_.assets[static_cast<std::size_t>(best)].weight;
      const auto its = (counts_[static_cast<std::size_t>(best)] + 1) * campaign_.assets[a].weight;
      if (mine < its || (mine == its && static_cast<int>(a) < best)) best = static_cast<int>(a);
    }
    return best;
  }

 private:
  const Campaign &campaign_;
  std::vector<std::int64_t> counts_;
};

/// The search minds lengths, not the order of assets: here they take their turns. What was
/// published keeps its asset.
void rotate(const Problem &problem, std::vector<Placement> &placements) {
  const auto key = [&](std::size_t campaign, int channel) {
    return campaign * problem.channels.size() + static_cast<std::size_t>(channel);
  };
  std::unordered_map<std::size_t, Rotation> rotations;
  const auto rotation_of = [&](int campaign, int channel) -> Rotation & {
    const auto i = static_cast<std::size_t>(campaign);
    return rotations.try_emplace(key(i, channel), problem.campaigns[i], channel).first->second;
  };
  for (const Fixed &fixed : problem.fixed)
    if (fixed.asset >= 0) rotation_of(fixed.campaign, fixed.channel).count(fixed.asset);

  std::unordered_map<std::size_t, int> kept;  // by campaign and break
  const auto spot = [&](int campaign, int in_break) {
    return static_cast<std::size_t>(campaign) * problem.breaks.size() +
           static_cast<std::size_t>(in_break);
  };
  for (const Published &one : problem.published)
    kept.emplace(spot(one.campaign, one.in_break), one.asset);

  for (Placement &placement : placements) {
    const int channel = problem.breaks[static_cast<std::size_t>(placement.in_break)].channel;
    Rotation &rotation = rotation_of(placement.campaign, channel);
    const auto before = kept.find(spot(placement.campaign, placement.in_break));
    Placement as_before = placement;
    if (before != kept.end()) as_before.asset = before->second;
    placement.asset =
        before != kept.end() && duration_of(problem, as_before) == duration_of(problem, placement)
            ? as_before.asset
            : rotation.next(placement.asset, channel);
    rotation.count(placement.asset);
  }
}

std::vector<Outcome> outcomes_of(const Draft &draft) {
  std::vector<Outcome> outcomes;
  const auto &campaigns = draft.problem().campaigns;
  for (std::size_t i = 0; i < campaigns.size(); ++i)
    for (std::size_t t = 0; t < campaigns[i].targets.size(); ++t) {
      Outcome outcome{static_cast<int>(i), static_cast<int>(t), campaigns[i].targets[t].wanted, 0,
                      0};
      for (const int quota : campaigns[i].targets[t].quota) outcome.asked += quota;
      outcome.planned =
          draft.planned(static_cast<int>(draft.flat_target(outcome.campaign, outcome.target)));
      outcomes.push_back(outcome);
    }
  return outcomes;
}

}  // namespace

Plan make_plan(const Problem &problem, const Options &options) {
  Draft draft(problem, options.costs);
  keep_published(draft);
  fill_evenly(draft);
  improve(draft, options.seed, options.moves);
  mend(draft, options.moves);
  Plan plan;
  plan.placements = lay(draft);
  rotate(problem, plan.placements);
  plan.outcomes = outcomes_of(draft);
  plan.cost = draft.cost();
  return plan;
}

}  // namespace civicast::planner
