// SPDX-License-Identifier: Apache-2.0
// What a second of each break is worth, and how cheap no plan can be.
//
// If every goal could take what it likes but had to pay for seconds, places, topics and for what
// legal minima leave undone, each could be planned alone, exactly. Whatever the prices, no plan
// that keeps the rules is cheaper than those plans together less what was paid: a bound that
// anybody can recompute from the prices. The search for prices raises it (Lagrangian relaxation,
// by a deflected subgradient).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "host/planner/layout.hpp"
#include "host/planner/paths.hpp"

namespace civicast::planner {

struct Prices {
  std::vector<float> second;   ///< by break, for each second
  std::vector<float> place;    ///< by break, for each item
  std::vector<float> topic;    ///< by topic slot
  std::vector<float> minimum;  ///< by legal minimum: what one more airing in it saves, or so much
                               ///< time as a spot usually takes
};

class Market {
 public:
  explicit Market(const Layout &layout);

  /// Looks for better prices so many times. `plan_cost` is that of the best plan known: the nearer
  /// to the cheapest, the faster it goes. Goes on from the best prices known, for as long as it is
  /// told so after each round; rounds that were made.
  int trade(int rounds, double plan_cost, const std::function<bool()> &goes_on);

  const Prices &prices() const { return best_; }
  /// No plan costs less than this.
  double bound() const { return bound_; }
  /// What an airing of the lane-day pays at a step, above its own cost.
  float price(const LaneDay &lane_day, std::size_t step) const;

 private:
  double plan_each(const Prices &prices);
  double open_shop(const Prices &prices);
  double plan_goal(const Goal &goal, const Prices &prices);
  void offer(const LaneDay &lane_day, std::size_t index, const Prices &prices);
  void buy(const LaneDay &lane_day, int airings, const Prices &prices);
  bool turn(double gap);
  float saved(const LaneDay &lane_day, std::size_t step, const Prices &prices) const;
  float paid(const LaneDay &lane_day, std::size_t step, const Prices &prices) const;
  void price_steps(const LaneDay &lane_day, const Prices &prices);

  const Layout &layout_;
  std::vector<int> slot_;        ///< by step: its topic slot, or −1
  std::vector<float> length_s_;  ///< by lane-day: of its shortest asset
  /// What is asked for now, what was asked for when the bound was best, where prices move, and what
  /// is asked for beyond what there is.
  Prices now_, best_, way_, surplus_;
  double bound_;
  double theta_ = 0;
  int fruitless_ = 0;

  struct Marginal {
    double cost = 0;
    int lane_day = 0;
  };
  struct Cheaper {
    bool operator()(const Marginal &one, const Marginal &other) const {
      return one.cost != other.cost ? one.cost < other.cost : one.lane_day < other.lane_day;
    }
  };
  static void split(std::vector<Marginal> &marginals, std::size_t count);
  void offer_day(const Goal &goal, std::size_t day, int most, const Prices &prices);
  double take(const Goal &goal, int had);
  struct Corner {
    int airings = 0;
    double cost = 0;
  };
  static double slope(const Corner &from, const Corner &to) {
    return (to.cost - from.cost) / (to.airings - from.airings);
  }
  // Of the goal in hand.
  Paths paths_;
  std::vector<float> step_prices_;
  std::vector<Marginal> day_, all_;
  std::vector<Corner> hull_;
  std::vector<int> airings_;  ///< by lane-day
  Steps steps_;
};

}  // namespace civicast::planner
