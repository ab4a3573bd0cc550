// SPDX-License-Identifier: Apache-2.0
// A plan in the making: who stands in which break, and what that costs. A board may be crowded,
// with more in a break than there is room for, at a price; only one that is not is a plan.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "host/planner/layout.hpp"
#include "host/planner/paths.hpp"

namespace civicast::planner {

/// What it costs to break a rule that two goals can break together.
struct Crowding {
  float second = 0, place = 0, topic = 0;
};

class Board {
 public:
  explicit Board(const Layout &layout);

  const Layout &layout() const { return layout_; }
  const Airings &airings(int lane_day) const { return airings_[at_index(lane_day)]; }
  int total(int goal) const { return totals_[at_index(goal)]; }
  int on_day(int goal, int day) const { return day_counts_[day_of(goal, day)]; }
  /// Costs and what crowding costs now. Changes by little when asked often; see recount().
  double energy() const { return energy_; }

  struct Seat {
    int lane_day = 0;
    Airing airing;
    int campaign = 0;
    std::int64_t length_ns = 0;
    std::uint64_t leaves = 0;  ///< as Layout::leaves
  };
  const std::vector<Seat> &seats(int in_break) const { return rooms_[at_index(in_break)].seats; }

  /// On a crowded board: does something that two cannot have together include this one?
  bool is_too_much(int in_break, const Seat &seat) const;
  /// May one more airing of the lane-day stand at the step beside what is there already?
  bool fits(const LaneDay &lane_day, int step) const;
  /// Would it, were one of those not there?
  bool fits_without(const LaneDay &lane_day, int step, const Seat &seat) const;
  /// The lane-day of the first seat without which it would, from seat `first` on and around; −1:
  /// nobody alone is in its way.
  int rival(const LaneDay &lane_day, int step, std::size_t first) const;
  /// May the lane-day air once more, at this step, as far as its own goal and separation go?
  bool is_open(int lane_day, int step) const;
  /// What crowding an airing at the step adds: the lane-day's own that is `own_ns` long and stands
  /// there, or if that is negative one more, its shortest.
  float crowding(const LaneDay &lane_day, int step, std::int64_t own_ns) const;
  /// What a legal minimum is short of: airings, or nanoseconds.
  std::int64_t missing(std::size_t minimum) const {
    return std::max<std::int64_t>(0, layout_.minima[minimum].least - minimum_counts_[minimum]);
  }
  /// What one more airing of the lane-day, its shortest, saves of its legal minima, with its own
  /// from `first` to `end` gone.
  MinimumGains minimum_gains(const LaneDay &lane_day, const Airing *first, const Airing *end) const;
  /// The airing's own cost, and the share of the market's price that is charged now.
  float step_cost(std::size_t step) const { return step_costs_[step]; }

  /// Some steps of the lane-day, and the airings around them.
  Stretch stretch(int lane_day, int from, int to) const;
  /// When its first airing may start at the earliest, and when the next one behind it starts.
  std::pair<std::int64_t, std::int64_t> limits(int lane_day, const Stretch &stretch) const;
  /// The lane-day's airings in the stretch: first and end.
  std::pair<const Airing *, const Airing *> in(int lane_day, const Stretch &stretch) const;

  /// Replaces what the lane-day airs in the stretch; assets are chosen, of those that fit the one
  /// furthest behind its share.
  void seat(int lane_day, const Stretch &stretch, const Steps &steps);
  void put(int lane_day, const Stretch &stretch, const Airings &airings);

  void charge(const std::vector<float> &step_costs, const Crowding &crowding);
  /// The energy from nothing but the airings.
  void recount();
  /// Goes back to an earlier copy of this board.
  void take(const Board &earlier);

 private:
  /// A break as it stands now.
  struct Room {
    std::int64_t free_ns = 0;  ///< negative: it is crowded
    std::uint64_t topics = 0;  ///< the bits of those in it, for a quick no
    int places = 0;            ///< left
    std::vector<Seat> seats;
  };
  const Room &room(const LaneDay &lane_day, int step) const {
    return rooms_[at_index(layout_.in_break[lane_day.first + at_index(step)])];
  }
  template <class Fill>
  void replace(int lane_day, const Stretch &stretch, int count_after, Fill &&fill);
  /// What an airing costs beside those that have a seat.
  double seat_cost(const LaneDay &lane_day, std::size_t step, std::int64_t length_ns) const;
  void add(int lane_day, const Airing &airing);
  void remove(int lane_day, const Airing &airing);
  void count(const LaneDay &lane_day, int more);
  double goal_cost(int goal, int day) const;
  double minimum_cost(std::size_t minimum, std::int64_t had) const;
  void count_minima(const LaneDay &lane_day, const Airing &airing, int sign);
  float excess(std::int64_t free_ns, std::int64_t length_ns, int places, int conflicts) const;
  std::int16_t asset_for(const LaneDay &lane_day, int step) const;
  bool conflicts(int campaign, const Seat &seat) const {
    return (seat.leaves & layout_.minds[at_index(campaign)]) != 0 && seat.campaign != campaign &&
           layout_.excludes(campaign, seat.campaign);
  }
  int conflicts(int campaign, const Room &room) const;
  double rooms_cost() const;
  std::pair<std::int64_t, std::int64_t> limits(int lane_day, Airings::const_iterator left_end,
                                               Airings::const_iterator right) const;
  std::size_t day_of(int goal, int day) const {
    return at_index(goal) * at_index(layout_.problem.days) + at_index(day);
  }

  const Layout &layout_;
  Crowding crowding_;
  std::vector<float> step_costs_;
  double energy_ = 0;
  std::vector<Airings> airings_;  ///< by lane-day
  std::vector<int> totals_;
  std::vector<int> day_counts_;               ///< by goal and day
  std::vector<std::int64_t> minimum_counts_;  ///< as Layout::minima
  std::vector<Room> rooms_;                   ///< by break
  std::vector<int> asset_counts_;             ///< as Layout::lengths_ns
  Airings kept_, seated_;
};

}  // namespace civicast::planner
