// SPDX-License-Identifier: Apache-2.0
#include "host/planner/layout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "host/planner/paths.hpp"
#include "host/planner/share.hpp"

namespace civicast::planner {
namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;
/// An airing off the pace costs at most so many paces more than the first one.
constexpr double steepest_pace = 3;

class Laying {
 public:
  explicit Laying(Layout &out) : out_(out), problem_(out.problem) {
    by_day_.resize(problem_.channels.size() * at_index(problem_.days));
    for (std::size_t b = 0; b < problem_.breaks.size(); ++b)
      by_day_[day_of(problem_.breaks[b].channel, problem_.breaks[b].day)].push_back(
          static_cast<int>(b));
    for (auto &day : by_day_)
      std::stable_sort(day.begin(), day.end(), [&](int a, int b) {
        return problem_.breaks[at_index(a)].start_ns < problem_.breaks[at_index(b)].start_ns;
      });
    minima_by_day_.resize(by_day_.size());
    for (const Minimum &minimum : problem_.minima)
      minima_by_day_[day_of(minimum.channel, minimum.day)].push_back(&minimum);
    for (auto &minima : minima_by_day_) {
      minima.resize(std::min<std::size_t>(minima.size(), max_minima_a_day));
      first_minimum_.push_back(out_.minima.size());
      for (const Minimum *each : minima)
        out_.minima.push_back(each->least_ns > 0 ? Asked{each->least_ns, true}
                                                 : Asked{each->least, false});
    }
    for (const Campaign &each : problem_.campaigns) {
      first_length_.push_back(out_.lengths_ns.size());
      for (std::size_t c = 0; c < problem_.channels.size(); ++c)
        for (const Asset &asset : each.assets) out_.lengths_ns.push_back(asset.duration_ns[c]);
    }
    for (const Published &one : problem_.published)
      published_.emplace_back(one.in_break, one.campaign);
    std::sort(published_.begin(), published_.end());
    for (const Fixed &one : problem_.fixed)
      fixed_[lane_of(one.campaign, one.channel)].push_back({one.start_ns, one.day});
    for (auto &[lane, airings] : fixed_) std::sort(airings.begin(), airings.end());
  }

  void run() {
    for (std::size_t i = 0; i < problem_.campaigns.size(); ++i)
      for (std::size_t t = 0; t < problem_.campaigns[i].targets.size(); ++t)
        add_goal(static_cast<int>(i), static_cast<int>(t));
  }

 private:
  std::size_t day_of(int channel, int day) const {
    return at_index(channel) * at_index(problem_.days) + at_index(day);
  }
  const Campaign &campaign(int index) const { return problem_.campaigns[at_index(index)]; }
  std::size_t lane_of(int campaign, int channel) const {
    return at_index(campaign) * problem_.channels.size() + at_index(channel);
  }
  using FixedStarts = std::vector<std::pair<std::int64_t, int>>;  ///< start and day
  const FixedStarts &fixed_of(int campaign, int channel) const {
    static const FixedStarts none;
    const auto found = fixed_.find(lane_of(campaign, channel));
    return found == fixed_.end() ? none : found->second;
  }
  int fixed_on(int campaign, int channel, int day) const {
    const FixedStarts &all = fixed_of(campaign, channel);
    return static_cast<int>(
        std::count_if(all.begin(), all.end(), [&](const auto &one) { return one.second == day; }));
  }

  void add_goal(int campaign_index, int target_index) {
    const Campaign &of = campaign(campaign_index);
    const Target &target = of.targets[at_index(target_index)];
    Goal goal;
    goal.campaign = campaign_index;
    goal.target = target_index;
    goal.is_daily = target.is_daily;
    goal.quota = target.quota;
    for (const int quota : target.quota) goal.cap += quota;
    const int no_limit = std::numeric_limits<int>::max();
    goal.most.assign(at_index(problem_.days), target.day_most > 0 ? target.day_most : no_limit);
    for (std::size_t day = 0; target.is_daily && day < goal.most.size(); ++day)
      goal.most[day] = std::min(goal.most[day], target.quota[day]);
    goal.weight = of.weight;
    goal.fixed.assign(at_index(problem_.days), 0);
    goal.lane_days.resize(at_index(problem_.days));
    for (const int channel : target.channels)
      for (const auto &[start_ns, day] : fixed_of(campaign_index, channel))
        if (day >= 0 && day < problem_.days) ++goal.fixed[at_index(day)];
    const int index = static_cast<int>(out_.goals.size());
    for (const int channel : target.channels) add_lane(index, goal, channel);
    share_out(goal, target);
    out_.goals.push_back(std::move(goal));
  }

