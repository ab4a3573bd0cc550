// SPDX-License-Identifier: Apache-2.0
// The moves of the search. Each plans one lane-day anew, or some steps of it, as well as can be
// beside all others: exactly, but with the prices shaken by the heat.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "host/planner/board.hpp"
#include "host/planner/dice.hpp"
#include "host/planner/paths.hpp"
#include "host/planner/sharing.hpp"

namespace civicast::planner {

class Moves {
 public:
  Moves(Board &board, Dice &dice)
      : board_(board), layout_(board.layout()), dice_(dice), sharing_(board, dice) {}

  /// From now on only these lane-days begin a move; others are but in its way.
  void look_at(std::vector<int> lane_days) { among_ = std::move(lane_days); }

  /// Plans a lane-day anew. On a firm board nothing is put where it does not fit; else crowding
  /// has its price.
  void renew(double heat, bool is_firm);
  /// One airing fewer in one lane-day of a goal, and another of its lane-days anew.
  void shift(double heat, bool is_firm);
  /// Plans a lane-day anew as if others could be ousted at the price of their room, and then those
  /// that were.
  void oust(double heat, const std::vector<float> &room_price);
  /// Two breaks of a day share anew those that stand in them.
  void share(double heat);
  /// Makes the board firm: in crowded breaks whoever is worth least for his time goes.
  void clear();

 private:
  struct Wish {
    double heat = 0;
    bool is_firm = true;
    bool may_oust = false;
    bool is_fewer = false;  ///< one airing fewer than now, else as many as pay
    int most_more = 6;      ///< it grows by so many airings at a time at most
    int around = -1;        ///< this step is among those planned; negative: any
  };
  /// What plan() found.
  struct Found {
    Stretch stretch;
    Steps steps;
    std::vector<int> rivals;  ///< by step of the stretch: a lane-day in the way, or −1
    int change = 0;           ///< airings more than before
  };
  struct Done {
    int lane_day = 0;
    Stretch stretch;
    Airings airings;
  };
  int pick() {
    return among_.empty() ? static_cast<int>(dice_.below(layout_.lane_days.size()))
                          : among_[dice_.below(among_.size())];
  }
  int sibling(int lane_day);
  Stretch stretch_of(int lane_day, int around);
  void plan(int lane_day, const Wish &wish, Found &found);
  void price_steps(int lane_day, const Wish &wish, Found &found);
  float price_of(const LaneDay &lane_day, int step, std::int64_t own_ns, const Wish &wish,
                 int &rival);
  int room_for(const LaneDay &lane_day, int own, int all) const;
  int best_count(const LaneDay &lane_day, int own, int most) const;
  int rival_at(const LaneDay &lane_day, int step);
  void plan_and_set(int lane_day, const Wish &wish);
  void set(int lane_day, const Stretch &stretch, const Steps &steps);
  int oust_one(int rival, int in_break);
  void decide(double before, double heat);
  void take_back();
  void keep(int lane_day, const Stretch &stretch);
  void put(int lane_day, int step, const Airings &airings);
  int another_break(int lane_day, int in_break);
  int sibling_today(int lane_day);

  struct Ousted {
    int lane_day = 0, step = 0;
    int more = 0;  ///< so many may still be ousted one by another
  };
  Board &board_;
  const Layout &layout_;
  Dice &dice_;
  Sharing sharing_;
  std::vector<int> among_;  ///< empty: all
  const std::vector<float> *room_price_ = nullptr;
  Paths paths_;
  std::vector<float> prices_;
  Found found_, wanted_;
  std::vector<Ousted> ousted_;
  std::vector<int> taken_;  ///< breaks out of which somebody was ousted already
  std::vector<Done> done_;
  std::size_t done_count_ = 0;
};

}  // namespace civicast::planner
