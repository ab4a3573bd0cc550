// SPDX-License-Identifier: Apache-2.0
// Two breaks of one day, and who of all that stand in them should stand in which: the cheapest way,
// found by trying all. It finds what no lane alone can: one long spot for two short ones.
#pragma once

#include <cstdint>
#include <vector>

#include "host/planner/board.hpp"
#include "host/planner/dice.hpp"

namespace civicast::planner {

class Sharing {
 public:
  Sharing(const Board &board, Dice &dice) : board_(board), layout_(board.layout()), dice_(dice) {}

  /// An airing that leaves one of the breaks for the other.
  struct Change {
    int from_lane_day = 0, to_lane_day = 0;
    Airing from, to;
  };
  /// The changes of the cheapest way, with each cost shaken by the heat. On a firm board it stays
  /// firm.
  const std::vector<Change> &find(int one, int other, double heat);

 private:
  /// More are not tried: each that can move doubles the ways.
  static constexpr std::size_t most = 12, most_items = 32;
  struct Item {
    const Board::Seat *seat = nullptr;
    Change change;
    int side = 0;  ///< where it stands
    bool can_move = false;
    std::int64_t lengths_ns[2] = {0, 0};  ///< by side
    float delta = 0;                      ///< what it costs more on the other side
    std::uint32_t conflicts = 0;          ///< bits of items that it cannot stand with
  };
  void collect(int here, int there, int side, double heat);
  bool place(const Board::Seat &seat, int there, Item &item) const;
  bool prepare();
  void choose(std::size_t next, std::uint32_t moved, float cost);

  const Board &board_;
  const Layout &layout_;
  Dice &dice_;
  std::vector<Item> items_;  ///< those that can move first
  std::size_t movable_ = 0;
  std::vector<float> saving_;  ///< at most, by the items from each on
  std::int64_t free_ns_[2] = {0, 0};
  int places_[2] = {0, 0};
  std::uint32_t on_[2] = {0, 0};
  std::uint32_t best_ = 0;
  float least_ = 0;
  std::vector<Change> changes_;
};

}  // namespace civicast::planner
