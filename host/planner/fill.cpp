// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "host/planner/search.hpp"

namespace civicast::planner {
namespace {

/// The `turn`-th airing of a lane-day, of so many.
struct Wish {
  int lane_day = 0;
  std::int64_t turn = 0, of = 1;
};

class Filling {
 public:
  explicit Filling(Board &board)
      : board_(board), layout_(board.layout()), is_full_(layout_.lane_days.size(), false) {}

  void fill_day(int day) {
    for (const Wish &wish : wishes_of(day)) {
      if (is_full_[at_index(wish.lane_day)]) continue;
      const LaneDay &of = layout_.lane_days[at_index(wish.lane_day)];
      if (missing_on(of) <= 0) continue;
      add_near(wish.lane_day, of.from_s + of.even_s * wish.turn + of.even_s / 2);
    }
  }

  /// What is still missing goes to the days that can take it, each in turn.
  void fill_up() {
    for (bool goes_on = true; goes_on;) {
      goes_on = false;
      for (const int lane_day : by_weight()) {
        const LaneDay &of = layout_.lane_days[at_index(lane_day)];
        const bool is_wanted = board_.total(of.goal) < layout_.goals[at_index(of.goal)].cap;
        if (is_wanted && !is_full_[at_index(lane_day)])
          goes_on |= add_near(lane_day, (of.from_s + of.to_s) / 2);
      }
    }
  }

 private:
  int missing_on(const LaneDay &of) const {
    return layout_.goals[at_index(of.goal)].quota[at_index(of.day)] -
           board_.on_day(of.goal, of.day);
  }

  /// So that in turn the heavier one chooses first.
  std::vector<int> by_weight() const {
    std::vector<int> order(layout_.lane_days.size());
    std::iota(order.begin(), order.end(), 0);
    const auto weight = [&](int i) {
      return layout_.goals[at_index(layout_.lane_days[at_index(i)].goal)].weight;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return weight(a) > weight(b); });
    return order;
  }

  /// Those at the same part of their lane-day's quota come together, so that one that wants twice
  /// as much chooses twice as often.
  std::vector<Wish> wishes_of(int day) const {
    std::vector<Wish> wishes;
    for (const int lane_day : by_weight()) {
      const LaneDay &of = layout_.lane_days[at_index(lane_day)];
      if (of.day != day) continue;
      const int missing = std::min(missing_on(of), of.steps);
      for (int turn = 0; turn < missing; ++turn) wishes.push_back({lane_day, turn, missing});
    }
    std::stable_sort(wishes.begin(), wishes.end(), [](const Wish &a, const Wish &b) {
      return (2 * a.turn + 1) * b.of < (2 * b.turn + 1) * a.of;
    });
    return wishes;
  }

  /// Adds the lane-day to the free step nearest to `ideal_s`; false, and full, if it has none.
  bool add_near(int lane_day, std::int64_t ideal_s) {
    const LaneDay &of = layout_.lane_days[at_index(lane_day)];
    const auto *second = layout_.window_s.data() + of.first;
    int right = static_cast<int>(std::lower_bound(second, second + of.steps, ideal_s) - second);
    int left = right - 1;
    while (left >= 0 || right < of.steps) {
      const bool takes_right =
          left < 0 || (right < of.steps && second[right] - ideal_s < ideal_s - second[left]);
      const int step = takes_right ? right++ : left--;
      if (!board_.is_open(lane_day, step) || !board_.fits(of, step)) continue;
      board_.seat(lane_day, board_.stretch(lane_day, step, step + 1),
                  {static_cast<std::int16_t>(step)});
      return true;
    }
    is_full_[at_index(lane_day)] = true;
    return false;
  }

  Board &board_;
  const Layout &layout_;
  std::vector<bool> is_full_;
};

}  // namespace

void keep_published(Board &board) {
  const Layout &layout = board.layout();
  const Problem &problem = layout.problem;
  std::vector<std::pair<int, int>> published;  // by break and campaign
  for (const Published &one : problem.published) published.emplace_back(one.in_break, one.campaign);
  std::sort(published.begin(), published.end());
  for (std::size_t i = 0; i < layout.lane_days.size(); ++i) {
    const LaneDay &of = layout.lane_days[i];
    const int lane_day = static_cast<int>(i);
    for (int step = 0; step < of.steps; ++step) {
      const std::pair where(layout.in_break[of.first + at_index(step)], of.campaign);
      if (!std::binary_search(published.begin(), published.end(), where)) continue;
      if (board.is_open(lane_day, step) && board.fits(of, step))
        board.seat(lane_day, board.stretch(lane_day, step, step + 1),
                   {static_cast<std::int16_t>(step)});
    }
  }
}

void fill(Board &board) {
  Filling filling(board);
  for (int day = 0; day < board.layout().problem.days; ++day) filling.fill_day(day);
  filling.fill_up();
}

}  // namespace civicast::planner
