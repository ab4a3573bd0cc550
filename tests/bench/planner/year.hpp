// SPDX-License-Identifier: Apache-2.0
// A year of a district's media centre, made up from a seed: its channels with their breaks, its
// campaigns, and what was aired so far. Nothing of it is random but what the seed decides.
//
// Channels: of 25 each, one is cable, one is radio, eighteen are screens, five are feeds; each 25
// are a sub-centre's. Cable has a break every quarter of an hour by day and every hour by night,
// radio every 20 minutes, screens every quarter of an hour from 07:00 to 22:00, all of 60 to 180 s,
// some of them for public-service ads alone; feeds have a moment an hour.
// Campaigns: a tenth are the centre's, over the whole year and everywhere; three tenths are themes
// of 8 to 26 weeks, of some sub-centres; the others are a sub-centre's own, of 2 to 13 weeks. Seven
// in eight are for channels with length (all, or without radio, or screens alone), the others for
// feeds. One in six asks for so many a day, the others for so many in all. Targets are such that
// the weeks of a campaign's channels are asked for the share `load` of their seconds in the mean,
// and no week of a channel for more than 0.95.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "host/planner/planner.hpp"
#include "host/planner/problem_of.hpp"

namespace civicast::bench {

struct Size {
  int channels = 300, campaigns = 500;
  double load = 0.7;
  std::uint64_t seed = 1;
};

class Year {
 public:
  explicit Year(const Size &size);

  planner::Problem week(int week) const;
  /// All of the week's plan was aired.
  void air(int week, const planner::Problem &problem, const planner::Plan &plan);

  const std::vector<campaigns::Campaign> &campaigns() const { return campaigns_; }
  /// Of one campaign on one channel, over all its assets.
  int aired(std::size_t campaign, std::size_t channel) const;
  /// What the campaigns that ask for so many in all are to have had by the end of that week, each
  /// rounded; and what they had.
  std::pair<std::int64_t, std::int64_t> due_and_aired(int weeks) const;
  /// Of those of them that want one a day or more: the airings by which the days of these weeks are
  /// off the even pace, as a part of all; and the greatest of a campaign that wants ten a day.
  std::pair<double, double> pace_errors(int weeks) const;

 private:
  enum class Kind { cable, radio, screen, feed };
  struct Slot {
    int second = 0, length_s = 0;
    bool is_for_psa = false;
  };
  int from_to(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  template <class T>
  T one_of(std::initializer_list<T> all) {
    return all.begin()[from_to(0, static_cast<int>(all.size()) - 1)];
  }
  void add_channel(int index);
  void add_campaign(int index);
  std::vector<int> channels_for(int index);
  static double day_most(const campaigns::Campaign &one);
  std::vector<double> paces(double load) const;
  void scale(double load);
  int first_week(std::size_t campaign) const;
  int last_week(std::size_t campaign) const;
  Date date_of(int day) const;

  Zone zone_;
  std::mt19937_64 random_;
  std::vector<std::string> channels_;
  std::vector<Kind> kinds_;
  std::vector<std::vector<Slot>> slots_;  ///< by channel: of every day
  std::vector<campaigns::Campaign> campaigns_;
  std::vector<std::vector<int>> of_campaign_;         ///< by campaign: its channels
  std::vector<int> length_s_;                         ///< by campaign: of its assets
  std::vector<std::vector<std::vector<int>>> aired_;  ///< by campaign, asset and channel
  std::vector<std::vector<int>> aired_on_;            ///< by campaign and day
  std::vector<planner::Standing> yesterday_;
};

}  // namespace civicast::bench
