// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/planner/season.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "host/planner/check.hpp"
#include "host/planner/planner.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::planner::test {
namespace {

using namespace std::chrono_literals;
constexpr Date first_date = 2026y / 3 / 2;

std::string channel_name(int channel) {
  return "channel-" + std::to_string(channel);
}

}  // namespace

Season::Season(int days, int channels, SeasonBreaks breaks)
    : days_(days), channels_(channels), breaks_(breaks), zone_(*Zone::find("Asia/Shanghai")) {}

campaigns::Campaign &Season::add(const std::string &id, int airings, int first_day, int last_day) {
  campaigns::Campaign campaign;
  campaign.id = id;
  campaign.first = date_of(first_day);
  campaign.last = date_of(last_day < 0 ? days_ - 1 : last_day);
  campaign.windows = {{0, 86'400, {}}};
  campaign.assets = {{id + "-1", 1, {}}};
  campaigns::Target target;
  for (int channel = 0; channel < channels_; ++channel)
    target.channels.push_back(channel_name(channel));
  target.airings = airings;
  target.per = campaigns::Target::Per::campaign;
  campaign.targets = {target};
  campaigns_.push_back(std::move(campaign));
  aired_.emplace_back(static_cast<std::size_t>(channels_),
                      std::vector<int>(static_cast<std::size_t>(days_), 0));
  return campaigns_.back();
}

void Season::run(int horizon_days) {
  for (int first = 0; first < days_; first += horizon_days) {
    const int length = std::min(horizon_days, days_ - first);
    const Problem problem = problem_of(question(first, length), zone_).problem;
    Options options;
    options.moves = 2'000 * length;
    const Plan plan = make_plan(problem, options);
    for (const Fault &fault : check(problem, plan.placements))
      throw std::runtime_error(fault.text());
    yesterday_.clear();
    for (const Placement &one : plan.placements) {
      const Break &at = problem.breaks[static_cast<std::size_t>(one.in_break)];
      const int day = first + at.day;
      const bool is_on = is_aired(at.channel, day);
      if (is_on)
        ++aired_[static_cast<std::size_t>(one.campaign)][static_cast<std::size_t>(at.channel)]
                [static_cast<std::size_t>(day)];
      if (at.day != length - 1) continue;
      const auto &campaign = campaigns_[static_cast<std::size_t>(one.campaign)];
      Standing standing;
      standing.channel = channel_name(at.channel);
      standing.campaign = campaign.id;
      standing.asset = campaign.assets[0].asset;
      standing.date = date_of(day);
      standing.start_ns = one.start_ns;
      standing.length_ns = one.end_ns - one.start_ns;
      standing.is_frozen = true;
      standing.was_on = is_on;
      standing.has_failed = !is_on;
      yesterday_.push_back(std::move(standing));
    }
  }
}

Question Season::question(int first_day, int horizon_days) const {
  Question question;
  question.first = date_of(first_day);
  question.days = horizon_days;
  question.campaigns = campaigns_;
  question.duration_ns = [](const std::string &, const std::string &) { return 15 * ns_per_s; };
  question.open_from_ns.assign(static_cast<std::size_t>(channels_), 0);
  question.standing = yesterday_;
  for (int channel = 0; channel < channels_; ++channel) {
    question.channels.push_back(channel_name(channel));
    for (int day = first_day; day < first_day + horizon_days; ++day) {
      grids::GridDay grid;
      grid.channel = channel_name(channel);
      grid.date = date_of(day);
      grid.start_ns = zone_.instant(grid.date, 0);
      grid.end_ns = zone_.instant(next_day(grid.date), 0);
      for (int second = breaks_.from_s; second < breaks_.to_s; second += breaks_.every_s)
        if (is_there(channel, day, second))
          grid.breaks.push_back(
              {std::to_string(channel) + "/" + std::to_string(day) + "/" + std::to_string(second),
               grid.start_ns + second * ns_per_s,
               breaks_.length_s * ns_per_s,
               0,
               {}});
      question.grid_days.push_back(std::move(grid));
    }
    for (std::size_t i = 0; i < campaigns_.size(); ++i)
      if (const int before = on_channel(i, channel); before > 0)
        question.counted.push_back(
            {channel_name(channel), campaigns_[i].id, campaigns_[i].assets[0].asset, before});
  }
  return question;
}

Date Season::date_of(int day) const {
  return std::chrono::sys_days(first_date) + std::chrono::days(day);
}

int Season::aired(std::size_t campaign, int channel, int day) const {
  return aired_[campaign][static_cast<std::size_t>(channel)][static_cast<std::size_t>(day)];
}

int Season::on_day(std::size_t campaign, int day) const {
  int sum = 0;
  for (int channel = 0; channel < channels_; ++channel) sum += aired(campaign, channel, day);
  return sum;
}

int Season::on_channel(std::size_t campaign, int channel) const {
  const auto &days = aired_[campaign][static_cast<std::size_t>(channel)];
  return std::accumulate(days.begin(), days.end(), 0);
}

int Season::total(std::size_t campaign) const {
  int sum = 0;
  for (int channel = 0; channel < channels_; ++channel) sum += on_channel(campaign, channel);
  return sum;
}

int Season::different_days(std::size_t campaign) const {
  int count = 0;
  for (int day = 0; day < days_; ++day) count += on_day(campaign, day) > 0 ? 1 : 0;
  return count;
}

}  // namespace civicast::planner::test
