// SPDX-License-Identifier: Apache-2.0
#include "host/planner/reach.hpp"

#include <algorithm>
#include <climits>
#include <map>
#include <numeric>
#include <utility>

#include "host/planner/occupancy.hpp"

namespace civicast::planner {
namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;
constexpr int seconds_an_hour = 3'600, hours = 24;
/// More than all other campaigns together weigh.
constexpr int before_all = 1'000;

int asked_of(const Target &target) {
  const int quota = std::accumulate(target.quota.begin(), target.quota.end(), 0);
  return target.is_daily ? quota : std::min(quota, target.most);
}

/// How many airings a target still takes, on a day and in all.
class Wanted {
 public:
  Wanted(const Problem &problem, int campaign, int target)
      : target_(problem.campaigns[at_index(campaign)].targets[at_index(target)]),
        left_(asked_of(target_)),
        days_(target_.quota),
        caps_(at_index(problem.days), target_.day_most > 0 ? target_.day_most : INT_MAX) {
    for (const Fixed &fixed : problem.fixed) {
      const bool is_ours =
          fixed.campaign == campaign && fixed.day >= 0 && fixed.day < problem.days &&
          target_on(problem.campaigns[at_index(campaign)], fixed.channel) == target;
      if (is_ours) take(fixed.channel, fixed.day);
    }
  }
  bool has(int channel, int day) const {
    if (caps_[at_index(day)] <= 0) return false;
    const auto found = on_channel_.find({channel, day});
    const int had = found == on_channel_.end() ? 0 : found->second;
    if (target_.channel_day_most > 0 && had >= target_.channel_day_most) return false;
    return target_.is_daily ? days_[at_index(day)] > 0 : left_ > 0;
  }
  void take(int channel, int day) {
    ++on_channel_[{channel, day}];
    --left_;
    --days_[at_index(day)];
    --caps_[at_index(day)];
    ++taken_;
  }
  int taken() const { return taken_; }

 private:
  const Target &target_;
  int left_, taken_ = 0;
  std::vector<int> days_, caps_;
  std::map<std::pair<int, int>, int> on_channel_;
};

/// The campaign alone: each airing as early as it can be, at whatever instant of a break. Of the
/// ways to air on one channel none has more.
class Alone {
 public:
  Alone(const Problem &problem, int campaign)
      : problem_(problem), of_(problem.campaigns[at_index(campaign)]), campaign_(campaign) {
    for (std::size_t b = 0; b < problem.breaks.size(); ++b) breaks_.push_back(static_cast<int>(b));
    std::stable_sort(breaks_.begin(), breaks_.end(), [&](int a, int b) {
      return problem.breaks[at_index(a)].start_ns < problem.breaks[at_index(b)].start_ns;
    });
  }

  int count(int target) {
    Wanted wanted(problem_, campaign_, target);
    const Target &its = of_.targets[at_index(target)];
    // A day's quota or cap on several channels: each day by itself, which is no less than can be.
    const bool is_shared = its.channels.size() > 1 && (its.is_daily || its.day_most > 0);
    const int first = is_shared ? 0 : any_day, end = is_shared ? problem_.days : 0;
    for (int day = first; day < end; ++day)
      for (const int channel : its.channels) air(channel, wanted, day);
    return wanted.taken();
  }

 private:
  static constexpr int any_day = -1;

  void air(int channel, Wanted &wanted, int only_day) {
    const auto length_ns = shortest_ns(of_, channel);
    if (length_ns < 0) return;
    std::vector<std::int64_t> fixed;
    for (const Fixed &one : problem_.fixed)
      if (one.campaign == campaign_ && one.channel == channel) fixed.push_back(one.start_ns);
    std::sort(fixed.begin(), fixed.end());
    std::int64_t from_ns = INT64_MIN;
    for (const int b : breaks_) {
      const Break &here = problem_.breaks[at_index(b)];
      const bool is_ours = here.channel == channel && (only_day < 0 || here.day == only_day);
      if (!is_ours || !wanted.has(channel, here.day)) continue;
      const auto at_ns = earliest(here, length_ns, from_ns, fixed);
      if (at_ns == INT64_MAX) continue;
      wanted.take(channel, here.day);
      from_ns = at_ns + of_.separation_ns;
    }
  }

