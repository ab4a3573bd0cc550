// SPDX-License-Identifier: Apache-2.0
#include "host/planner/problem_of.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>

#include "host/planner/demand.hpp"
#include "host/planner/faults.hpp"
#include "host/planner/minima.hpp"
#include "host/planner/quota.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::planner {
namespace {

std::uint32_t class_bits(const std::vector<campaigns::AdClass> &carries) {
  if (carries.empty()) return ~std::uint32_t{0};
  std::uint32_t bits = 0;
  for (const auto ad_class : carries) bits |= std::uint32_t{1} << static_cast<int>(ad_class);
  return bits;
}

/// In order, apart, without empty ones.
std::vector<Window> tidy(const std::vector<campaigns::Window> &windows) {
  std::vector<Window> in_order;
  for (const auto &window : windows)
    if (window.from_s < window.to_s) in_order.push_back({window.from_s, window.to_s});
  std::sort(in_order.begin(), in_order.end(),
            [](const Window &a, const Window &b) { return a.from_s < b.from_s; });
  std::vector<Window> apart;
  for (const Window &window : in_order) {
    if (!apart.empty() && window.from_s <= apart.back().to_s)
      apart.back().to_s = std::max(apart.back().to_s, window.to_s);
    else
      apart.push_back(window);
  }
  return apart;
}

class Posing {
 public:
  Posing(const Question &question, const Zone &zone) : question_(question), zone_(zone) {
    problem().days = question.days;
    problem().channels = question.channels;
    for (const auto &id : question.channels)
      channel_index_.emplace(id, static_cast<int>(channel_index_.size()));
    for (const Counted &one : question.counted) counted_[one.campaign].push_back(&one);
  }

  Posed pose() && {
    add_breaks();
    for (const auto &campaign : question_.campaigns) add_campaign(campaign);
    add_exclusions();
    add_standing();
    problem().minima = minima_of(question_, zone_, problem());
    return std::move(posed_);
  }

 private:
  Problem &problem() { return posed_.problem; }

  int channel_of(const std::string &id) const {
    const auto found = channel_index_.find(id);
    return found == channel_index_.end() ? -1 : found->second;
  }

  void add_breaks() {
    has_length_.assign(question_.channels.size(), false);
    last_end_ns_.assign(question_.channels.size(), 0);
    std::vector<const grids::GridDay *> in_order;
    for (const auto &day : question_.grid_days) in_order.push_back(&day);
    std::stable_sort(in_order.begin(), in_order.end(),
                     [](const auto *a, const auto *b) { return a->date < b->date; });
    for (const auto *day : in_order) {
      const int channel = channel_of(day->channel);
      const int index = days_between(question_.first, day->date);
      if (channel < 0 || index < 0 || index >= question_.days) continue;
      for (const auto &one : day->breaks) add_break(channel, index, one);
    }
  }

  void add_break(int channel, int day, const grids::Break &one) {
    const auto c = static_cast<std::size_t>(channel);
    if (one.length_ns > 0) has_length_[c] = true;
    if (one.start_ns < last_end_ns_[c]) {
      posed_.warnings.push_back(Fault(faults::planner_break_overlaps,
                                      {{"break", one.id}, {"channel", question_.channels[c]}}));
      return;
    }
    last_end_ns_[c] = one.start_ns + one.length_ns;
    Break added;
    added.channel = channel;
    added.day = day;
    added.second_of_day = zone_.second_of_day(one.start_ns);
    added.max_items = one.max_items;
    added.classes = class_bits(one.carries);
    added.start_ns = one.start_ns;
    added.length_ns = one.length_ns;
    if (one.start_ns < question_.open_from_ns[c]) {
      closed_[{channel, day}].push_back(added);
      return;
    }
    break_index_.emplace(one.id, static_cast<int>(problem().breaks.size()));
    problem().breaks.push_back(added);
    problem().break_ids.push_back(one.id);
  }

