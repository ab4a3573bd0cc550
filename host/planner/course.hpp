// SPDX-License-Identifier: Apache-2.0
// The course of a search: how much of it is done, the best plan that was on it, and whether whoever
// watches wants it to go on.
#pragma once

#include <cstdint>

#include "host/planner/board.hpp"

namespace civicast::planner {

class Course {
 public:
  /// `first` is the plan that it begins with. The observer must outlive the course.
  Course(const Board &first, const Observer &observer, std::int64_t moves);

  /// There are so many moves to come, beside those that are expected already.
  void expect(std::int64_t moves) { of_ += moves; }
  /// So many of them will not be made.
  void skip(std::int64_t moves) { done_ += moves; }
  /// No plan costs less.
  void set_bound(double bound) { bound_ = bound; }

  /// After each move, or work that is worth so many. False: it ends here. What is on a firm board
  /// is remembered now and then, if there was nothing better before.
  bool goes_on(const Board &board, bool is_firm = true, std::int64_t moves = 1) {
    done_ += moves;
    until_look_ -= moves;
    return until_look_ > 0 ? !is_stopped_ : look(board, is_firm);
  }
  bool is_stopped() const { return is_stopped_; }
  /// What is on the board, if that is firm and there was nothing better before. What it costs.
  double remember(const Board &board, bool is_firm = true);

  /// As Plan::cost and Plan::bound.
  std::int64_t plan_cost(double energy) const;
  std::int64_t plan_bound() const;

  /// The best of those remembered and the one on the board, which must be firm.
  void take_best(Board &board);

 private:
  bool look(const Board &board, bool is_firm);

  const Observer &observer_;
  Board best_;
  double least_ = 0;     ///< what the best one costs
  double bound_ = -1e9;  ///< nobody looked
  std::int64_t done_ = 0, of_ = 0, look_every_ = 1, until_look_ = 1;
  bool is_stopped_ = false;
};

}  // namespace civicast::planner
