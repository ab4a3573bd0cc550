// SPDX-License-Identifier: Apache-2.0
#include "host/flow/station_question.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "host/planner/faults.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::flow {
namespace {

using playlists::Item;
using playlists::ItemKind;

/// Starts lie on whole multiples of the pictures of a second, of 40 ms and of 24 ms.
constexpr std::int64_t time_grid_ns = 3 * ns_per_s;
/// A channel with nothing on air is not made to wait: workers need no more to get ready.
constexpr std::int64_t shortest_notice_ns = 2 * ns_per_s;

std::int64_t on_grid(std::int64_t ns) {
  return (ns + time_grid_ns - 1) / time_grid_ns * time_grid_ns;
}

Date previous_day(Date date) {
  return std::chrono::sys_days(date) - std::chrono::days(1);
}

}  // namespace

StationQuestion::StationQuestion(const station::Station &station, const Durations &durations,
                                 playlists::PlaylistStore &playlists, Date first, int days,
                                 const std::vector<Failed> &failed)
    : station_(station), durations_(durations), playlists_(playlists) {
  question_.first = counted_from_ = first;
  question_.days = days;
  question_.campaigns = station.campaigns;
  question_.duration_ns = [this](const std::string &asset, const std::string &channel) {
    const auto known = known_.find({channel, asset});
    if (known != known_.end()) return known->second;
    return known_[{channel, asset}] = durations_(asset, *station_.channel(channel));
  };
  question_.rules = station.rules.rules;
  for (const auto &channel : station.channels) {
    question_.channels.push_back(channel.id);
    question_.media.push_back(channel.medium);
  }
  question_.open_from_ns.assign(station.channels.size(), std::numeric_limits<std::int64_t>::min());
  Date date = first;
  for (int day = 0; day < days; ++day, date = next_day(date))
    for (const auto &grid : station.grids)
      question_.grid_days.push_back(grid.day(date, station.zone));
  for (auto &day : question_.grid_days) leave_out_unready(day);
  count_before();
  take_failed(failed);
}

void StationQuestion::close(std::int64_t now_ns, std::int64_t from_ns, Kept kept) {
  for (std::size_t c = 0; c < question_.channels.size(); ++c) {
    const std::string &channel = question_.channels[c];
    question_.open_from_ns[c] = open_from(channel, now_ns, from_ns);
    if (kept == Kept::planned_days)
      question_.open_from_ns[c] =
          std::max(question_.open_from_ns[c], behind_what_is_on(channel, planned_until(channel)));
  }
  for (int day = -1; day < question_.days; ++day) take_standing(day);
}

planner::Posed StationQuestion::pose() const {
  return planner::problem_of(question_, station_.zone);
}

planner::Posed StationQuestion::pose_all() {
  take_standing(-1);
  return pose();
}

Placed StationQuestion::placed_in(const planner::Problem &problem) {
  Placed out;
  for (const auto &day : question_.grid_days)
    for (const Item &item : playlists_.day(day.channel, day.date)) {
      if (item.kind != ItemKind::placement || failed_.contains(item.id)) continue;
      if (const auto placement = placement_of(problem, day.channel, item)) {
        out.placements.push_back(*placement);
        out.ids.push_back(item.id);
      } else {
        out.unknown.push_back(
            Fault(faults::planner_unknown,
                  {{"spot", item.break_id + " " + item.campaign + " " + item.asset}}));
      }
    }
  return out;
}

void StationQuestion::leave_out_unready(grids::GridDay &day) {
  const auto is_unready = [&](const std::string &asset) {
    if (question_.duration_ns(asset, day.channel)) return false;
    if (unready_.emplace(day.channel, asset).second)
      warnings_.push_back(
          Fault(faults::planner_surrounding_unready, {{"asset", asset}, {"channel", day.channel}}));
    return true;
  };
  std::erase_if(day.fillers, is_unready);
  for (auto &programme : day.programmes)
    if (!programme.live.empty() && !programme.asset.empty() && is_unready(programme.asset))
      programme.asset.clear();  // it goes live without its standby
  std::erase_if(day.programmes,
                [&](const auto &one) { return one.live.empty() && is_unready(one.asset); });
}

void StationQuestion::count_before() {
  if (station_.campaigns.empty()) return;
  for (const auto &campaign : station_.campaigns)
    counted_from_ = std::min(counted_from_, campaign.first);
  for (auto &tally : playlists_.tally(counted_from_, previous_day(question_.first)))
    question_.counted.push_back({tally.channel, tally.campaign, tally.asset, tally.placements});
}

/// What failed is taken out of what was counted, and is owed until something makes it good.
void StationQuestion::take_failed(const std::vector<Failed> &failed) {
  for (const Failed &one : failed) {
    const auto found = playlists_.find(one.placement);
    if (!found || !found->is_current || found->item.kind != ItemKind::placement) continue;
    failed_.emplace(one.placement, one.was_on);
    const Item &item = found->item;
    if (found->date >= counted_from_ && found->date < question_.first)
      question_.counted.push_back({found->channel, item.campaign, item.asset, -1});
    owed_.push_back({item.id, found->channel, item.campaign, found->date});
  }
}

