// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "host/planner/search.hpp"

namespace civicast::planner {
namespace {

/// So many of a goal's airings are tried before its minimum is left short.
constexpr int most_tried = 4;

struct Place {
  int lane_day = 0, step = 0;
};

class Meeting {
 public:
  explicit Meeting(Board &board) : board_(board), layout_(board.layout()) {
    candidates_.resize(layout_.minima.size());
    for (std::size_t i = 0; i < layout_.lane_days.size(); ++i) {
      const LaneDay &of = layout_.lane_days[i];
      for (std::size_t bit = 0; of.minima >> bit != 0; ++bit)
        if ((of.minima >> bit & 1U) != 0)
          candidates_[of.minimum + bit].push_back(static_cast<int>(i));
    }
  }

  void run() {
    for (std::size_t m = 0; m < candidates_.size(); ++m)
      for (bool goes_on = true; goes_on && board_.missing(m) > 0;) {
        goes_on = false;
        for (const int lane_day : candidates_[m])
          if (board_.missing(m) > 0) goes_on |= bring(lane_day, m);
      }
  }

 private:
  const LaneDay &at(int lane_day) const { return layout_.lane_days[at_index(lane_day)]; }

  bool counts(const Place &place, std::size_t minimum) const {
    const LaneDay &of = at(place.lane_day);
    if (minimum < of.minimum || minimum - of.minimum >= max_minima_a_day) return false;
    const unsigned minima = layout_.in_minima[of.first + at_index(place.step)];
    return (minima >> (minimum - of.minimum) & 1U) != 0;
  }

  /// One more airing of the lane-day for the minimum: a new one, or, where there are all that there
  /// may be, one of its goal's from elsewhere.
  bool bring(int lane_day, std::size_t minimum) {
    const LaneDay &of = at(lane_day);
    const Goal &goal = layout_.goals[at_index(of.goal)];
    const bool is_full = board_.airings(lane_day).size() >= at_index(of.most);
    const bool is_day_full = board_.on_day(of.goal, of.day) >= goal.most[at_index(of.day)];
    if (!is_full && !is_day_full && (goal.is_daily || board_.total(of.goal) < goal.cap))
      return add(lane_day, minimum, board_.energy());
    int tried = 0;
    const auto give = [&](int from) { return move(from, lane_day, minimum, tried); };
    if (give(lane_day)) return true;
    if (is_full) return false;
    for (int day = 0; day < layout_.problem.days; ++day) {
      if (is_day_full && day != of.day) continue;
      for (const int other : goal.lane_days[at_index(day)])
        if (other != lane_day && give(other)) return true;
    }
    return false;
  }

  /// One of those airings that does not count goes for one of the lane-day that does.
  bool move(int from, int lane_day, std::size_t minimum, int &tried) {
    const Airings airings = board_.airings(from);
    for (const Airing &airing : airings) {
      if (counts({from, airing.step}, minimum)) continue;
      if (++tried > most_tried) return false;
      const double before = board_.energy();
      take_out({from, airing.step});
      if (add(lane_day, minimum, before)) return true;
      board_.put(from, stretch({from, airing.step}), {airing});
    }
    return false;
  }

  Stretch stretch(const Place &place) const {
    return board_.stretch(place.lane_day, place.step, place.step + 1);
  }
  void take_out(const Place &place) { board_.put(place.lane_day, stretch(place), {}); }

  /// Puts it where it is furthest from the lane-day's others, if all then costs less than `before`:
  /// beside what is there, else instead of one that does not count.
  bool add(int lane_day, std::size_t minimum, double before) {
    const LaneDay &of = at(lane_day);
    int free = -1, taken = -1;
    std::int64_t free_gap = -1, taken_gap = -1;
    for (int step = 0; step < of.steps; ++step) {
      if (!counts({lane_day, step}, minimum) || !board_.is_open(lane_day, step)) continue;
      const std::int64_t gap = gap_at(lane_day, step);
      const bool fits = board_.fits(of, step);
      if (fits && gap > free_gap) free = step, free_gap = gap;
      if (!fits && gap > taken_gap && rival_at(of, step, minimum)) taken = step, taken_gap = gap;
    }
    if (free >= 0) return seat({lane_day, free}, before, {});
    return taken >= 0 && seat({lane_day, taken}, before, rival_at(of, taken, minimum));
  }

  std::int64_t gap_at(int lane_day, int step) const {
    const Stretch around = board_.stretch(lane_day, step, step + 1);
    const std::int64_t here = layout_.window_s[at(lane_day).first + at_index(step)];
    return std::min(here - around.left_s, around.right_s - here);
  }

  std::optional<Board::Seat> rival_at(const LaneDay &of, int step, std::size_t minimum) const {
    for (const Board::Seat &seat : board_.seats(layout_.in_break[of.first + at_index(step)]))
      if (!counts({seat.lane_day, seat.airing.step}, minimum) &&
          board_.fits_without(of, step, seat))
        return seat;
    return {};
  }

  bool seat(const Place &place, double before, const std::optional<Board::Seat> &rival) {
    if (rival) take_out({rival->lane_day, rival->airing.step});
    board_.seat(place.lane_day, stretch(place), {static_cast<std::int16_t>(place.step)});
    if (board_.energy() < before - 1e-9) return true;
    take_out(place);
    if (rival) {
      const Place its{rival->lane_day, rival->airing.step};
      board_.put(its.lane_day, stretch(its), {rival->airing});
    }
    return false;
  }

  Board &board_;
  const Layout &layout_;
  std::vector<std::vector<int>> candidates_;  ///< lane-days, by minimum
};

}  // namespace

void meet_minima(Board &board) {
  if (!board.layout().minima.empty()) Meeting(board).run();
}

}  // namespace civicast::planner
