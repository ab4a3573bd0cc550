// SPDX-License-Identifier: Apache-2.0
#include "host/flow/planning.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "host/base/id.hpp"
#include "host/counts/index.hpp"
#include "host/flow/make_goods.hpp"
#include "host/planner/check.hpp"
#include "host/planner/faults.hpp"
#include "host/planner/planner.hpp"
#include "host/planner/problem_of.hpp"
#include "host/playlists/compose.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::flow {
namespace {

using playlists::Item;
using playlists::ItemKind;
using playlists::PlaylistStore;

/// Starts lie on whole multiples of the pictures of a second, of 40 ms and of 24 ms.
constexpr std::int64_t time_grid_ns = 3 * ns_per_s;
/// A channel with nothing on air is not made to wait: workers need no more to get ready.
constexpr std::int64_t shortest_notice_ns = 2 * ns_per_s;
constexpr std::int64_t moves_per_day = 100'000;
/// Programmes and fillers of the past are of no use but to look back a little.
constexpr std::int64_t surroundings_kept_ns = 8 * 86'400 * ns_per_s;

std::int64_t on_grid(std::int64_t ns) {
  return (ns + time_grid_ns - 1) / time_grid_ns * time_grid_ns;
}

Date previous_day(Date date) {
  return std::chrono::sys_days(date) - std::chrono::days(1);
}

class Planning {
 public:
  Planning(const station::Station &station, const Durations &durations, PlaylistStore &playlists,
           Date first, int days, const std::vector<Failed> &failed)
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
    question_.open_from_ns.assign(station.channels.size(),
                                  std::numeric_limits<std::int64_t>::min());
    Date date = first;
    for (int day = 0; day < days; ++day, date = next_day(date))
      for (const auto &grid : station.grids)
        question_.grid_days.push_back(grid.day(date, station.zone));
    for (auto &day : question_.grid_days) leave_out_unready(day);
    count_before();
    take_failed(failed);
  }

  /// Closes what may not be planned anew, and tells the planner what stands.
  void ask(std::int64_t now_ns, std::int64_t from_ns, Kept kept) {
    for (std::size_t c = 0; c < question_.channels.size(); ++c) {
      const std::string &channel = question_.channels[c];
      question_.open_from_ns[c] = open_from(channel, now_ns, from_ns);
      if (kept == Kept::planned_days)
        question_.open_from_ns[c] =
            std::max(question_.open_from_ns[c], behind_what_is_on(channel, planned_until(channel)));
    }
    for (int day = -1; day < question_.days; ++day) take_standing(day);
  }

  Result<Summary, Faults> publish(std::int64_t now_ns, std::int64_t from_ns, Kept kept,
                                  const Planner &planner) {
    ask(now_ns, from_ns, kept);
    const planner::Posed posed = planner::problem_of(question_, station_.zone);
    const planner::Plan plan = planner(posed.problem, options_for(question_.days));
    if (Faults broken = planner::check(posed.problem, plan.placements); !broken.empty())
      return broken;
    const std::vector<std::string> replaced = make_goods(posed.problem, plan);
    write(posed.problem, plan, replaced, now_ns);
    Summary summary = summary_of(posed, plan.placements);
    summary.made_good = static_cast<int>(std::count_if(replaced.begin(), replaced.end(),
                                                       [](const auto &id) { return !id.empty(); }));
    warn_of_shortfalls(summary);
    judge_days(summary);
    return summary;
  }

  Result<Summary, Faults> verify() {
    const planner::Posed posed = pose_all();
    Placed placed = placed_in(posed.problem);
    for (Fault &fault : planner::check(posed.problem, placed.placements))
      placed.unknown.push_back(std::move(fault));
    if (!placed.unknown.empty()) return std::move(placed.unknown);
    Summary summary = summary_of(posed, placed.placements);
    judge_days(summary);
    return summary;
  }

  Standing standing(std::int64_t now_ns, std::int64_t from_ns) {
    Standing out;
    out.first = question_.first;
    planner::Posed posed = pose_all();
    Placed placed = placed_in(posed.problem);
    for (const std::string &channel : question_.channels)
      out.closed_before_ns.push_back(open_from(channel, now_ns, from_ns));
    out.problem = std::move(posed.problem);
    out.placements = std::move(placed.placements);
    out.ids = std::move(placed.ids);
    out.unknown = std::move(placed.unknown);
    out.warnings = std::move(posed.warnings);
    return out;
  }

