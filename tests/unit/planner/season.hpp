// SPDX-License-Identifier: Apache-2.0
// A season of a made-up station, planned in horizons one after another by the real planner, with
// what was really aired fed back into the next one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "host/planner/problem_of.hpp"

namespace civicast::planner::test {

/// A round of breaks on some channels.
struct SeasonBreaks {
  int from_s = 6 * 3'600, to_s = 24 * 3'600, every_s = 3'600, length_s = 120;
};

class Season {
 public:
  Season(int days, int channels, SeasonBreaks breaks = {});

  /// An asset of 15 s, from `first_day` to `last_day` (the season's last if negative), over all
  /// channels together.
  campaigns::Campaign &add(const std::string &id, int airings, int first_day = 0,
                           int last_day = -1);

  /// Is the break there at all? By channel, day and second of the day.
  std::function<bool(int, int, int)> is_there = [](int, int, int) { return true; };
  /// Is what stands there aired? By channel and day; asked once for each placement, in order.
  std::function<bool(int, int)> is_aired = [](int, int) { return true; };

  /// Plans the season in horizons of so many days; every plan is checked.
  void run(int horizon_days);

  int days() const { return days_; }
  // What was aired.
  int aired(std::size_t campaign, int channel, int day) const;
  int on_day(std::size_t campaign, int day) const;
  int on_channel(std::size_t campaign, int channel) const;
  int total(std::size_t campaign) const;
  int different_days(std::size_t campaign) const;

 private:
  Question question(int first_day, int horizon_days) const;
  Date date_of(int day) const;

  int days_, channels_;
  SeasonBreaks breaks_;
  std::vector<campaigns::Campaign> campaigns_;
  std::vector<std::vector<std::vector<int>>> aired_;  ///< by campaign, channel and day
  std::vector<Standing> yesterday_;
  Zone zone_;
};

}  // namespace civicast::planner::test
