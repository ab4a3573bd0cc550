// SPDX-License-Identifier: Apache-2.0
// `civicast plan` while it plans: a line of progress on a terminal, and an end at Ctrl-C or when
// the time is up, with the best plan until then.
#pragma once

#include <signal.h>

#include <chrono>

#include "host/flow/planning.hpp"

namespace civicast::cli {

class PlanWatch {
 public:
  /// `most_seconds` is how long the search may take; 0: as long as it takes.
  explicit PlanWatch(double most_seconds);
  ~PlanWatch();
  PlanWatch(const PlanWatch &) = delete;
  PlanWatch &operator=(const PlanWatch &) = delete;

  /// Plans under this watch, which must outlive it; says so on standard error when it was ended.
  flow::Planner planner();

 private:
  bool goes_on(const planner::Progress &progress);
  bool is_time_up() const;
  void draw(const planner::Progress &progress);

  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  double most_seconds_;
  bool is_terminal_;
  std::size_t drawn_ = 0;  ///< bytes of the line on the terminal
  struct sigaction before_ {};
};

}  // namespace civicast::cli
