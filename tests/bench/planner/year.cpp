// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/planner/year.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "sdk/base/clock.hpp"

namespace civicast::bench {
namespace {

using namespace std::chrono_literals;
using campaigns::AdClass;

constexpr Date first_date = 2027y / 1 / 4;
constexpr int sub_centre = 25, week_days = 7, year_days = 52 * week_days;
constexpr int hour_s = 3'600;

}  // namespace

Year::Year(const Size &size) : zone_(*Zone::find("Asia/Shanghai")), random_(size.seed) {
  for (int channel = 0; channel < size.channels; ++channel) add_channel(channel);
  for (int campaign = 0; campaign < size.campaigns; ++campaign) add_campaign(campaign);
  scale(size.load);
}

void Year::add_channel(int index) {
  const int place = index % sub_centre;
  const Kind kind = place == 0   ? Kind::cable
                    : place == 1 ? Kind::radio
                    : place < 20 ? Kind::screen
                                 : Kind::feed;
  channels_.push_back("channel-" + std::to_string(index));
  kinds_.push_back(kind);
  std::vector<Slot> slots;
  const auto every = [&](int from_s, int to_s, int every_s) {
    for (int second = from_s; second < to_s; second += every_s) {
      const int length_s = kind == Kind::feed ? 0 : 15 * from_to(4, 12);
      const int late_s = kind == Kind::feed ? 0 : 3 * from_to(0, every_s / 12);
      slots.push_back({second + late_s, length_s, from_to(1, 5) == 1});
    }
  };
  if (kind == Kind::cable) {
    every(0, 6 * hour_s, hour_s);
    every(6 * hour_s, 24 * hour_s, hour_s / 4);
  } else if (kind == Kind::radio) {
    every(6 * hour_s, 24 * hour_s, hour_s / 3);
  } else if (kind == Kind::screen) {
    every(7 * hour_s, 22 * hour_s, hour_s / 4);
  } else {
    every(7 * hour_s, 23 * hour_s, hour_s);
  }
  slots_.push_back(std::move(slots));
}

std::vector<int> Year::channels_for(int index) {
  const int sub_centres = (static_cast<int>(channels_.size()) + sub_centre - 1) / sub_centre;
  const bool is_centres = index % 10 == 0, is_theme = !is_centres && index % 10 <= 3;
  std::vector<bool> is_chosen(static_cast<std::size_t>(sub_centres), is_centres);
  const int chosen = is_theme ? from_to(1, std::max(1, sub_centres / 2)) : 1;
  for (int i = 0; !is_centres && i < chosen; ++i)
    is_chosen[static_cast<std::size_t>(from_to(0, sub_centres - 1))] = true;
  const int kinds = one_of({0, 0, 0, 1, 1, 2, 2, 3});
  std::vector<int> channels;
  for (int channel = 0; channel < static_cast<int>(channels_.size()); ++channel) {
    const Kind kind = kinds_[static_cast<std::size_t>(channel)];
    const bool is_wanted = kinds == 0   ? kind != Kind::feed
                           : kinds == 1 ? kind == Kind::cable || kind == Kind::screen
                           : kinds == 2 ? kind == Kind::screen
                                        : kind == Kind::feed;
    if (is_wanted && is_chosen[static_cast<std::size_t>(channel / sub_centre)])
      channels.push_back(channel);
  }
  if (channels.empty()) channels.push_back(0);
  return channels;
}

void Year::add_campaign(int index) {
  campaigns::Campaign one;
  one.id = "campaign-" + std::to_string(index);
  one.ad_class =
      one_of({AdClass::psa, AdClass::psa, AdClass::psa, AdClass::information, AdClass::promo});
  one.topic = "topic-" + std::to_string(from_to(0, 23));
  one.weight = one_of({1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 5});
  const bool is_centres = index % 10 == 0, is_theme = !is_centres && index % 10 <= 3;
  const int length = is_centres ? year_days
                     : is_theme ? week_days * from_to(8, 26)
                                : week_days * from_to(2, 13) + from_to(-3, 3);
  // As many run at the beginning as in the middle.
  const int first = is_centres ? 0 : from_to(week_days - length, year_days - week_days);
  one.first = date_of(std::max(0, first));
  one.last = date_of(std::min(year_days, first + length) - 1);
  switch (from_to(0, 9)) {
    case 0:
      one.windows = {{18 * hour_s, 24 * hour_s, {}}};
      break;
    case 1:
      one.windows = {{17 * hour_s, 22 * hour_s, {}}};
      break;
    case 2:
      one.windows = {{6 * hour_s, 9 * hour_s, {}},
                     {11 * hour_s, 14 * hour_s, {}},
                     {18 * hour_s, 22 * hour_s, {}}};
      break;
    case 3:
      one.windows = {{9 * hour_s, 18 * hour_s, {}}};
      break;
    default:
      one.windows = {{0, 24 * hour_s, {}}};
  }
  one.separation_s = 60 * one_of({20, 30, 30, 45, 60, 90});
  for (int asset = from_to(1, 3); asset > 0; --asset)
    one.assets.push_back({one.id + "-" + std::to_string(asset), from_to(1, 3), {}});
  length_s_.push_back(one_of({15, 15, 15, 30, 30, 30, 60}));
  campaigns::Target target;
  of_campaign_.push_back(channels_for(index));
  for (const int channel : of_campaign_.back())
    target.channels.push_back(channels_[static_cast<std::size_t>(channel)]);
  target.per = from_to(1, 6) == 1 ? campaigns::Target::Per::day : campaigns::Target::Per::campaign;
  target.airings = from_to(5, 120);  // the wish, in tenths a channel and day, before scaling
  one.targets = {target};
  aired_.emplace_back(one.assets.size(), std::vector<int>(channels_.size(), 0));
  aired_on_.emplace_back(static_cast<std::size_t>(year_days), 0);
  campaigns_.push_back(std::move(one));
}

double Year::day_most(const campaigns::Campaign &one) {
  double open_s = 0;
  for (const auto &window : one.windows)
    open_s += std::min(22 * hour_s, window.to_s) - std::max(7 * hour_s, window.from_s);
  return 0.6 * std::min(open_s / (1.3 * one.separation_s), open_s / (hour_s / 2));
}

/// Airings a channel and day. Wishes grow or shrink until the weeks of a campaign's channels are
/// asked for the share `load` of their seconds in the mean, and none for more than `fullest`; no
/// campaign has more than 0.6 of what its windows and its separation leave it alone.
std::vector<double> Year::paces(double load) const {
  constexpr double fullest = 0.95;
  constexpr int rounds = 40, trimming = 15;
  std::vector<double> pace;
  for (const auto &one : campaigns_) pace.push_back(one.targets[0].airings / 10.0);
  std::vector<double> supply_s;
  for (const auto &slots : slots_) {
    supply_s.push_back(0);
    for (const Slot &slot : slots) supply_s.back() += slot.length_s == 0 ? 30 : slot.length_s;
  }
  const auto each = [&](std::size_t i, auto &&body) {
    for (const int channel : of_campaign_[i])
      for (int week = first_week(i); week <= last_week(i); ++week)
        body(static_cast<std::size_t>(channel), static_cast<std::size_t>(week));
  };
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::vector<double>> loads(channels_.size(), std::vector<double>(52, 0));
    for (std::size_t i = 0; i < pace.size(); ++i)
      each(i, [&](std::size_t channel, std::size_t week) {
        loads[channel][week] +=
            pace[i] * (kinds_[channel] == Kind::feed ? 30 : length_s_[i]) / supply_s[channel];
      });
    for (std::size_t i = 0; i < pace.size(); ++i) {
      double most = 0, sum = 0, count = 0;
      each(i, [&](std::size_t channel, std::size_t week) {
        most = std::max(most, loads[channel][week]);
        sum += loads[channel][week];
        ++count;
      });
      pace[i] *= round < rounds - trimming ? std::clamp(load * count / sum, 0.8, 1.25)
                                           : std::min(1.0, fullest / most);
      pace[i] = std::min(pace[i], day_most(campaigns_[i]));
    }
  }
  return pace;
}