  void add_lane(int goal_index, Goal &goal, int channel) {
    const Campaign &of = campaign(goal.campaign);
    std::int64_t shortest_ns = -1, longest_ns = -1;
    const std::size_t assets = of.assets.size();
    const std::size_t asset = first_length_[at_index(goal.campaign)] + at_index(channel) * assets;
    for (std::size_t a = asset; a < asset + assets; ++a) {
      const auto duration = out_.lengths_ns[a];
      if (duration >= 0 && (shortest_ns < 0 || duration < shortest_ns)) shortest_ns = duration;
      longest_ns = std::max(longest_ns, duration);
    }
    if (shortest_ns < 0) return;
    const FixedStarts &fixed = fixed_of(goal.campaign, channel);
    int before = -1, before_day = -2;
    for (int day = std::max(0, of.first_day); day <= std::min(problem_.days - 1, of.last_day);
         ++day) {
      LaneDay made;
      made.goal = goal_index;
      made.campaign = goal.campaign;
      made.channel = channel;
      made.day = day;
      made.shortest_ns = shortest_ns;
      made.first = out_.in_break.size();
      made.longest_ns = longest_ns;
      made.asset = asset;
      made.assets = static_cast<int>(assets);
      made.minimum = first_minimum_[day_of(channel, day)];
      add_steps(made, fixed);
      if (made.steps == 0) continue;
      cap(made, of.targets[at_index(goal.target)].channel_day_most);
      const int index = static_cast<int>(out_.lane_days.size());
      if (before_day == day - 1) {
        made.before = before;
        out_.lane_days[at_index(before)].after = index;
      }
      before = index;
      before_day = day;
      goal.lane_days[at_index(day)].push_back(index);
      ++goal.all_lane_days;
      out_.lane_days.push_back(made);
    }
  }

  void add_steps(LaneDay &made, const FixedStarts &fixed) {
    const Campaign &of = campaign(made.campaign);
    std::int64_t next_ns = INT64_MIN;
    for (const int b : by_day_[day_of(made.channel, made.day)]) {
      const Break &here = problem_.breaks[at_index(b)];
      if (!may_hold(of, made.shortest_ns, here, fixed)) continue;
      out_.in_break.push_back(b);
      const bool is_published =
          std::binary_search(published_.begin(), published_.end(), std::pair(b, made.campaign));
      const double change =
          is_published ? of.weight * static_cast<double>(out_.costs.change) / 1000 : 0;
      out_.idle += change;
      out_.cost.push_back(static_cast<float>(of.weight * static_cast<double>(out_.costs.audience) *
                                                 (1 - here.audience) / 1000 -
                                             change));
      out_.start_ns.push_back(here.start_ns);
      const auto own_next_ns = here.start_ns + offset_ns(made.shortest_ns, here) + of.separation_ns;
      out_.next_ns.push_back(made.steps == 0 ? own_next_ns
                                             : std::max(out_.next_ns.back(), own_next_ns));
      int reach = made.steps++;
      while (reach > 0 && out_.next_ns[made.first + at_index(reach - 1)] > here.start_ns) --reach;
      out_.reach.push_back(static_cast<std::int16_t>(reach));
      out_.window_s.push_back(window_second(of, here.second_of_day));
      out_.in_minima.push_back(minima_of(made, here));
      made.minima |= out_.in_minima.back();
      if (here.start_ns < next_ns) continue;
      ++made.most;
      next_ns = out_.next_ns.back();
    }
  }

  void cap(LaneDay &made, int channel_day_most) const {
    if (channel_day_most <= 0) return;
    const int fixed = fixed_on(made.campaign, made.channel, made.day);
    made.most = std::clamp(channel_day_most - fixed, 0, made.most);
  }