  void add_campaign(const campaigns::Campaign &from) {
    Campaign campaign;
    campaign.id = from.id;
    campaign.ad_class = static_cast<int>(from.ad_class);
    if (!from.topic.empty())
      campaign.topic = topics_.emplace(from.topic, static_cast<int>(topics_.size())).first->second;
    campaign.weight = std::max(1, from.weight);
    campaign.position = static_cast<Campaign::Position>(from.position);
    campaign.first_day = days_between(question_.first, from.first);
    campaign.last_day = days_between(question_.first, from.last);
    campaign.windows = tidy(from.windows);
    campaign.separation_ns = from.separation_s * ns_per_s;
    for (const auto &rotation : from.assets) {
      Asset asset{rotation.asset, std::max(1, rotation.weight), {}, {}};
      asset.duration_ns.assign(question_.channels.size(), -1);
      asset.counted.assign(question_.channels.size(), 0);
      campaign.assets.push_back(std::move(asset));
    }
    counted_here_.assign(question_.channels.size(), 0);
    if (const auto rows = counted_.find(from.id); rows != counted_.end())
      for (const Counted *counted : rows->second) count(*counted, campaign);
    for (const auto &target : from.targets) add_target(target, campaign);
    problem().campaigns.push_back(std::move(campaign));
  }

  void add_exclusions() {
    std::unordered_multimap<std::string, int> by_id, by_topic;
    for (std::size_t i = 0; i < question_.campaigns.size(); ++i) {
      const auto &one = question_.campaigns[i];
      by_id.emplace(one.id, static_cast<int>(i));
      if (!one.topic.empty()) by_topic.emplace(one.topic, static_cast<int>(i));
    }
    for (std::size_t i = 0; i < question_.campaigns.size(); ++i) {
      auto &excluded = problem().campaigns[i].not_with;
      const auto add = [&](const auto &index, const std::string &name) {
        const auto [first, end] = index.equal_range(name);
        for (auto each = first; each != end; ++each)
          if (each->second != static_cast<int>(i)) excluded.push_back(each->second);
      };
      for (const auto &one : question_.campaigns[i].not_with) {
        add(by_id, one.campaign);
        add(by_topic, one.topic);
      }
      std::sort(excluded.begin(), excluded.end());
      excluded.erase(std::unique(excluded.begin(), excluded.end()), excluded.end());
    }
  }

  void count(const Counted &counted, Campaign &campaign) {
    const int channel = channel_of(counted.channel);
    if (channel < 0) return;
    counted_here_[static_cast<std::size_t>(channel)] += counted.airings;
    for (Asset &asset : campaign.assets)
      if (asset.id == counted.asset)
        asset.counted[static_cast<std::size_t>(channel)] += counted.airings;
  }

  void add_target(const campaigns::Target &from, Campaign &campaign) {
    Target target;
    target.unit = static_cast<Target::Unit>(from.unit);
    target.channels = channels_of(from, campaign);
    if (target.channels.empty()) return;
    const std::size_t days = static_cast<std::size_t>(question_.days);
    target.is_daily = is_in_units(from) && from.per == campaigns::Target::Per::day;
    target.quota.assign(days, 0);
    if (!is_in_units(from))
      ask_for_share(from, campaign, target);
    else if (target.is_daily)
      ask_each_day(from, campaign, target);
    else
      ask_in_all(from, campaign, target);
    target.wanted = std::accumulate(target.quota.begin(), target.quota.end(), 0);
    target.day_most = from.day_cap;
    target.channel_day_most = from.channel_day_cap;
    cap_days(campaign, target);
    ease_begun_days(campaign, target);
    campaign.targets.push_back(std::move(target));
  }

  static bool is_in_units(const campaigns::Target &from) {
    return from.unit == campaigns::Target::Unit::airings ||
           from.unit == campaigns::Target::Unit::seconds;
  }