void Year::scale(double load) {
  const std::vector<double> pace = paces(load);
  for (std::size_t i = 0; i < campaigns_.size(); ++i) {
    auto &target = campaigns_[i].targets[0];
    const bool is_daily = target.per == campaigns::Target::Per::day;
    const double days = is_daily ? 1 : days_between(campaigns_[i].first, campaigns_[i].last) + 1;
    target.airings =
        std::max(1, static_cast<int>(pace[i] * days * static_cast<double>(of_campaign_[i].size())));
  }
}

int Year::first_week(std::size_t campaign) const {
  return days_between(first_date, campaigns_[campaign].first) / week_days;
}
int Year::last_week(std::size_t campaign) const {
  return days_between(first_date, campaigns_[campaign].last) / week_days;
}

planner::Problem Year::week(int week) const {
  planner::Question question;
  const int first_day = week * week_days;
  question.first = date_of(first_day);
  question.days = week_days;
  question.channels = channels_;
  const Date last = date_of(first_day + week_days - 1);
  std::map<std::string, int> length_s;
  for (std::size_t i = 0; i < campaigns_.size(); ++i) {
    question.campaigns.push_back(campaigns_[i]);
    for (const auto &asset : campaigns_[i].assets) length_s[asset.asset] = length_s_[i];
    if (campaigns_[i].last < question.first || last < campaigns_[i].first) continue;
    for (std::size_t asset = 0; asset < aired_[i].size(); ++asset)
      for (std::size_t channel = 0; channel < channels_.size(); ++channel)
        if (aired_[i][asset][channel] > 0)
          question.counted.push_back({channels_[channel], campaigns_[i].id,
                                      campaigns_[i].assets[asset].asset,
                                      aired_[i][asset][channel]});
  }
  question.duration_ns = [&](const std::string &asset, const std::string &) {
    return length_s.at(asset) * ns_per_s;
  };
  question.open_from_ns.assign(channels_.size(), 0);
  question.standing = yesterday_;
  for (std::size_t channel = 0; channel < channels_.size(); ++channel)
    for (int day = first_day; day < first_day + week_days; ++day) {
      grids::GridDay grid;
      grid.channel = channels_[channel];
      grid.date = date_of(day);
      grid.start_ns = zone_.instant(grid.date, 0);
      grid.end_ns = zone_.instant(next_day(grid.date), 0);
      for (const Slot &slot : slots_[channel]) {
        grids::Break one;
        one.id = grid.channel + "/" + std::to_string(day) + "/" + std::to_string(slot.second);
        one.start_ns = grid.start_ns + slot.second * ns_per_s;
        one.length_ns = slot.length_s * ns_per_s;
        one.max_items = slot.length_s == 0 ? 1 : 0;
        if (slot.is_for_psa) one.carries = {AdClass::psa};
        grid.breaks.push_back(std::move(one));
      }
      question.grid_days.push_back(std::move(grid));
    }
  return planner::problem_of(question, zone_).problem;
}

