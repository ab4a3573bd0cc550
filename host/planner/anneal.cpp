// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "host/planner/moves.hpp"
#include "host/planner/search.hpp"

namespace civicast::planner {
namespace {

/// From one value to another in even ratios.
double between(double from, double to, double share) {
  return from * std::pow(to / from, share);
}

/// Heat, and what crowding costs a second, in paces of a campaign of average weight.
constexpr double hot = 0.1, warm = 0.002, cool = 0.02, cold = 0.0003;
constexpr double crowding_first = 0.01, crowding_last = 0.2;
/// An item too many, or two of a topic, cost as much as so many seconds.
constexpr float seconds_of_one = 30;
/// The shares of the moves that are made on a crowded board, and at no heat at all at the end.
constexpr double crowded_share = 0.4, frozen_share = 0.02;
/// With fewer moves for each part of a day, a crowded board would only spoil the first plan.
constexpr std::int64_t least_moves_a_stretch = 5, steps_of_one_move = 48;
/// Whoever has more moves than these for each stretch begins anew, so often at most: luck has more
/// to say than patience. Every second time goes without the market's prices: where they are the
/// same for two ways, they lead into the same one again and again.
constexpr std::int64_t moves_at_once = 4'000, most_times = 8;
/// The market's prices are gone after this share of the firm board's moves, in so many steps of
/// all.
constexpr double weaned_share = 0.6;
constexpr std::int64_t weaning_steps = 50;
/// So often the price of crowding is raised.
constexpr std::int64_t raise_every = 4096;

class Annealing {
 public:
  Annealing(Board &board, Dice &dice, Market &market, Course &course)
      : board_(board),
        dice_(dice),
        market_(market),
        course_(course),
        moves_(board, dice),
        weight_(board.layout().average_weight()) {}

  /// At so much of the market's prices.
  void crowd(std::int64_t moves, double prices) {
    const std::vector<float> costs = priced(prices);
    for (std::int64_t move = 0; move < moves; ++move) {
      const double share = static_cast<double>(move) / static_cast<double>(moves);
      if (move % raise_every == 0) {
        const auto second =
            static_cast<float>(weight_ * between(crowding_first, crowding_last, share));
        board_.charge(costs, {second, second * seconds_of_one, second * seconds_of_one});
      }
      const double heat = weight_ * between(hot, warm, share);
      if (dice_.below(3) == 0)
        moves_.shift(heat, false);
      else
        moves_.renew(heat, false);
      if (!course_.goes_on(board_, false)) break;
    }
    board_.charge(board_.layout().cost, {});
    moves_.clear();
    board_.recount();
    // Nothing comes any more to fill what clearing has left.
    if (course_.is_stopped()) fill(board_);
  }

  /// Also at the market's prices, which are taken away step by step: who pays for the room he takes
  /// leaves it to whom it is worth more.
  void firm(std::int64_t moves, double from, double prices) {
    const std::int64_t weaning = prices > 0 ? moves / weaning_steps : 0;
    for (std::int64_t move = 0; move < moves; ++move) {
      const double share = static_cast<double>(move) / static_cast<double>(moves);
      if (weaning > 0 && move % weaning == 0)
        board_.charge(priced(prices * std::max(0.0, 1 - share / weaned_share)), {});
      const double heat =
          share > 1 - frozen_share ? 0 : weight_ * between(from, cold, share / (1 - frozen_share));
      const std::size_t which = dice_.below(8);
      if (which < 2)
        moves_.share(heat);
      else if (which < 5)
        moves_.oust(heat, market_.prices().second);
      else if (which < 6)
        moves_.shift(heat, true);
      else
        moves_.renew(heat, true);
      if (!course_.goes_on(board_)) return;
    }
  }

 private:
  std::vector<float> priced(double share) const {
    const Layout &layout = board_.layout();
    std::vector<float> costs = layout.cost;
    for (const LaneDay &each : layout.lane_days)
      for (std::size_t s = each.first; s < each.first + at_index(each.steps); ++s)
        costs[s] += static_cast<float>(share) * market_.price(each, s);
    return costs;
  }

  Board &board_;
  Dice &dice_;
  Market &market_;
  Course &course_;
  Moves moves_;
  double weight_ = 1;
};

}  // namespace

void anneal(Board &board, Dice &dice, Market &market, std::int64_t moves, Course &course) {
  if (board.layout().lane_days.empty()) return;
  const bool was_published = !board.layout().problem.published.empty();
  Annealing annealing(board, dice, market, course);
  std::int64_t stretches = 1;
  for (const LaneDay &each : board.layout().lane_days)
    stretches += 1 + each.steps / steps_of_one_move;
  const std::int64_t times =
      std::clamp<std::int64_t>(moves / (stretches * moves_at_once), 1, most_times);
  const std::int64_t at_once = moves / times;
  const bool may_crowd = !was_published && at_once >= stretches * least_moves_a_stretch;
  const auto crowded =
      may_crowd ? static_cast<std::int64_t>(crowded_share * static_cast<double>(at_once)) : 0;
  for (std::int64_t time = 0; time < times && !course.is_stopped(); ++time) {
    const double prices = time % 2 == 0 ? 1 : 0;
    if (crowded > 0) annealing.crowd(crowded, prices);
    if (!course.is_stopped())
      annealing.firm(at_once - crowded, was_published ? cool : warm, crowded > 0 ? prices : 0);
    course.remember(board);
  }
  course.take_best(board);
}

}  // namespace civicast::planner