  /// The earliest start in the break; INT64_MAX if there is none.
  std::int64_t earliest(const Break &here, std::int64_t length_ns, std::int64_t from_ns,
                        const std::vector<std::int64_t> &fixed) const {
    const bool is_carried = (here.classes >> of_.ad_class & 1U) != 0 && here.day >= of_.first_day &&
                            here.day <= of_.last_day;
    if (!is_carried) return INT64_MAX;
    const auto last_ns =
        here.start_ns + (problem_.measures_breaks ? 0 : here.length_ns - length_ns);
    if (length_ns > here.length_ns) return INT64_MAX;
    const auto midnight_ns = here.start_ns - here.second_of_day * ns_per_second;
    for (const Window &window : of_.windows) {
      auto at_ns = std::max({here.start_ns, from_ns, midnight_ns + window.from_s * ns_per_second});
      for (const auto fixed_ns : fixed)
        if (std::abs(at_ns - fixed_ns) < of_.separation_ns) at_ns = fixed_ns + of_.separation_ns;
      if (at_ns <= last_ns && at_ns < midnight_ns + window.to_s * ns_per_second) return at_ns;
    }
    return INT64_MAX;
  }

  const Problem &problem_;
  const Campaign &of_;
  int campaign_;
  std::vector<int> breaks_;  ///< by start
};

/// The campaign's lanes alone: the others keep their places.
Problem only(Problem problem, int campaign) {
  for (std::size_t i = 0; i < problem.campaigns.size(); ++i)
    if (static_cast<int>(i) != campaign) problem.campaigns[i].targets.clear();
  problem.published.clear();
  return problem;
}

std::vector<Placement> others(const std::vector<Placement> &placements, int campaign) {
  std::vector<Placement> out;
  std::copy_if(placements.begin(), placements.end(), std::back_inserter(out),
               [&](const Placement &one) { return one.campaign != campaign; });
  return out;
}

class Beside {
 public:
  Beside(const Problem &problem, const std::vector<Placement> &placements, int campaign)
      : problem_(only(problem, campaign)),
        others_(others(placements, campaign)),
        occupancy_(problem_, others_),
        layout_(problem_, costs_) {}

  std::vector<int> breaks(int target) {
    std::vector<int> out;
    for (const Goal &goal : layout_.goals) {
      if (goal.target != target) continue;
      Wanted wanted(problem_, goal.campaign, goal.target);
      for (const int channel :
           problem_.campaigns[at_index(goal.campaign)].targets[at_index(goal.target)].channels) {
        std::int64_t from_ns = INT64_MIN;
        for (const auto &day : goal.lane_days)
          for (const int lane_day : day)
            if (layout_.lane_days[at_index(lane_day)].channel == channel)
              air(layout_.lane_days[at_index(lane_day)], wanted, from_ns, out);
      }
    }
    return out;
  }

 private:
  /// In order and as early as can be: the search's margins make no way have more.
  void air(const LaneDay &of, Wanted &wanted, std::int64_t &from_ns, std::vector<int> &out) const {
    for (int step = 0; step < of.steps && wanted.has(of.channel, of.day); ++step) {
      const std::size_t index = of.first + at_index(step);
      if (layout_.start_ns[index] < from_ns || !has_room(of, layout_.in_break[index])) continue;
      wanted.take(of.channel, of.day);
      out.push_back(layout_.in_break[index]);
      from_ns = layout_.next_ns[index];
    }
  }

  bool has_room(const LaneDay &of, int in_break) const {
    const Break &here = problem_.breaks[at_index(in_break)];
    return occupancy_.used_ns(in_break) + of.shortest_ns <= here.length_ns &&
           (here.max_items == 0 || occupancy_.in(in_break).size() < at_index(here.max_items)) &&
           occupancy_.excluded_by(layout_, of.campaign, in_break) < 0;
  }

