// SPDX-License-Identifier: Apache-2.0
#include "host/planner/occupancy.hpp"

#include <algorithm>
#include <numeric>

namespace civicast::planner {

bool counts(const Problem &problem, const Minimum &minimum, const Placement &placement) {
  constexpr std::int64_t ns_per_second = 1'000'000'000;
  const Break &here = problem.breaks[at_index(placement.in_break)];
  const auto of_day_ns = here.second_of_day * ns_per_second + placement.start_ns - here.start_ns;
  const int ad_class = problem.campaigns[at_index(placement.campaign)].ad_class;
  return here.channel == minimum.channel && here.day == minimum.day &&
         (minimum.classes >> ad_class & 1U) != 0 && of_day_ns >= minimum.from_s * ns_per_second &&
         of_day_ns < minimum.to_s * ns_per_second;
}

std::int64_t shortest_ns(const Campaign &campaign, int channel) {
  std::int64_t shortest = -1;
  for (const Asset &asset : campaign.assets) {
    const auto duration = asset.duration_ns[at_index(channel)];
    if (duration >= 0 && (shortest < 0 || duration < shortest)) shortest = duration;
  }
  return shortest;
}

int target_on(const Campaign &campaign, int channel) {
  for (std::size_t t = 0; t < campaign.targets.size(); ++t)
    for (const int each : campaign.targets[t].channels)
      if (each == channel) return static_cast<int>(t);
  return -1;
}

Occupancy::Occupancy(const Problem &problem, const std::vector<Placement> &placements)
    : problem_(problem),
      placements_(placements),
      in_(problem.breaks.size()),
      used_ns_(problem.breaks.size()) {
  const auto count = [&](int campaign, int channel, int day) {
    const int target = target_on(problem.campaigns[at_index(campaign)], channel);
    if (target < 0 || day < 0 || day >= problem.days) return;
    auto &days = counts_[{campaign, target}];
    days.resize(at_index(problem.days));
    ++days[at_index(day)];
    auto &on_channel = channel_counts_[{campaign, channel}];
    on_channel.resize(at_index(problem.days));
    ++on_channel[at_index(day)];
  };
  for (std::size_t i = 0; i < placements.size(); ++i) {
    const Placement &one = placements[i];
    const Break &here = problem.breaks[at_index(one.in_break)];
    in_[at_index(one.in_break)].push_back(static_cast<int>(i));
    used_ns_[at_index(one.in_break)] += one.end_ns - one.start_ns;
    starts_[{one.campaign, here.channel}].push_back(problem.measures_breaks ? here.start_ns
                                                                            : one.start_ns);
    count(one.campaign, here.channel, here.day);
  }
  for (const Fixed &one : problem.fixed) {
    starts_[{one.campaign, one.channel}].push_back(one.start_ns);
    count(one.campaign, one.channel, one.day);
  }
  for (auto &[lane, starts] : starts_) std::sort(starts.begin(), starts.end());
  for (auto &in : in_)
    std::sort(in.begin(), in.end(), [&](int a, int b) {
      return placements[at_index(a)].start_ns < placements[at_index(b)].start_ns;
    });
}

std::int64_t Occupancy::free_from_ns(int in_break) const {
  std::int64_t from_ns = problem_.breaks[at_index(in_break)].start_ns;
  for (const int each : in(in_break))
    from_ns = std::max(from_ns, placements_[at_index(each)].end_ns);
  return from_ns;
}

const std::vector<std::int64_t> &Occupancy::starts(int campaign, int channel) const {
  static const std::vector<std::int64_t> none;
  const auto found = starts_.find({campaign, channel});
  return found == starts_.end() ? none : found->second;
}

int Occupancy::on_day(int campaign, int target, int day) const {
  const auto found = counts_.find({campaign, target});
  return found == counts_.end() ? 0 : found->second[at_index(day)];
}

int Occupancy::on_channel_day(int campaign, int channel, int day) const {
  const auto found = channel_counts_.find({campaign, channel});
  return found == channel_counts_.end() ? 0 : found->second[at_index(day)];
}

int Occupancy::total(int campaign, int target) const {
  const auto found = counts_.find({campaign, target});
  if (found == counts_.end()) return 0;
  return std::accumulate(found->second.begin(), found->second.end(), 0);
}

int Occupancy::of(int campaign, int in_break) const {
  for (const int each : in(in_break))
    if (placements_[at_index(each)].campaign == campaign) return each;
  return -1;
}

int Occupancy::excluded_by(const Layout &layout, int campaign, int in_break) const {
  for (const int each : in(in_break)) {
    const int other = placements_[at_index(each)].campaign;
    if (other != campaign && layout.excludes(campaign, other)) return each;
  }
  return -1;
}

}  // namespace civicast::planner