void Year::air(int week, const planner::Problem &problem, const planner::Plan &plan) {
  yesterday_.clear();
  for (const planner::Placement &one : plan.placements) {
    const planner::Break &at = problem.breaks[static_cast<std::size_t>(one.in_break)];
    const auto campaign = static_cast<std::size_t>(one.campaign);
    const auto asset = static_cast<std::size_t>(one.asset);
    ++aired_[campaign][asset][static_cast<std::size_t>(at.channel)];
    ++aired_on_[campaign][static_cast<std::size_t>(week * week_days + at.day)];
    if (at.day < week_days - 1) continue;
    planner::Standing standing;
    standing.channel = channels_[static_cast<std::size_t>(at.channel)];
    standing.campaign = campaigns_[campaign].id;
    standing.asset = campaigns_[campaign].assets[asset].asset;
    standing.date = date_of(week * week_days + at.day);
    standing.start_ns = one.start_ns;
    standing.length_ns = one.end_ns - one.start_ns;
    standing.is_frozen = true;
    yesterday_.push_back(std::move(standing));
  }
}

int Year::aired(std::size_t campaign, std::size_t channel) const {
  int sum = 0;
  for (const auto &asset : aired_[campaign]) sum += asset[channel];
  return sum;
}

std::pair<std::int64_t, std::int64_t> Year::due_and_aired(int weeks) const {
  std::pair<std::int64_t, std::int64_t> sums{0, 0};
  const Date end = date_of(weeks * week_days);
  for (std::size_t i = 0; i < campaigns_.size(); ++i) {
    const auto &one = campaigns_[i];
    if (one.targets[0].per == campaigns::Target::Per::day) continue;
    const int days = days_between(one.first, one.last) + 1;
    const int gone = std::clamp(days_between(one.first, end), 0, days);
    sums.first += std::llround(static_cast<double>(one.targets[0].airings) * gone / days);
    for (std::size_t channel = 0; channel < channels_.size(); ++channel)
      sums.second += aired(i, channel);
  }
  return sums;
}

std::pair<double, double> Year::pace_errors(int weeks) const {
  double off = 0, wanted = 0, worst = 0;
  for (std::size_t i = 0; i < campaigns_.size(); ++i) {
    const auto &one = campaigns_[i];
    const int first = days_between(first_date, one.first),
              last = days_between(first_date, one.last);
    const double even = one.targets[0].airings / (last - first + 1.0);
    if (one.targets[0].per == campaigns::Target::Per::day || even < 1) continue;
    double its_off = 0, its_wanted = 0;
    for (int day = first; day <= std::min(last, weeks * week_days - 1); ++day) {
      its_off += std::abs(aired_on_[i][static_cast<std::size_t>(day)] - even);
      its_wanted += even;
    }
    // Of fewer than ten a day, whole airings alone are off by more than a twentieth.
    if (even >= 10 && its_wanted > 0) worst = std::max(worst, its_off / its_wanted);
    off += its_off;
    wanted += its_wanted;
  }
  return {wanted > 0 ? off / wanted : 0, worst};
}

Date Year::date_of(int day) const {
  return std::chrono::sys_days(first_date) + std::chrono::days(day);
}

}  // namespace civicast::bench