  Problem problem_;
  std::vector<Placement> others_;
  Occupancy occupancy_;
  Costs costs_;
  Layout layout_;
};

std::vector<TargetReach> reaches(const Problem &problem, const std::vector<Placement> &placements,
                                 int campaign) {
  std::vector<TargetReach> all;
  const auto &targets = problem.campaigns[at_index(campaign)].targets;
  const Occupancy as_it_stands(problem, placements);
  Alone alone(problem, campaign);
  Beside beside(problem, placements, campaign);
  for (std::size_t t = 0; t < targets.size(); ++t) {
    TargetReach one;
    one.target = static_cast<int>(t);
    one.wanted = asked_of(targets[t]);
    one.planned = as_it_stands.total(campaign, one.target);
    one.alone = alone.count(one.target);
    one.beside = Wanted(problem, campaign, one.target).taken() +
                 static_cast<int>(beside.breaks(one.target).size());
    all.push_back(one);
  }
  return all;
}

int sum(const std::vector<TargetReach> &all, int TargetReach::*of) {
  int sum = 0;
  for (const TargetReach &one : all) sum += one.*of;
  return sum;
}

/// Takes each constraint away in turn, and counts.
class Relieving {
 public:
  Relieving(const Problem &problem, const std::vector<Placement> &placements, int campaign,
            const Reach &reach)
      : problem_(only(problem, campaign)),
        placements_(others(placements, campaign)),
        campaign_(campaign),
        reach_(reach) {}

  std::vector<Relief> run() && {
    const Campaign &of = problem_.campaigns[at_index(campaign_)];
    if (of.separation_ns > 0) {
      try_one({Lever::half_separation}, [](auto &, auto &its) { its.separation_ns /= 2; });
      try_one({Lever::no_separation}, [](auto &, auto &its) { its.separation_ns = 0; });
    }
    try_hours();
    try_one({Lever::all_hours}, [](auto &, auto &its) { its.windows = {{}}; });
    try_one({Lever::all_dates}, [](auto &problem, auto &its) {
      its.first_day = 0;
      its.last_day = problem.days - 1;
    });
    try_one({Lever::any_class}, [](auto &problem, auto &its) {
      for (Break &one : problem.breaks) one.classes |= std::uint32_t{1} << its.ad_class;
    });
    try_one({Lever::shorter_assets}, [](auto &, auto &its) {
      for (Asset &asset : its.assets)
        for (auto &length_ns : asset.duration_ns)
          if (length_ns > 0) length_ns /= 2;
    });
    try_one({Lever::more_items}, [](auto &problem, auto &) {
      for (Break &one : problem.breaks) one.max_items = 0;
    });
    try_one({Lever::no_topic}, [this](auto &problem, auto &its) {
      its.topic = -1;
      its.not_with.clear();
      for (Campaign &other : problem.campaigns) std::erase(other.not_with, campaign_);
    });
    try_one({Lever::no_caps}, [](auto &, auto &its) {
      for (Target &target : its.targets) target.day_most = target.channel_day_most = 0;
    });
    try_house_files();
    try_channels();
    std::stable_sort(found_.begin(), found_.end(), [](const Relief &a, const Relief &b) {
      return std::pair(a.beside, a.alone) > std::pair(b.beside, b.alone);
    });
    return std::move(found_);
  }

 private:
  template <class Change>
  Relief counted(Relief relief, Change &&change) const {
    Problem changed = problem_;
    change(changed, changed.campaigns[at_index(campaign_)]);
    const auto all = reaches(changed, placements_, campaign_);
    relief.alone = sum(all, &TargetReach::alone);
    relief.beside = sum(all, &TargetReach::beside);
    return relief;
  }
  bool helps(const Relief &relief) const {
    return relief.beside > reach_.beside || relief.alone > reach_.alone;
  }
  template <class Change>
  void try_one(Relief relief, Change &&change) {
    relief = counted(relief, change);
    if (helps(relief)) found_.push_back(relief);
  }
  void keep_best(const std::vector<Relief> &all) {
    const auto best =
        std::max_element(all.begin(), all.end(), [](const Relief &a, const Relief &b) {
          return std::pair(a.beside, a.alone) < std::pair(b.beside, b.alone);
        });
    if (best != all.end() && helps(*best)) found_.push_back(*best);
  }