  /// Those that are there, are in no other target, and have what it is measured in.
  std::vector<int> channels_of(const campaigns::Target &from, Campaign &campaign) {
    std::vector<int> channels;
    const bool is_named = from.places.empty() && !from.is_for_all;
    const bool needs_length = from.unit == campaigns::Target::Unit::seconds ||
                              from.unit == campaigns::Target::Unit::share_of_seconds;
    for (const std::string &id : from.channels) {
      const auto fault = [&](const FaultKind &kind) {
        posed_.warnings.push_back(Fault(kind, {{"campaign", campaign.id}, {"channel", id}}));
      };
      const int channel = channel_of(id);
      const auto has = [&](const std::vector<int> &all) {
        return std::find(all.begin(), all.end(), channel) != all.end();
      };
      if (channel < 0) {
        fault(faults::planner_channel_unknown);
      } else if (has(channels) ||
                 std::any_of(campaign.targets.begin(), campaign.targets.end(),
                             [&](const Target &other) { return has(other.channels); })) {
        fault(faults::planner_target_twice);
      } else if (needs_length && !has_length_[static_cast<std::size_t>(channel)]) {
        if (is_named) fault(faults::planner_no_length);
      } else {
        take_durations(channel, campaign);
        channels.push_back(channel);
      }
    }
    return channels;
  }

  /// Its days in the horizon: from the first to before the second.
  std::pair<int, int> days_of(const Campaign &campaign) const {
    const int from = std::max(0, campaign.first_day);
    return {from, std::max(from, std::min(question_.days, campaign.last_day + 1))};
  }

  void ask_each_day(const campaigns::Target &from, const Campaign &campaign, Target &target) const {
    int airings = from.airings;
    const double wanted_ns = static_cast<double>(from.seconds) * ns_per_s;
    if (target.unit == Target::Unit::seconds) {
      const double mean_ns = mean_length_ns(campaign, target.channels);
      airings = mean_ns > 0 ? airings_for(wanted_ns, mean_ns) : 0;
    }
    const auto [first, end] = days_of(campaign);
    for (int day = first; day < end; ++day) target.quota[static_cast<std::size_t>(day)] = airings;
    target.wanted_ns = (end - first) * (from.seconds * ns_per_s);
  }

  void ask_in_all(const campaigns::Target &from, const Campaign &campaign, Target &target) const {
    const double mean_ns = mean_length_ns(campaign, target.channels);
    const int counted = counted_before(target.channels);
    int airings = from.airings;
    if (target.unit == Target::Unit::seconds)  // the rotation sees to it that the mean holds
      airings = mean_ns > 0 ? airings_for(static_cast<double>(from.seconds) * ns_per_s, mean_ns)
                            : counted;
    target.most = std::max(0, airings - counted);
    target.quota =
        even_quota(airings, campaign.first_day, campaign.last_day, counted, question_.days);
    if (target.unit == Target::Unit::seconds)
      target.wanted_ns =
          std::llround(mean_ns * std::accumulate(target.quota.begin(), target.quota.end(), 0));
  }

