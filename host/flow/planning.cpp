// SPDX-License-Identifier: Apache-2.0
#include "host/flow/planning.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "host/base/id.hpp"
#include "host/counts/index.hpp"
#include "host/flow/make_goods.hpp"
#include "host/flow/station_question.hpp"
#include "host/planner/check.hpp"
#include "host/planner/faults.hpp"
#include "host/planner/planner.hpp"
#include "host/playlists/compose.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::flow {
namespace {

using playlists::Item;
using playlists::ItemKind;
using playlists::PlaylistStore;

constexpr std::int64_t moves_per_day = 100'000;
/// Programmes and fillers of the past are of no use but to look back a little.
constexpr std::int64_t surroundings_kept_ns = 8 * 86'400 * ns_per_s;

class Planning {
 public:
  Planning(const station::Station &station, const Durations &durations, PlaylistStore &playlists,
           Date first, int days, const std::vector<Failed> &failed)
      : station_(station),
        playlists_(playlists),
        asked_(station, durations, playlists, first, days, failed),
        question_(asked_.question()) {}

  Result<Summary, Faults> publish(std::int64_t now_ns, std::int64_t from_ns, Kept kept,
                                  const Planner &planner) {
    asked_.close(now_ns, from_ns, kept);
    const planner::Posed posed = asked_.pose();
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
    const planner::Posed posed = asked_.pose_all();
    Placed placed = asked_.placed_in(posed.problem);
    for (Fault &fault : planner::check(posed.problem, placed.placements))
      placed.unknown.push_back(std::move(fault));
    if (!placed.unknown.empty()) return std::move(placed.unknown);
    Summary summary = summary_of(posed, placed.placements);
    judge_days(summary);
    return summary;
  }

 private:
  /// By placement: what it makes good, or nothing.
  std::vector<std::string> make_goods(const planner::Problem &problem, const planner::Plan &plan) {
    std::vector<Owed> owed = asked_.owed();
    std::erase_if(owed, [&](const Owed &one) { return stays_made_good(one.id); });
    std::map<std::pair<std::string, std::string>, std::string> before;  // by break and campaign
    for (int day = 0; day < question_.days; ++day)
      for (const auto &channel : question_.channels)
        for (const Item &item : playlists_.day(channel, asked_.date_of(day)))
          if (item.kind == ItemKind::placement)
            before.emplace(std::pair(item.break_id, item.campaign), item.makes_good);
    std::vector<Chance> chances;
    for (const auto &placement : plan.placements) {
      const auto in_break = static_cast<std::size_t>(placement.in_break);
      const auto &at = problem.breaks[in_break];
      Chance chance{problem.channels[static_cast<std::size_t>(at.channel)],
                    problem.campaigns[static_cast<std::size_t>(placement.campaign)].id,
                    asked_.date_of(at.day),
                    placement.start_ns,
                    true,
                    {}};
      const auto same = before.find({problem.break_ids[in_break], chance.campaign});
      chance.is_new = same == before.end();
      if (!chance.is_new) chance.makes_good = same->second;
      chances.push_back(std::move(chance));
    }
    make_good(station_.campaigns, owed, chances);
    std::vector<std::string> out;
    for (Chance &chance : chances) out.push_back(std::move(chance.makes_good));
    return out;
  }

  /// By something that this plan does not touch.
  bool stays_made_good(const std::string &id) {
    for (const auto &found : playlists_.making_good(id)) {
      const std::size_t channel = asked_.channel_index(found.channel);
      if (channel >= question_.channels.size() ||
          found.item.start_ns < question_.open_from_ns[channel] ||
          days_between(question_.first, found.date) >= question_.days)
        return true;
    }
    return false;
  }

  void write(const planner::Problem &problem, const planner::Plan &plan,
             const std::vector<std::string> &replaced, std::int64_t now_ns) {
    playlists::Surroundings around;
    around.title_of = [this](const std::string &asset) { return title_of(asset); };
    around.new_id = [now_ns] { return new_id(now_ns); };
    // Where a day's last break runs over midnight, the next day begins after it.
    std::vector<std::int64_t> free_ns = question_.open_from_ns;
    for (const auto &day : question_.grid_days) {
      const std::size_t channel = asked_.channel_index(day.channel);
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

  Summary summary_of(const planner::Posed &posed,
                     const std::vector<planner::Placement> &placements) {
    Summary summary{question_.first, question_.days, 0, 0, {}, asked_.take_warnings()};
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
        if (item.kind == ItemKind::placement && !asked_.has_failed(item.id))
          there.spots.push_back({item.ad_class, station_.zone.second_of_day(item.start_ns),
                                 item.end_ns - item.start_ns});
      for (auto &verdict : rules::judge(question_.rules, there)) {
        const bool is_over = station_.zone.instant(day.date, verdict.to_s) <=
                             question_.open_from_ns[asked_.channel_index(day.channel)];
        if (!verdict.is_met() && !is_over) summary.warnings.push_back(rules::shortfall(verdict));
        summary.minima.push_back(std::move(verdict));
      }
    }
  }

  const station::Station &station_;
  PlaylistStore &playlists_;
  StationQuestion asked_;
  const planner::Question &question_;
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