Date StationQuestion::date_of(int day) const {
  return std::chrono::sys_days(question_.first) + std::chrono::days(day);
}

/// A bulletin lies over the plan and holds up nothing of it.
std::vector<Item> StationQuestion::planned_between(const std::string &channel, std::int64_t from_ns,
                                                   std::int64_t to_ns) {
  std::vector<Item> items = playlists_.between(channel, from_ns, to_ns);
  std::erase_if(items, [](const Item &item) { return item.kind == ItemKind::bulletin; });
  return items;
}

std::int64_t StationQuestion::open_from(const std::string &channel, std::int64_t now_ns,
                                        std::int64_t from_ns) {
  std::int64_t covered_ns = now_ns + shortest_notice_ns;
  for (const Item &item : planned_between(channel, now_ns, from_ns))
    covered_ns = std::max({covered_ns, item.start_ns + 1, item.end_ns});
  return behind_what_is_on(channel, on_grid(std::min(from_ns, covered_ns)));
}

/// The end of the planned days that follow one another from the first; long ago if there is none.
std::int64_t StationQuestion::planned_until(const std::string &channel) {
  std::int64_t until_ns = std::numeric_limits<std::int64_t>::min();
  Date date = question_.first;
  for (int day = 0; day < question_.days && playlists_.has_day(channel, date); ++day) {
    date = next_day(date);
    until_ns = station_.zone.instant(date, 0);
  }
  return until_ns;
}

/// What is on air at `open_ns` runs to its end, and so does the rest of its break.
std::int64_t StationQuestion::behind_what_is_on(const std::string &channel, std::int64_t open_ns) {
  for (bool grows = true; grows;) {
    const std::int64_t before_ns = open_ns;
    for (const Item &item : planned_between(channel, open_ns, break_end(channel, open_ns)))
      if (item.start_ns < open_ns || item.kind == ItemKind::placement)
        open_ns = std::max(open_ns, item.end_ns);
    grows = open_ns > before_ns;
  }
  return open_ns;
}

/// The end of the break that is in progress at `at_ns`, or `at_ns`.
std::int64_t StationQuestion::break_end(const std::string &channel, std::int64_t at_ns) const {
  for (const auto &day : question_.grid_days)
    if (day.channel == channel && day.start_ns <= at_ns)
      for (const auto &one : day.breaks)
        if (one.start_ns < at_ns && at_ns < one.start_ns + one.length_ns)
          return one.start_ns + one.length_ns;
  return at_ns;
}

std::size_t StationQuestion::channel_index(const std::string &channel) const {
  const auto found = std::find(question_.channels.begin(), question_.channels.end(), channel);
  return static_cast<std::size_t>(found - question_.channels.begin());
}

/// Day −1, the day before the first, counts no more, but its last airings separate.
void StationQuestion::take_standing(int day) {
  const Date date = date_of(day);
  for (std::size_t c = 0; c < question_.channels.size(); ++c)
    for (const Item &item : playlists_.day(question_.channels[c], date)) {
      if (item.kind != ItemKind::placement) continue;
      const auto failed = failed_.find(item.id);
      const bool has_failed = failed != failed_.end();
      question_.standing.push_back(
          {question_.channels[c], item.campaign, item.asset, item.break_id, date, item.start_ns,
           day < 0 || has_failed || item.start_ns < question_.open_from_ns[c], item.ad_class,
           item.end_ns - item.start_ns, has_failed, !has_failed || failed->second});
    }
}

std::optional<planner::Placement> StationQuestion::placement_of(const planner::Problem &problem,
                                                                const std::string &channel,
                                                                const Item &item) {
  if (break_index_.empty())
    for (std::size_t b = 0; b < problem.breaks.size(); ++b)
      break_index_.emplace(problem.break_ids[b], static_cast<int>(b));
  const auto in_break = break_index_.find(item.break_id);
  const auto campaign = std::find_if(problem.campaigns.begin(), problem.campaigns.end(),
                                     [&](const auto &one) { return one.id == item.campaign; });
  if (in_break == break_index_.end() || campaign == problem.campaigns.end()) return {};
  const auto asset = std::find_if(campaign->assets.begin(), campaign->assets.end(),
                                  [&](const auto &one) { return one.id == item.asset; });
  const auto &at = problem.breaks[static_cast<std::size_t>(in_break->second)];
  if (asset == campaign->assets.end() ||
      problem.channels[static_cast<std::size_t>(at.channel)] != channel)
    return {};
  return planner::Placement{static_cast<int>(campaign - problem.campaigns.begin()),
                            static_cast<int>(asset - campaign->assets.begin()), in_break->second,
                            item.start_ns, item.end_ns};
}

}  // namespace civicast::flow
