// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <utility>

#include "host/planner/moves.hpp"
#include "host/planner/search.hpp"

namespace civicast::planner {
namespace {

/// Moves a round, for each lane-day that is touched.
constexpr std::int64_t moves_each = 20;
/// Where something is short still, others have to move a little before there is room: so many
/// rounds are made with heat, less and less, of at least so many moves.
constexpr int warm_rounds = 4;
constexpr std::int64_t least_warm_moves = 1'000;
constexpr double warm = 0.02;
/// A round that gains less was the last one: in paces of a campaign of average weight.
constexpr double least_gain = 0.3;

class Mending {
 public:
  Mending(Board &board, Dice &dice, Course &course, std::int64_t most_moves)
      : board_(board),
        layout_(board.layout()),
        dice_(dice),
        course_(course),
        moves_(board, dice),
        left_(most_moves),
        room_price_(room_price()),
        weight_(board.layout().average_weight()) {
    for (const Published &one : layout_.problem.published)
      stood_.emplace_back(one.in_break, one.campaign);
    std::sort(stood_.begin(), stood_.end());
  }

  /// Rounds without heat, for as long as they pay.
  void cool_down() {
    for (double gain = 1; gain > 0;) {
      const double before = board_.energy();
      if (!make_round(0, 0)) return;
      gain = before - board_.energy() - least_gain * weight_;
    }
  }

  /// False: there is nothing to do, or no more to be done.
  bool make_round(double heat, std::int64_t least) {
    std::vector<int> among = touched();
    const auto all = static_cast<std::int64_t>(among.size());
    const std::int64_t round = std::min(left_, std::max(least, moves_each * all));
    if (all == 0 || round == 0 || course_.is_stopped()) return false;
    moves_.look_at(std::move(among));
    course_.expect(round);
    left_ -= round;
    for (std::int64_t move = 0; move < round; ++move) {
      make_move(heat * weight_);
      if (!course_.goes_on(board_)) return false;
    }
    return true;
  }

  bool is_short() const {
    for (std::size_t g = 0; g < layout_.goals.size(); ++g) {
      const Goal &goal = layout_.goals[g];
      if (board_.total(static_cast<int>(g)) < goal.cap) return true;
    }
    return false;
  }

 private:
  void make_move(double heat) {
    const std::size_t which = dice_.below(6);
    if (which < 3)
      moves_.oust(heat, room_price_);
    else if (which == 3)
      moves_.shift(heat, true);
    else
      moves_.renew(heat, true);
  }

  /// Lane-days whose goal is short or whose day is off its pace, and those with an airing where
  /// none was published: what happened, and what was done about it.
  std::vector<int> touched() const {
    std::vector<int> out;
    for (std::size_t i = 0; i < layout_.lane_days.size(); ++i)
      if (is_off(layout_.lane_days[i]) || has_new(static_cast<int>(i)))
        out.push_back(static_cast<int>(i));
    return out;
  }

  /// What ousting costs a second: at least, that whoever was published there is not any more.
  std::vector<float> room_price() const {
    std::vector<float> price(layout_.problem.breaks.size(), 0);
    for (std::size_t b = 0; b < price.size(); ++b) {
      double change = 0, seconds = 0;
      for (const Board::Seat &seat : board_.seats(static_cast<int>(b))) {
        const LaneDay &of = layout_.lane_days[at_index(seat.lane_day)];
        change += layout_.goals[at_index(of.goal)].weight *
                  static_cast<double>(layout_.costs.change) / 1000;
        seconds += static_cast<double>(of.shortest_ns) / 1e9;
      }
      if (seconds > 0) price[b] = static_cast<float>(change / seconds);
    }
    return price;
  }

  bool is_off(const LaneDay &of) const {
    const Goal &goal = layout_.goals[at_index(of.goal)];
    return board_.on_day(of.goal, of.day) != goal.quota[at_index(of.day)] ||
           (!goal.is_daily && board_.total(of.goal) < goal.cap);
  }

  bool has_new(int lane_day) const {
    const LaneDay &of = layout_.lane_days[at_index(lane_day)];
    const Airings &airings = board_.airings(lane_day);
    return std::any_of(airings.begin(), airings.end(), [&](const Airing &airing) {
      const std::pair here(layout_.in_break[of.first + at_index(airing.step)], of.campaign);
      return !std::binary_search(stood_.begin(), stood_.end(), here);
    });
  }

  Board &board_;
  const Layout &layout_;
  Dice &dice_;
  Course &course_;
  Moves moves_;
  std::int64_t left_;
  std::vector<float> room_price_;
  double weight_;
  std::vector<std::pair<int, int>> stood_;  ///< what was published, by break and campaign
};

}  // namespace

bool is_little_new(const std::vector<int> &stood, const Board &board) {
  const std::vector<int> stands = airings_by_day(board);
  for (std::size_t day = 0; day < stands.size(); ++day)
    if (stands[day] > 2 * stood[day]) return false;
  return true;
}

std::vector<int> airings_by_day(const Board &board) {
  const Layout &layout = board.layout();
  std::vector<int> out(at_index(layout.problem.days), 0);
  for (std::size_t goal = 0; goal < layout.goals.size(); ++goal)
    for (std::size_t day = 0; day < out.size(); ++day)
      out[day] += board.on_day(static_cast<int>(goal), static_cast<int>(day));
  return out;
}

void mend(Board &board, Dice &dice, std::int64_t most_moves, Course &course) {
  Mending mending(board, dice, course, most_moves);
  mending.cool_down();
  for (int round = 0; round < warm_rounds && mending.is_short(); ++round)
    mending.make_round(warm * (1 - static_cast<double>(round) / warm_rounds), least_warm_moves);
  mending.cool_down();
  course.take_best(board);
}

}  // namespace civicast::planner