  /// Of what its channels have for its class on its days, whether or not that is still open: a day
  /// that has begun is eased like any other.
  void ask_for_share(const campaigns::Target &from, const Campaign &campaign,
                     Target &target) const {
    const bool is_of_seconds = target.unit == Target::Unit::share_of_seconds;
    const double mean_ns = mean_length_ns(campaign, target.channels);
    std::vector<double> airings(static_cast<std::size_t>(question_.days), 0);
    const std::pair<int, int> days = days_of(campaign);
    const auto add = [&](const Break &one) {
      const bool is_ours = one.day >= days.first && one.day < days.second &&
                           ((one.classes >> campaign.ad_class) & 1U) != 0 &&
                           std::find(target.channels.begin(), target.channels.end(), one.channel) !=
                               target.channels.end();
      if (!is_ours) return;
      const double length_ns = static_cast<double>(one.length_ns);
      const int places = places_in(one, mean_length_ns(campaign, {one.channel}));
      target.supply_ns += one.length_ns;
      target.supply += places;
      airings[static_cast<std::size_t>(one.day)] += from.share_permille / 1000.0 *
                                                    (!is_of_seconds ? places
                                                     : mean_ns > 0  ? length_ns / mean_ns
                                                                    : 0);
    };
    for (const Break &one : posed_.problem.breaks) add(one);
    for (const auto &[where, breaks] : closed_)
      for (const Break &one : breaks) add(one);
    // The days before count as if they had had as much, or planned day by day a share of less than
    // half an airing would be rounded to nothing for ever.
    const double each_day =
        days.second > days.first
            ? std::accumulate(airings.begin(), airings.end(), 0.0) / (days.second - days.first)
            : 0;
    target.quota = rounded_quota(airings, each_day * std::max(0, -campaign.first_day));
    target.most = std::accumulate(target.quota.begin(), target.quota.end(), 0);
    if (is_of_seconds) target.wanted_ns = target.supply_ns / 1000 * from.share_permille;
  }

  std::string names_of(const Target &target) const {
    std::string names;
    for (const int channel : target.channels)
      names += (names.empty() ? "" : ", ") + question_.channels[static_cast<std::size_t>(channel)];
    return names;
  }

  void cap_days(const Campaign &campaign, Target &target) {
    int most = target.day_most > 0 ? target.day_most : std::numeric_limits<int>::max();
    if (target.channel_day_most > 0)
      most = std::min(most, target.channel_day_most * static_cast<int>(target.channels.size()));
    if (target.is_daily)
      for (int &quota : target.quota) quota = std::min(quota, most);
    else
      keep_within(target.quota, most, campaign.first_day, campaign.last_day);
    const int allowed = std::accumulate(target.quota.begin(), target.quota.end(), 0);
    if (allowed < target.wanted)
      posed_.warnings.push_back(
          Fault(faults::planner_capped, {{"campaign", campaign.id},
                                         {"channel", names_of(target)},
                                         {"cap", std::to_string(most)},
                                         {"allowed", std::to_string(allowed)},
                                         {"wanted", std::to_string(target.wanted)}}));
  }

  /// A day of which a part is over asks for its share of what is left, not for all in an evening.
  void ease_begun_days(const Campaign &campaign, Target &target) const {
    const auto is_inside = [&](const Break &one) {
      return std::any_of(campaign.windows.begin(), campaign.windows.end(), [&](const Window &in) {
        return in.from_s <= one.second_of_day && one.second_of_day < in.to_s;
      });
    };
    const auto is_ours = [&](int channel) {
      return std::find(target.channels.begin(), target.channels.end(), channel) !=
             target.channels.end();
    };
    std::map<int, std::int64_t> closed;  // by day
    for (const auto &[where, breaks] : closed_)
      if (is_ours(where.first))
        closed[where.second] += std::count_if(breaks.begin(), breaks.end(), is_inside);
    for (const auto &[begun, closed_count] : closed) {
      const int day = begun;
      const auto open = std::count_if(
          posed_.problem.breaks.begin(), posed_.problem.breaks.end(), [&](const Break &one) {
            return one.day == day && is_ours(one.channel) && is_inside(one);
          });
      if (open + closed_count == 0) continue;
      int &quota = target.quota[static_cast<std::size_t>(day)];
      const Today today = standing_on(campaign.id, target, day);
      // Rounded down, or the shares of all campaigns would not fit together; but not to nothing,
      // and where something failed not below what was planned, or it would be lost in the rounding.
      const auto share = std::max({std::min<std::int64_t>(1, open),
                                   std::int64_t{quota} * open / (open + closed_count),
                                   std::int64_t{today.failed > 0 ? today.published : 0}});
      quota = std::min(quota, today.frozen + static_cast<int>(share));
    }
  }