  /// Those that an airing in the break counts for wherever in the break it stands.
  std::uint8_t minima_of(const LaneDay &lane_day, const Break &here) const {
    const auto last_ns = here.second_of_day * ns_per_second + offset_ns(lane_day.shortest_ns, here);
    const int ad_class = campaign(lane_day.campaign).ad_class;
    unsigned bits = 0, bit = 1;
    for (const Minimum *of : minima_by_day_[day_of(lane_day.channel, lane_day.day)]) {
      if ((of->classes >> ad_class & 1) != 0 && here.second_of_day >= of->from_s &&
          last_ns < of->to_s * ns_per_second)
        bits |= bit;
      bit <<= 1;
    }
    return static_cast<std::uint8_t>(bits);
  }

  /// How far into the break a spot may stand, in the worst order of what is beside it.
  std::int64_t offset_ns(std::int64_t shortest_ns, const Break &here) const {
    if (problem_.measures_breaks || here.max_items == 1) return 0;
    return std::max<std::int64_t>(0, here.length_ns - shortest_ns);
  }

  bool may_hold(const Campaign &of, std::int64_t shortest_ns, const Break &here,
                const FixedStarts &fixed) const {
    if ((here.classes >> of.ad_class & 1) == 0 || shortest_ns > here.length_ns) return false;
    const auto offset = offset_ns(shortest_ns, here);
    const auto last_ns = here.second_of_day * ns_per_second + offset;
    const bool is_inside =
        std::any_of(of.windows.begin(), of.windows.end(), [&](const Window &window) {
          return window.from_s <= here.second_of_day && last_ns < window.to_s * ns_per_second;
        });
    if (!is_inside) return false;
    const auto next = std::partition_point(
        fixed.begin(), fixed.end(), [&](const auto &one) { return one.first < here.start_ns; });
    if (next != fixed.end() && next->first - here.start_ns - offset < of.separation_ns)
      return false;
    return next == fixed.begin() || here.start_ns - std::prev(next)->first >= of.separation_ns;
  }

  static std::int64_t window_second(const Campaign &of, int second_of_day) {
    std::int64_t before = 0;
    for (const Window &window : of.windows)
      before += std::max(0, std::min(second_of_day, window.to_s) - window.from_s);
    return before;
  }

  /// What each channel is due on each day, so that over the days all get the same.
  void share_out(const Goal &goal, const Target &target) {
    std::unordered_map<int, Sharer> by_channel;
    double mean = 0;
    for (const int channel : target.channels)
      mean += counted_on(goal.campaign, channel) / static_cast<double>(target.channels.size());
    for (const int channel : target.channels)
      by_channel[channel].behind = arrears(mean, counted_on(goal.campaign, channel));
    for (std::size_t day = 0; day < goal.lane_days.size(); ++day) {
      std::vector<Sharer *> sharers;
      for (const int index : goal.lane_days[day]) {
        const LaneDay &made = out_.lane_days[at_index(index)];
        Sharer &its = by_channel[made.channel];
        its.due = 0;
        its.most = made.most;
        sharers.push_back(&its);
      }
      deal(goal.quota[day], sharers);
      for (const int index : goal.lane_days[day]) {
        LaneDay &made = out_.lane_days[at_index(index)];
        const int fixed = fixed_on(goal.campaign, made.channel, made.day);
        set_gaps(made, by_channel[made.channel].due - fixed, goal.weight);
      }
    }
  }

  int counted_on(int campaign_index, int channel) const {
    int airings = 0;
    for (const Asset &asset : campaign(campaign_index).assets)
      if (!asset.counted.empty()) airings += asset.counted[at_index(channel)];
    return airings;
  }

  /// A day on which the channel is not due an airing is half empty already.
  void set_gaps(LaneDay &made, int due, double weight) const {
    made.from_s = out_.window_s[made.first];
    made.to_s = out_.window_s[made.first + at_index(made.steps) - 1] + 1;
    const auto length_s = made.to_s - made.from_s;
    made.even_s = std::max<std::int64_t>(1, due > 0 ? length_s / due : 2 * length_s);
    made.per_even = 1 / static_cast<double>(made.even_s);
    made.gap_weight = static_cast<double>(out_.costs.spacing) * weight / 1000;
    if (made.gap_weight > 0) out_.idle += gap_cost(made, made.from_s, made.to_s, true);
  }

