// SPDX-License-Identifier: Apache-2.0
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "host/planner/planner.hpp"

namespace civicast::planner {
namespace {

class Outcomes {
 public:
  explicit Outcomes(const Problem &problem) : problem_(problem) {
    index_.assign(problem.campaigns.size() * problem.channels.size(), -1);
    for (std::size_t i = 0; i < problem.campaigns.size(); ++i)
      for (std::size_t t = 0; t < problem.campaigns[i].targets.size(); ++t) {
        const Target &target = problem.campaigns[i].targets[t];
        for (const int channel : target.channels)
          index_[at(static_cast<int>(i), channel)] = static_cast<int>(outcomes_.size());
        Outcome outcome;
        outcome.campaign = static_cast<int>(i);
        outcome.target = static_cast<int>(t);
        outcome.wanted = target.wanted;
        outcome.asked = std::accumulate(target.quota.begin(), target.quota.end(), 0);
        outcomes_.push_back(outcome);
      }
  }

  void add(int campaign, int asset, int channel) {
    const int index = index_[at(campaign, channel)];
    if (index < 0) return;
    Outcome &outcome = outcomes_[static_cast<std::size_t>(index)];
    ++outcome.planned;
    if (asset < 0) return;
    const auto length_ns = problem_.campaigns[static_cast<std::size_t>(campaign)]
                               .assets[static_cast<std::size_t>(asset)]
                               .duration_ns[static_cast<std::size_t>(channel)];
    if (length_ns > 0) outcome.planned_ns += length_ns;
  }

  void stands_well(int campaign, int channel) {
    if (const int index = index_[at(campaign, channel)]; index >= 0)
      ++outcomes_[static_cast<std::size_t>(index)].in_position;
  }

  std::vector<Outcome> take() && { return std::move(outcomes_); }

 private:
  std::size_t at(int campaign, int channel) const {
    return static_cast<std::size_t>(campaign) * problem_.channels.size() +
           static_cast<std::size_t>(channel);
  }
  const Problem &problem_;
  std::vector<int> index_;  ///< by campaign and channel; negative: no target has it
  std::vector<Outcome> outcomes_;
};

void look_at_positions(const Problem &problem, const std::vector<Placement> &placements,
                       Outcomes &outcomes) {
  using Position = Campaign::Position;
  std::unordered_map<int, std::pair<const Placement *, const Placement *>> ends;  // by break
  for (const Placement &one : placements) {
    auto &[first, last] = ends.try_emplace(one.in_break, &one, &one).first->second;
    if (std::tie(one.start_ns, one.end_ns) < std::tie(first->start_ns, first->end_ns)) first = &one;
    if (std::tie(one.start_ns, one.end_ns) >= std::tie(last->start_ns, last->end_ns)) last = &one;
  }
  for (const auto &[in_break, its] : ends) {
    const int channel = problem.breaks[static_cast<std::size_t>(in_break)].channel;
    const auto wishes = [&](const Placement *one, Position position) {
      return problem.campaigns[static_cast<std::size_t>(one->campaign)].position == position;
    };
    if (wishes(its.first, Position::first)) outcomes.stands_well(its.first->campaign, channel);
    if (wishes(its.second, Position::last)) outcomes.stands_well(its.second->campaign, channel);
  }
}

}  // namespace

std::vector<Outcome> outcomes_of(const Problem &problem, const std::vector<Placement> &placements) {
  Outcomes outcomes(problem);
  for (const Placement &one : placements)
    outcomes.add(one.campaign, one.asset,
                 problem.breaks[static_cast<std::size_t>(one.in_break)].channel);
  for (const Fixed &one : problem.fixed)
    if (one.day >= 0 && one.day < problem.days) outcomes.add(one.campaign, one.asset, one.channel);
  look_at_positions(problem, placements, outcomes);
  return std::move(outcomes).take();
}

}  // namespace civicast::planner