  void try_hours() {
    std::vector<Relief> all;
    for (int hour = 0; hour < hours; ++hour)
      all.push_back(counted({Lever::longer_window, hour}, [&](auto &, auto &its) {
        its.windows = with_hour(its.windows, hour * seconds_an_hour);
      }));
    keep_best(all);
  }

  static std::vector<Window> with_hour(std::vector<Window> windows, int from_s) {
    windows.push_back({from_s, from_s + seconds_an_hour});
    std::sort(windows.begin(), windows.end(),
              [](const Window &a, const Window &b) { return a.from_s < b.from_s; });
    std::vector<Window> apart;
    for (const Window &window : windows) {
      if (!apart.empty() && window.from_s <= apart.back().to_s)
        apart.back().to_s = std::max(apart.back().to_s, window.to_s);
      else
        apart.push_back(window);
    }
    return apart;
  }

  std::int64_t shortest_anywhere() const {
    std::int64_t shortest = -1;
    for (std::size_t c = 0; c < problem_.channels.size(); ++c) {
      const auto here = shortest_ns(problem_.campaigns[at_index(campaign_)], static_cast<int>(c));
      if (here > 0 && (shortest < 0 || here < shortest)) shortest = here;
    }
    return std::max<std::int64_t>(0, shortest);
  }

  void try_house_files() {
    const auto length_ns = shortest_anywhere();
    try_one({Lever::house_files}, [&](auto &, auto &its) {
      for (const Target &target : its.targets)
        for (const int channel : target.channels)
          if (shortest_ns(its, channel) < 0 && !its.assets.empty())
            its.assets.front().duration_ns[at_index(channel)] = length_ns;
    });
  }

  void try_channels() {
    std::vector<Relief> all;
    const Campaign &of = problem_.campaigns[at_index(campaign_)];
    if (of.targets.empty() || of.assets.empty()) return;
    for (int channel = 0; channel < static_cast<int>(problem_.channels.size()); ++channel) {
      if (target_on(of, channel) >= 0) continue;
      all.push_back(counted({Lever::more_channel, -1, channel}, [&](auto &, auto &its) {
        its.targets.front().channels.push_back(channel);
        if (shortest_ns(its, channel) < 0)
          its.assets.front().duration_ns[at_index(channel)] = shortest_anywhere();
      }));
    }
    keep_best(all);
  }

  Problem problem_;
  std::vector<Placement> placements_;
  int campaign_;
  const Reach &reach_;
  std::vector<Relief> found_;
};

}  // namespace

std::vector<int> room_beside(const Problem &problem, const std::vector<Placement> &placements,
                             int campaign) {
  std::vector<int> breaks;
  Beside beside(problem, placements, campaign);
  for (std::size_t t = 0; t < problem.campaigns[at_index(campaign)].targets.size(); ++t) {
    const auto its = beside.breaks(static_cast<int>(t));
    breaks.insert(breaks.end(), its.begin(), its.end());
  }
  return breaks;
}

Reach reach_of(const Problem &problem, const std::vector<Placement> &placements, int campaign) {
  Reach reach;
  reach.targets = reaches(problem, placements, campaign);
  reach.wanted = sum(reach.targets, &TargetReach::wanted);
  reach.planned = sum(reach.targets, &TargetReach::planned);
  reach.alone = sum(reach.targets, &TargetReach::alone);
  reach.beside = sum(reach.targets, &TargetReach::beside);
  if (reach.beside < reach.wanted)
    reach.reliefs = Relieving(problem, placements, campaign, reach).run();
  return reach;
}

Replanned replanned_for(const Problem &problem, int campaign, const Options &options) {
  Problem first = problem;
  first.campaigns[at_index(campaign)].weight *= before_all;
  return {make_plan(problem, options), make_plan(first, options)};
}

}  // namespace civicast::planner