  Layout &out_;
  const Problem &problem_;
  std::vector<std::vector<int>> by_day_;  ///< by channel and day: breaks in order
  std::vector<std::vector<const Minimum *>> minima_by_day_;
  std::vector<std::size_t> first_minimum_;  ///< by channel and day, in Layout::minima
  std::vector<std::size_t> first_length_;   ///< by campaign, in Layout::lengths_ns
  std::vector<std::pair<int, int>> published_;
  std::unordered_map<std::size_t, FixedStarts> fixed_;  ///< by lane
};

}  // namespace

Layout::Layout(const Problem &of, const Costs &prices) : problem(of), costs(prices) {
  Laying(*this).run();
  set_exclusions();
}

void Layout::set_exclusions() {
  const std::size_t count = problem.campaigns.size();
  leaves.assign(count, 0);
  minds.assign(count, 0);
  int next_bit = 0;
  const auto bit = [](int number) { return std::uint64_t{1} << (number % 64); };
  for (std::size_t i = 0; i < count; ++i) {
    const int topic = problem.campaigns[i].topic;
    topics.push_back(topic);
    if (topic >= 0) leaves[i] |= bit(topic), minds[i] |= bit(topic);
    next_bit = std::max(next_bit, topic + 1);
  }
  std::vector<std::uint64_t> own(count, 0);
  const auto own_bit = [&](std::size_t campaign) {
    if (own[campaign] == 0) own[campaign] = bit(next_bit++);
    return own[campaign];
  };
  for (std::size_t i = 0; i < count; ++i)
    for (const int other : problem.campaigns[i].not_with) {
      if (pairs_.empty()) pairs_.assign(count * count, false);
      const std::size_t j = at_index(other);
      pairs_[i * count + j] = pairs_[j * count + i] = true;
      leaves[i] |= own_bit(i), minds[j] |= own_bit(i);
      leaves[j] |= own_bit(j), minds[i] |= own_bit(j);
    }
}

std::optional<Spot> Layout::spot(int goal, int break_index) const {
  const Break &here = problem.breaks[at_index(break_index)];
  for (const int lane_day : goals[at_index(goal)].lane_days[at_index(here.day)]) {
    const LaneDay &of = lane_days[at_index(lane_day)];
    if (of.channel != here.channel) continue;
    const auto first = start_ns.begin() + static_cast<std::ptrdiff_t>(of.first);
    const auto end = first + of.steps;
    auto found = std::lower_bound(first, end, here.start_ns);
    for (; found != end && *found == here.start_ns; ++found) {  // moments can coincide
      const auto step = found - first;
      if (in_break[of.first + static_cast<std::size_t>(step)] == break_index)
        return Spot{lane_day, static_cast<int>(step)};
    }
  }
  return {};
}

/// The less a goal has, the more the next airing is worth: where there is not room for all, the
/// heavier get more, but nobody goes without.
double Layout::missing_cost(const Goal &goal, int had, int wanted) const {
  const double short_of = std::max(0, wanted - had);
  if (short_of == 0) return 0;
  const double fairness = static_cast<double>(costs.fairness);
  return static_cast<double>(costs.missing) / 1000 * goal.weight *
         (short_of + fairness * short_of * (short_of + 1) / 2 / wanted);
}

/// The next airing off the pace costs more than the one before it, so that what one day cannot
/// take comes evenly on the others; but never more than one that is missing.
double Layout::pace_cost(const Goal &goal, int day, int had) const {
  const int quota = goal.quota[at_index(day)];
  if (goal.is_daily) return missing_cost(goal, had, quota);
  const double off = std::abs(had - quota);
  const double pace = static_cast<double>(costs.pace) / 1000 * goal.weight;
  if (off <= 1 || costs.pace_growth == 0) return pace * off;
  const double growth = static_cast<double>(costs.pace_growth) / 1000 / std::max(1, quota);
  // Of `off` airings, the first costs one pace, each further one `growth` more than the one before.
  const double growing = std::min(off, 1 + std::floor(steepest_pace / growth));
  const double steep = growth * growing * (growing - 1) / 2 + steepest_pace * (off - growing);
  return pace * (off + steep);
}

double Layout::average_weight() const {
  double sum = 0;
  for (const Goal &goal : goals) sum += goal.weight;
  return goals.empty() ? 1 : sum / static_cast<double>(goals.size());
}

}  // namespace civicast::planner