  struct Today {
    int frozen = 0;  ///< what failed among them: it has had its share, and is asked for again
    int failed = 0;
    int published = 0;  ///< in breaks that are still open
  };
  Today standing_on(const std::string &campaign, const Target &target, int day) const {
    Today today;
    for (const Standing &one : question_.standing) {
      if (one.campaign != campaign || days_between(question_.first, one.date) != day ||
          std::find(target.channels.begin(), target.channels.end(), channel_of(one.channel)) ==
              target.channels.end())
        continue;
      today.frozen += one.is_frozen ? 1 : 0;
      today.failed += one.has_failed ? 1 : 0;
      today.published += !one.is_frozen && break_index_.contains(one.break_id) ? 1 : 0;
    }
    return today;
  }

  /// Every airing counts, also of assets that are no longer in the rotation.
  int counted_before(const std::vector<int> &channels) const {
    int airings = 0;
    for (const int channel : channels) airings += counted_here_[static_cast<std::size_t>(channel)];
    return airings;
  }

  void take_durations(int channel, Campaign &campaign) {
    const auto c = static_cast<std::size_t>(channel);
    const bool is_wanted = campaign.last_day >= 0 && campaign.first_day < question_.days;
    std::string unready;
    for (Asset &asset : campaign.assets) {
      const auto duration = question_.duration_ns(asset.id, question_.channels[c]);
      if (duration)
        asset.duration_ns[c] = has_length_[c] ? *duration : 0;
      else
        unready += (unready.empty() ? "" : ", ") + asset.id;
    }
    if (is_wanted && !unready.empty())
      posed_.warnings.push_back(Fault(
          faults::planner_asset_unready,
          {{"assets", unready}, {"channel", question_.channels[c]}, {"campaign", campaign.id}}));
  }

  void add_standing() {
    std::unordered_map<std::string, int> campaign_index;
    for (const Campaign &campaign : problem().campaigns)
      campaign_index.emplace(campaign.id, static_cast<int>(campaign_index.size()));
    for (const Standing &one : question_.standing) {
      const int channel = channel_of(one.channel);
      const auto found = campaign_index.find(one.campaign);
      if (channel < 0 || found == campaign_index.end()) continue;
      const auto &assets = problem().campaigns[static_cast<std::size_t>(found->second)].assets;
      const auto asset = std::find_if(assets.begin(), assets.end(),
                                      [&](const Asset &each) { return each.id == one.asset; });
      const int asset_index = asset == assets.end() ? -1 : static_cast<int>(asset - assets.begin());
      if (one.is_frozen && !one.was_on) continue;
      if (one.is_frozen) {
        const int day = one.has_failed ? -1 : days_between(question_.first, one.date);
        problem().fixed.push_back(
            {found->second, one.has_failed ? -1 : asset_index, channel, day, one.start_ns});
      } else if (const auto in_break = break_index_.find(one.break_id);
                 asset_index >= 0 && in_break != break_index_.end()) {
        problem().published.push_back({found->second, asset_index, in_break->second});
      }
    }
  }

  const Question &question_;
  const Zone &zone_;
  Posed posed_;
  std::unordered_map<std::string, int> channel_index_;
  std::unordered_map<std::string, int> break_index_;
  std::unordered_map<std::string, std::vector<const Counted *>> counted_;  ///< by campaign
  std::vector<int> counted_here_;  ///< of the campaign in hand, by channel
  std::map<std::pair<int, int>, std::vector<Break>> closed_;  ///< by channel and day
  std::map<std::string, int> topics_;
  std::vector<bool> has_length_;
  std::vector<std::int64_t> last_end_ns_;
};

}  // namespace

Posed problem_of(const Question &question, const Zone &zone) {
  return Posing(question, zone).pose();
}

}  // namespace civicast::planner