  Standing open(std::int64_t now_ns, std::int64_t from_ns) {
    Standing out;
    out.first = question_.first;
    ask(now_ns, from_ns, Kept::nothing);
    planner::Posed posed = planner::problem_of(question_, station_.zone);
    Placed placed = placed_in(posed.problem);  // those in closed breaks are unknown to it
    out.closed_before_ns = question_.open_from_ns;
    out.problem = std::move(posed.problem);
    out.placements = std::move(placed.placements);
    out.ids = std::move(placed.ids);
    out.warnings = std::move(posed.warnings);
    return out;
  }

  Result<planner::Effect, Faults> what_if(std::int64_t now_ns, std::int64_t from_ns,
                                          const std::vector<planner::Change> &changes) {
    ask(now_ns, from_ns, Kept::nothing);
    return planner::effect_of(question_, changes, station_.zone, options_for(question_.days));
  }

 private:
  /// With all breaks open and nothing settled but the day before.
  planner::Posed pose_all() {
    take_standing(-1);
    return planner::problem_of(question_, station_.zone);
  }

  struct Placed {
    std::vector<planner::Placement> placements;
    std::vector<std::string> ids;
    Faults unknown;
  };
  /// The published placements of those days.
  Placed placed_in(const planner::Problem &problem) {
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

  void leave_out_unready(grids::GridDay &day) {
    const auto is_unready = [&](const std::string &asset) {
      if (question_.duration_ns(asset, day.channel)) return false;
      if (unready_.emplace(day.channel, asset).second)
        warnings_.push_back(Fault(faults::planner_surrounding_unready,
                                  {{"asset", asset}, {"channel", day.channel}}));
      return true;
    };
    std::erase_if(day.fillers, is_unready);
    for (auto &programme : day.programmes)
      if (!programme.live.empty() && !programme.asset.empty() && is_unready(programme.asset))
        programme.asset.clear();  // it goes live without its standby
    std::erase_if(day.programmes,
                  [&](const auto &one) { return one.live.empty() && is_unready(one.asset); });
  }

  void count_before() {
    if (station_.campaigns.empty()) return;
    for (const auto &campaign : station_.campaigns)
      counted_from_ = std::min(counted_from_, campaign.first);
    for (auto &tally : playlists_.tally(counted_from_, previous_day(question_.first)))
      question_.counted.push_back({tally.channel, tally.campaign, tally.asset, tally.placements});
  }

  /// What failed is taken out of what was counted, and is owed until something makes it good.
  void take_failed(const std::vector<Failed> &failed) {
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

  /// By placement: what it makes good, or nothing.
  std::vector<std::string> make_goods(const planner::Problem &problem, const planner::Plan &plan) {
    std::erase_if(owed_, [&](const Owed &one) { return stays_made_good(one.id); });
    std::map<std::pair<std::string, std::string>, std::string> before;  // by break and campaign
    for (int day = 0; day < question_.days; ++day)
      for (const auto &channel : question_.channels)
        for (const Item &item : playlists_.day(channel, date_of(day)))
          if (item.kind == ItemKind::placement)
            before.emplace(std::pair(item.break_id, item.campaign), item.makes_good);
    std::vector<Chance> chances;
    for (const auto &placement : plan.placements) {
      const auto in_break = static_cast<std::size_t>(placement.in_break);
      const auto &at = problem.breaks[in_break];
      Chance chance{problem.channels[static_cast<std::size_t>(at.channel)],
                    problem.campaigns[static_cast<std::size_t>(placement.campaign)].id,
                    date_of(at.day),
                    placement.start_ns,
                    true,
                    {}};
      const auto same = before.find({problem.break_ids[in_break], chance.campaign});
      chance.is_new = same == before.end();
      if (!chance.is_new) chance.makes_good = same->second;
      chances.push_back(std::move(chance));
    }
    make_good(station_.campaigns, owed_, chances);
    std::vector<std::string> out;
    for (Chance &chance : chances) out.push_back(std::move(chance.makes_good));
    return out;
  }

  /// By something that this plan does not touch.
  bool stays_made_good(const std::string &id) {
    for (const auto &found : playlists_.making_good(id)) {
      const std::size_t channel = channel_index(found.channel);
      if (channel >= question_.channels.size() ||
          found.item.start_ns < question_.open_from_ns[channel] ||
          days_between(question_.first, found.date) >= question_.days)
        return true;
    }
    return false;
  }

  Date date_of(int day) const {
    return std::chrono::sys_days(question_.first) + std::chrono::days(day);
  }

  /// A bulletin lies over the plan and holds up nothing of it.
  std::vector<Item> planned_between(const std::string &channel, std::int64_t from_ns,
                                    std::int64_t to_ns) {
    std::vector<Item> items = playlists_.between(channel, from_ns, to_ns);
    std::erase_if(items, [](const Item &item) { return item.kind == ItemKind::bulletin; });
    return items;
  }

  /// From when on a channel may be planned anew.
  std::int64_t open_from(const std::string &channel, std::int64_t now_ns, std::int64_t from_ns) {
    std::int64_t covered_ns = now_ns + shortest_notice_ns;
    for (const Item &item : planned_between(channel, now_ns, from_ns))
      covered_ns = std::max({covered_ns, item.start_ns + 1, item.end_ns});
    return behind_what_is_on(channel, on_grid(std::min(from_ns, covered_ns)));
  }

  /// The end of the planned days that follow one another from the first; long ago if there is none.
  std::int64_t planned_until(const std::string &channel) {
    std::int64_t until_ns = std::numeric_limits<std::int64_t>::min();
    Date date = question_.first;
    for (int day = 0; day < question_.days && playlists_.has_day(channel, date); ++day) {
      date = next_day(date);
      until_ns = station_.zone.instant(date, 0);
    }
    return until_ns;
  }

  /// What is on air at `open_ns` runs to its end, and so does the rest of its break.
  std::int64_t behind_what_is_on(const std::string &channel, std::int64_t open_ns) {
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
  std::int64_t break_end(const std::string &channel, std::int64_t at_ns) const {
    for (const auto &day : question_.grid_days)
      if (day.channel == channel && day.start_ns <= at_ns)
        for (const auto &one : day.breaks)
          if (one.start_ns < at_ns && at_ns < one.start_ns + one.length_ns)
            return one.start_ns + one.length_ns;
    return at_ns;
  }

  std::size_t channel_index(const std::string &channel) const {
    const auto found = std::find(question_.channels.begin(), question_.channels.end(), channel);
    return static_cast<std::size_t>(found - question_.channels.begin());
  }

  /// Day −1, the day before the first, counts no more, but its last airings separate.
  void take_standing(int day) {
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

  void write(const planner::Problem &problem, const planner::Plan &plan,
             const std::vector<std::string> &replaced, std::int64_t now_ns) {
    playlists::Surroundings around;
    around.title_of = [this](const std::string &asset) { return title_of(asset); };
    around.new_id = [now_ns] { return new_id(now_ns); };
    // Where a day's last break runs over midnight, the next day begins after it.
    std::vector<std::int64_t> free_ns = question_.open_from_ns;
    for (const auto &day : question_.grid_days) {
      const std::size_t channel = channel_index(day.channel);
      const std::int64_t open_ns = question_.open_from_ns[channel];
      if (day.end_ns <= open_ns) continue;
      around.from_ns = free_ns[channel];
      const auto items = playlists::compose(
          day, items_of(problem, plan, replaced, static_cast<int>(channel), day.date, now_ns),
          around);
      if (!items.empty()) free_ns[channel] = std::max(free_ns[channel], items.back().end_ns);
      playlists_.replace_from(day.channel, day.date, items, open_ns);
    }
    playlists_.forget_surroundings(now_ns - surroundings_kept_ns);
  }

  std::vector<Item> items_of(const planner::Problem &problem, const planner::Plan &plan,
                             const std::vector<std::string> &replaced, int channel, Date date,
                             std::int64_t now_ns) const {
    const int day = days_between(question_.first, date);
    std::vector<Item> items;
    for (std::size_t i = 0; i < plan.placements.size(); ++i) {
      const auto &placement = plan.placements[i];
      const auto &at = problem.breaks[static_cast<std::size_t>(placement.in_break)];
      if (at.channel != channel || at.day != day) continue;
      const auto &campaign = station_.campaigns[static_cast<std::size_t>(placement.campaign)];
      Item item;
      item.id = new_id(now_ns);
      item.start_ns = placement.start_ns;
      item.end_ns = placement.end_ns;
      item.asset = campaign.assets[static_cast<std::size_t>(placement.asset)].asset;
      item.title = title_of(item.asset);
      item.campaign = campaign.id;
      item.ad_class = campaign.ad_class;
      item.topic = campaign.topic;
      item.break_id = problem.break_ids[static_cast<std::size_t>(placement.in_break)];
      item.makes_good = replaced[i];
      items.push_back(std::move(item));
    }
    return items;
  }

  Words title_of(const std::string &asset) const {
    const auto *source = station_.asset(asset);
    return source != nullptr ? source->title : Words{asset, asset};
  }

  std::optional<planner::Placement> placement_of(const planner::Problem &problem,
                                                 const std::string &channel, const Item &item) {
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

  Summary summary_of(const planner::Posed &posed,
                     const std::vector<planner::Placement> &placements) {
    Summary summary{question_.first, question_.days, 0, 0, {}, std::move(warnings_)};
    summary.warnings.insert(summary.warnings.end(), posed.warnings.begin(), posed.warnings.end());
    const planner::Problem &problem = posed.problem;
    summary.placements = static_cast<int>(placements.size());
    for (const auto &one : problem.fixed)
      if (one.day >= 0) ++summary.placements;
    for (const planner::Outcome &outcome : planner::outcomes_of(problem, placements))
      summary.promises.push_back(promise_of(problem, outcome));
    return summary;
  }

  static Promise promise_of(const planner::Problem &problem, const planner::Outcome &outcome) {
    using Unit = planner::Target::Unit;
    const auto &campaign = problem.campaigns[static_cast<std::size_t>(outcome.campaign)];
    const auto &target = campaign.targets[static_cast<std::size_t>(outcome.target)];
    Promise promise;
    for (const int channel : target.channels)
      promise.channel += (promise.channel.empty() ? "" : ", ") +
                         problem.channels[static_cast<std::size_t>(channel)];
    promise.campaign = campaign.id;
    promise.wanted = outcome.wanted;
    promise.asked = outcome.asked;
    promise.planned = outcome.planned;
    promise.has_position = campaign.position != planner::Campaign::Position::any;
    promise.in_position = outcome.in_position;
    promise.planned_s = outcome.planned_ns / ns_per_s;
    promise.wanted_s = target.wanted_ns / ns_per_s;
    const auto permille = [](double part, double whole) {
      return whole > 0 ? static_cast<int>(std::lround(part / whole * 1000)) : 0;
    };
    promise.is_share =
        target.unit == Unit::share_of_seconds || target.unit == Unit::share_of_airings;
    promise.planned_permille = target.unit == Unit::share_of_airings
                                   ? permille(outcome.planned, target.supply)
                                   : permille(static_cast<double>(outcome.planned_ns),
                                              static_cast<double>(target.supply_ns));
    return promise;
  }

  static void warn_of_shortfalls(Summary &summary) {
    for (const Promise &promise : summary.promises)
      if (promise.planned < promise.asked)
        summary.warnings.push_back(
            Fault(faults::planner_target_short, {{"campaign", promise.campaign},
                                                 {"channel", promise.channel},
                                                 {"wanted", std::to_string(promise.asked)},
                                                 {"planned", std::to_string(promise.planned)}}));
  }

  /// The playlists as they stand now, by the legal minima. A day off the air, or not planned yet,
  /// breaks none; what failed counts for none; of hours that are over before a plan begins no plan
  /// is warned.
  void judge_days(Summary &summary) {
    if (question_.rules.empty()) return;
    for (const auto &day : question_.grid_days) {
      const bool is_off_air = day.programmes.empty() && day.breaks.empty();
      if (is_off_air || !playlists_.has_day(day.channel, day.date)) continue;
      rules::ChannelDay there{day.channel, station_.channel(day.channel)->medium, day.date, 0, {}};
      for (const auto &one : day.commercials) there.commercial_ns += one.length_ns;
      for (const Item &item : playlists_.day(day.channel, day.date))
        if (item.kind == ItemKind::placement && !failed_.contains(item.id))
          there.spots.push_back({item.ad_class, station_.zone.second_of_day(item.start_ns),
                                 item.end_ns - item.start_ns});
      for (auto &verdict : rules::judge(question_.rules, there)) {
        const bool is_over = station_.zone.instant(day.date, verdict.to_s) <=
                             question_.open_from_ns[channel_index(day.channel)];
        if (!verdict.is_met() && !is_over) summary.warnings.push_back(rules::shortfall(verdict));
        summary.minima.push_back(std::move(verdict));
      }
    }
  }

  const station::Station &station_;
  const Durations &durations_;
  PlaylistStore &playlists_;
  planner::Question question_;
  /// By channel and asset. A grid names the same few assets thousands of times.
  std::map<std::pair<std::string, std::string>, std::optional<std::int64_t>> known_;
  std::set<std::pair<std::string, std::string>> unready_;
  std::map<std::string, int> break_index_;
  Date counted_from_{};
  std::map<std::string, bool> failed_;  ///< current placements; whether some of it was on
  std::vector<Owed> owed_;              ///< oldest first
  Faults warnings_;
};

}  // namespace

Durations durations_from(library::Library &library) {
  return [&library](const std::string &asset,
                    const channels::Channel &channel) -> std::optional<std::int64_t> {
    if (const auto duration_ns = library.duration_in(asset, channel.format)) return duration_ns;
    // Words need no house file where pictures stand still.
    const auto found = library.find(asset);
    const bool is_words = found && found->kind == library::AssetKind::text;
    if (is_words && channel.format == library::HouseFormat::jpeg_720) return 0;
    return {};
  };
}

std::vector<Failed> failed_placements(const station::Station &station, store::Store &store,
                                      std::int64_t now_ns, std::optional<Date> first) {
  const Date today = station.zone.date_at(now_ns);
  const Date from = std::min(today, first.value_or(today));
  // Whoever only has targets for a day is owed nothing by earlier days.
  const auto since = [&](const campaigns::Campaign &campaign) {
    const bool is_daily = std::all_of(campaign.targets.begin(), campaign.targets.end(),
                                      [](const auto &one) { return is_for_each_day(one); });
    return is_daily ? from : std::min(from, campaign.first);
  };
  std::map<std::string, std::int64_t> since_ns;
  std::int64_t earliest_ns = station.zone.instant(from, 0);
  for (const auto &campaign : station.campaigns) {
    if (campaign.last < from) continue;
    since_ns[campaign.id] = station.zone.instant(since(campaign), 0);
    earliest_ns = std::min(earliest_ns, since_ns[campaign.id]);
  }
  counts::prepare(store);
  std::vector<Failed> out;
  for (auto &one : counts::failed(store, earliest_ns, now_ns)) {
    const auto found = since_ns.find(one.campaign);
    if (found != since_ns.end() && one.planned_start_ns >= found->second)
      out.push_back({std::move(one.placement), one.was_on});
  }
  return out;
}

Result<Summary, Faults> plan_days(const station::Station &station, const Durations &durations,
                                  PlaylistStore &playlists, std::int64_t now_ns,
                                  std::int64_t from_ns, int days, Kept kept,
                                  const std::vector<Failed> &failed, const Planner &planner) {
  Planning planning(station, durations, playlists, station.zone.date_at(now_ns), days, failed);
  return planning.publish(now_ns, std::max(now_ns, from_ns), kept, planner);
}

Standing standing_of(const station::Station &station, const Durations &durations,
                     PlaylistStore &playlists, std::int64_t now_ns, std::int64_t from_ns,
                     Date first, int days, const std::vector<Failed> &failed) {
  return Planning(station, durations, playlists, first, days, failed).standing(now_ns, from_ns);
}

Standing open_of(const station::Station &station, const Durations &durations,
                 PlaylistStore &playlists, std::int64_t now_ns, std::int64_t from_ns, int days,
                 const std::vector<Failed> &failed) {
  Planning planning(station, durations, playlists, station.zone.date_at(now_ns), days, failed);
  return planning.open(now_ns, std::max(now_ns, from_ns));
}

Result<planner::Effect, Faults> what_if(const station::Station &station, const Durations &durations,
                                        PlaylistStore &playlists, std::int64_t now_ns,
                                        std::int64_t from_ns, int days,
                                        const std::vector<planner::Change> &changes,
                                        const std::vector<Failed> &failed) {
  Planning planning(station, durations, playlists, station.zone.date_at(now_ns), days, failed);
  return planning.what_if(now_ns, std::max(now_ns, from_ns), changes);
}

planner::Options options_for(int days) {
  planner::Options options;
  options.moves = moves_per_day * days;
  return options;
}

Result<Summary, Faults> verify_days(const station::Station &station, const Durations &durations,
                                    PlaylistStore &playlists, Date first, int days,
                                    const std::vector<Failed> &failed) {
  return Planning(station, durations, playlists, first, days, failed).verify();
}

bool is_planned(const station::Station &station, PlaylistStore &playlists, std::int64_t now_ns,
                int days) {
  Date date = station.zone.date_at(now_ns);
  for (int day = 0; day < days; ++day, date = next_day(date))
    for (const auto &channel : station.channels)
      if (!playlists.has_day(channel.id, date)) return false;
  return true;
}

}  // namespace civicast::flow
