// SPDX-License-Identifier: Apache-2.0
#include "host/planner/draft.hpp"

#include <algorithm>
#include <bit>

namespace civicast::planner {
namespace {

constexpr std::size_t at_index(int index) {
  return static_cast<std::size_t>(index);
}
constexpr std::int64_t ns_per_second = 1'000'000'000;
/// Beyond so many even gaps the cost grows no longer with the square, or one empty day would
/// outweigh every target; it must go on growing, or one great gap would pay for bunching.
constexpr std::int64_t steep_gaps = 2;

bool bit_of(const std::vector<std::uint64_t> &bits, std::size_t word, int bit) {
  return (bits[word + at_index(bit / 64)] >> (bit % 64) & 1) != 0;
}

}  // namespace

Draft::Draft(const Problem &problem, const Costs &costs) : problem_(problem), costs_(costs) {
  channel_breaks_.resize(problem.channels.size());
  for (std::size_t b = 0; b < problem.breaks.size(); ++b)
    channel_breaks_[at_index(problem.breaks[b].channel)].push_back(static_cast<int>(b));
  ordinals_.resize(problem.breaks.size());
  for (auto &breaks : channel_breaks_) {
    std::stable_sort(breaks.begin(), breaks.end(), [&](int a, int b) {
      return problem.breaks[at_index(a)].start_ns < problem.breaks[at_index(b)].start_ns;
    });
    for (std::size_t i = 0; i < breaks.size(); ++i)
      ordinals_[at_index(breaks[i])] = static_cast<int>(i);
  }
  used_ns_.assign(problem.breaks.size(), 0);
  entries_.resize(problem.breaks.size());
  make_targets();
  make_lanes();
  for (const Published &one : problem.published) {
    const int lane = lane_of(one.campaign, problem.breaks[at_index(one.in_break)].channel);
    if (lane < 0) continue;
    const int ordinal = ordinal_of(one.in_break);
    published_[lanes_[at_index(lane)].word + at_index(ordinal / 64)] |= std::uint64_t{1}
                                                                        << (ordinal % 64);
  }
}

void Draft::make_targets() {
  for (const Campaign &campaign : problem_.campaigns) {
    first_target_.push_back(targets_.size());
    for (const Target &target : campaign.targets) {
      int cap = 0;
      for (const int quota : target.quota) {
        cap += quota;
        if (target.is_daily)
          for (int have = 0; have < quota; ++have)
            cost_ += missing_cost(campaign.weight, have, quota);
      }
      targets_.push_back(&target);
      caps_.push_back(cap);
      if (target.is_daily) continue;
      for (int have = 0; have < cap; ++have) cost_ += missing_cost(campaign.weight, have, cap);
      cost_ += costs_.pace * campaign.weight * cap;
    }
  }
  totals_.assign(targets_.size(), 0);
  day_counts_.assign(targets_.size() * at_index(problem_.days), 0);
}

void Draft::make_lanes() {
  lane_of_.assign(problem_.campaigns.size() * problem_.channels.size(), -1);
  for (std::size_t i = 0; i < problem_.campaigns.size(); ++i)
    for (std::size_t t = 0; t < problem_.campaigns[i].targets.size(); ++t)
      for (const int channel : problem_.campaigns[i].targets[t].channels)
        make_lane(static_cast<int>(i), static_cast<int>(t), channel);
  published_.assign(held_.size(), 0);
  count_fixed();
  for (Lane &lane : lanes_) make_lane_days(lane);
}

void Draft::make_lane(int campaign, int target, int channel) {
  const Campaign &of = problem_.campaigns[at_index(campaign)];
  Lane lane;
  lane.campaign = campaign;
  lane.target = static_cast<int>(flat_target(campaign, target));
  lane.channel = channel;
  lane.shortest_ns = -1;
  for (const Asset &asset : of.assets) {
    const auto duration = asset.duration_ns[at_index(channel)];
    if (duration >= 0 && (lane.shortest_ns < 0 || duration < lane.shortest_ns))
      lane.shortest_ns = duration;
  }
  const auto &breaks = channel_breaks_[at_index(channel)];
  lane.word = held_.size();
  held_.resize(held_.size() + (breaks.size() + 63) / 64, 0);
  const auto fixed_ns = fixed_starts(lane);
  if (lane.shortest_ns >= 0)
    for (std::size_t i = 0; i < breaks.size(); ++i)
      if (may_hold(lane, problem_.breaks[at_index(breaks[i])], fixed_ns))
        lane.eligible.push_back(static_cast<int>(i));
  lane_of_[at_index(campaign) * problem_.channels.size() + at_index(channel)] =
      static_cast<int>(lanes_.size());
  first_asset_.push_back(asset_counts_.size());
  for (const Asset &asset : of.assets)
    asset_counts_.push_back(asset.counted.empty() ? 0 : asset.counted[at_index(channel)]);
  lanes_.push_back(std::move(lane));
}

/// How far into the break a spot of the lane may stand, in the worst order of what is beside it.
std::int64_t Draft::latest_offset_ns(const Lane &lane, const Break &at) const {
  if (problem_.measures_breaks || at.max_items == 1) return 0;
  return std::max<std::int64_t>(0, at.length_ns - lane.shortest_ns);
}

std::vector<std::int64_t> Draft::fixed_starts(const Lane &lane) const {
  std::vector<std::int64_t> starts;
  for (const Fixed &fixed : problem_.fixed)
    if (fixed.campaign == lane.campaign && fixed.channel == lane.channel)
      starts.push_back(fixed.start_ns);
  std::sort(starts.begin(), starts.end());
  return starts;
}

bool Draft::may_hold(const Lane &lane, const Break &at,
                     const std::vector<std::int64_t> &fixed_ns) const {
  const Campaign &of = campaign(lane);
  if ((at.classes >> of.ad_class & 1) == 0 || at.day < of.first_day || at.day > of.last_day ||
      lane.shortest_ns > at.length_ns)
    return false;
  const auto offset_ns = latest_offset_ns(lane, at);
  const auto last_ns = at.second_of_day * ns_per_second + offset_ns;
  const bool is_inside =
      std::any_of(of.windows.begin(), of.windows.end(), [&](const Window &window) {
        return window.from_s <= at.second_of_day && last_ns < window.to_s * ns_per_second;
      });
  if (!is_inside) return false;
  const auto next = std::lower_bound(fixed_ns.begin(), fixed_ns.end(), at.start_ns);
  if (next != fixed_ns.end() && *next - at.start_ns - offset_ns < of.separation_ns) return false;
  return next == fixed_ns.begin() || at.start_ns - *std::prev(next) >= of.separation_ns;
}

void Draft::count_fixed() {
  for (const Fixed &fixed : problem_.fixed) {
    const int index = lane_of(fixed.campaign, fixed.channel);
    if (index < 0 || fixed.day < 0 || fixed.day >= problem_.days) continue;
    const Lane &lane = lanes_[at_index(index)];
    cost_ += pace_step(lane, fixed.day, +1);
    ++totals_[at_index(lane.target)];
    ++day_count(lane.target, fixed.day);
    if (fixed.asset >= 0) ++asset_count(lane, fixed.asset);
  }
}

void Draft::make_lane_days(Lane &lane) const {
  lane.days.resize(at_index(problem_.days));
  std::vector<int> wanted(at_index(problem_.days), 0);
  for (int day = 0; day < problem_.days; ++day) {
    const int channels = static_cast<int>(targets_[at_index(lane.target)]->channels.size());
    const int open = std::max(0, missing_on(lane, day));
    wanted[at_index(day)] = std::max(1, (open + channels - 1) / channels);
    lane.days[at_index(day)].from_s = -1;
  }
  for (const int ordinal : lane.eligible) {
    Lane::Day &day = lane.days[at_index(at(lane, ordinal).day)];
    const auto second = window_second(lane, ordinal);
    if (day.from_s < 0) day.from_s = second;
    day.to_s = second + 1;
  }
  for (int day = 0; day < problem_.days; ++day) {
    Lane::Day &one = lane.days[at_index(day)];
    one.from_s = std::max<std::int64_t>(0, one.from_s);
    one.even_s = std::max<std::int64_t>(1, (one.to_s - one.from_s) / wanted[at_index(day)]);
  }
}

std::int64_t Draft::window_second(const Lane &lane, int ordinal) const {
  const int second = at(lane, ordinal).second_of_day;
  std::int64_t before = 0;
  for (const Window &window : campaign(lane).windows)
    before += std::max(0, std::min(second, window.to_s) - window.from_s);
  return before;
}

bool Draft::holds(const Lane &lane, int ordinal) const {
  return bit_of(held_, lane.word, ordinal);
}

int Draft::lane_of(int campaign, int channel) const {
  return lane_of_[at_index(campaign) * problem_.channels.size() + at_index(channel)];
}

int &Draft::asset_count(const Lane &lane, int asset) {
  const auto index = static_cast<std::size_t>(&lane - lanes_.data());
  return asset_counts_[first_asset_[index] + at_index(asset)];
}

int Draft::missing_on(const Lane &lane, int day) const {
  return targets_[at_index(lane.target)]->quota[at_index(day)] - day_count(lane.target, day);
}

bool Draft::is_wanted(const Lane &lane, int day) const {
  if (totals_[at_index(lane.target)] >= caps_[at_index(lane.target)]) return false;
  return !targets_[at_index(lane.target)]->is_daily || missing_on(lane, day) > 0;
}

int Draft::before(const Lane &lane, int ordinal) const {
  int word = ordinal / 64;
  std::uint64_t bits =
      held_[lane.word + at_index(word)] & ((std::uint64_t{1} << (ordinal % 64)) - 1);
  while (bits == 0 && --word >= 0) bits = held_[lane.word + at_index(word)];
  return word < 0 ? -1 : word * 64 + 63 - std::countl_zero(bits);
}

int Draft::after(const Lane &lane, int ordinal) const {
  const int words = static_cast<int>((channel_breaks_[at_index(lane.channel)].size() + 63) / 64);
  int word = ordinal / 64;
  std::uint64_t bits =
      held_[lane.word + at_index(word)] & ~(((std::uint64_t{1} << (ordinal % 64)) << 1) - 1);
  while (bits == 0 && ++word < words) bits = held_[lane.word + at_index(word)];
  return word >= words ? -1 : word * 64 + std::countr_zero(bits);
}

bool Draft::is_apart(const Lane &lane, int ordinal) const {
  const auto separation_ns = campaign(lane).separation_ns;
  const Break &here = at(lane, ordinal);
  if (const int left = before(lane, ordinal); left >= 0) {
    const Break &other = at(lane, left);
    if (here.start_ns - other.start_ns - latest_offset_ns(lane, other) < separation_ns)
      return false;
  }
  if (const int right = after(lane, ordinal); right >= 0) {
    const auto gap = at(lane, right).start_ns - here.start_ns - latest_offset_ns(lane, here);
    if (gap < separation_ns) return false;
  }
  return true;
}

bool Draft::is_full(const Lane &lane, int ordinal) const {
  const auto in_break = at_index(break_at(lane, ordinal));
  const Break &here = problem_.breaks[in_break];
  if (here.max_items > 0 && static_cast<int>(entries_[in_break].size()) >= here.max_items)
    return true;
  return lane.shortest_ns > here.length_ns - used_ns_[in_break];
}

int Draft::asset_for(const Lane &lane, int ordinal) const {
  const int in_break = break_at(lane, ordinal);
  const Break &here = problem_.breaks[at_index(in_break)];
  const auto &beside = entries_[at_index(in_break)];
  const Campaign &of = campaign(lane);
  const auto room_ns = here.length_ns - used_ns_[at_index(in_break)];
  if (is_full(lane, ordinal) || holds(lane, ordinal)) return -1;
  if (of.topic >= 0)
    for (const Entry &entry : beside)
      if (campaign(lanes_[at_index(entry.lane)]).topic == of.topic) return -1;
  if (!is_apart(lane, ordinal)) return -1;
  const auto index = static_cast<std::size_t>(&lane - lanes_.data());
  int best = -1;
  for (std::size_t a = 0; a < of.assets.size(); ++a) {
    const auto duration = of.assets[a].duration_ns[at_index(lane.channel)];
    if (duration < 0 || duration > room_ns) continue;
    const auto share = [&](std::size_t asset, std::size_t other) {
      return std::int64_t{asset_counts_[first_asset_[index] + asset] + 1} * of.assets[other].weight;
    };
    if (best < 0 || share(a, at_index(best)) < share(at_index(best), a)) best = static_cast<int>(a);
  }
  return best;
}

/// What the next airing is worth. The less a target has, the more: where there is not room for
/// all, the heavier get more, but nobody goes without.
std::int64_t Draft::missing_cost(int weight, int have, int wanted) const {
  return costs_.missing * weight * (wanted + costs_.fairness * (wanted - have)) / wanted;
}

std::int64_t Draft::pace_step(const Lane &lane, int day, int step) const {
  const Target &target = *targets_[at_index(lane.target)];
  const int weight = campaign(lane).weight;
  const int on_day = day_count(lane.target, day);
  const int quota = target.quota[at_index(day)];
  const int low = std::min(on_day, on_day + step);  // the count without the airing in question
  if (target.is_daily) return low < quota ? -step * missing_cost(weight, low, quota) : 0;
  const int total = totals_[at_index(lane.target)];
  const int cap = caps_[at_index(lane.target)];
  const int have = std::min(total, total + step);
  std::int64_t change = (low < quota ? -costs_.pace : costs_.pace) * weight;
  if (have < cap) change -= missing_cost(weight, have, cap);
  return step * change;
}

std::int64_t Draft::gap_cost(const Lane &lane, const Lane::Day &day, std::int64_t from_s,
                             std::int64_t to_s, bool is_edge) const {
  // At the edge of the day half a gap is even, so it is measured twice as long and counts half.
  const std::int64_t gap = (to_s - from_s) * (is_edge ? 2 : 1);
  const std::int64_t unit = costs_.spacing * campaign(lane).weight;
  const std::int64_t cost =
      gap <= steep_gaps * day.even_s
          ? unit * gap / day.even_s * gap / day.even_s
          : 2 * steep_gaps * unit * gap / day.even_s - steep_gaps * steep_gaps * unit;
  return is_edge ? cost / 2 : cost;
}

/// What the gaps around an airing cost less than the one gap without it: negative.
std::int64_t Draft::spacing_step(const Lane &lane, int ordinal) const {
  const int day = at(lane, ordinal).day;
  const Lane::Day &bounds = lane.days[at_index(day)];
  const auto here_s = window_second(lane, ordinal);
  const int left = before(lane, ordinal);
  const int right = after(lane, ordinal);
  const bool has_left = left >= 0 && at(lane, left).day == day;
  const bool has_right = right >= 0 && at(lane, right).day == day;
  const auto left_s = has_left ? window_second(lane, left) : bounds.from_s;
  const auto right_s = has_right ? window_second(lane, right) : bounds.to_s;
  return gap_cost(lane, bounds, left_s, here_s, !has_left) +
         gap_cost(lane, bounds, here_s, right_s, !has_right) -
         gap_cost(lane, bounds, left_s, right_s, !has_left || !has_right);
}

std::int64_t Draft::add(const Lane &lane, int ordinal, int asset) {
  const int in_break = break_at(lane, ordinal);
  const int day = problem_.breaks[at_index(in_break)].day;
  std::int64_t change = pace_step(lane, day, +1) + spacing_step(lane, ordinal);
  if (bit_of(published_, lane.word, ordinal)) change -= costs_.change * campaign(lane).weight;
  held_[lane.word + at_index(ordinal / 64)] |= std::uint64_t{1} << (ordinal % 64);
  entries_[at_index(in_break)].push_back({static_cast<int>(&lane - lanes_.data()), asset});
  used_ns_[at_index(in_break)] +=
      campaign(lane).assets[at_index(asset)].duration_ns[at_index(lane.channel)];
  ++totals_[at_index(lane.target)];
  ++day_count(lane.target, day);
  ++asset_count(lane, asset);
  cost_ += change;
  return change;
}

std::int64_t Draft::remove(const Lane &lane, int ordinal) {
  const int in_break = break_at(lane, ordinal);
  const int day = problem_.breaks[at_index(in_break)].day;
  std::int64_t change = pace_step(lane, day, -1) - spacing_step(lane, ordinal);
  if (bit_of(published_, lane.word, ordinal)) change += costs_.change * campaign(lane).weight;
  auto &beside = entries_[at_index(in_break)];
  const auto entry = std::find_if(beside.begin(), beside.end(), [&](const Entry &each) {
    return &lanes_[at_index(each.lane)] == &lane;
  });
  const int asset = entry->asset;
  beside.erase(entry);
  held_[lane.word + at_index(ordinal / 64)] &= ~(std::uint64_t{1} << (ordinal % 64));
  used_ns_[at_index(in_break)] -=
      campaign(lane).assets[at_index(asset)].duration_ns[at_index(lane.channel)];
  --totals_[at_index(lane.target)];
  --day_count(lane.target, day);
  --asset_count(lane, asset);
  cost_ += change;
  return change;
}

void Draft::restore(const Draft &earlier) {
  cost_ = earlier.cost_;
  totals_ = earlier.totals_;
  day_counts_ = earlier.day_counts_;
  held_ = earlier.held_;
  used_ns_ = earlier.used_ns_;
  entries_ = earlier.entries_;
  asset_counts_ = earlier.asset_counts_;
}

}  // namespace civicast::planner
