// SPDX-License-Identifier: Apache-2.0
// The steps of the search: what was published, a first plan, and its improvement.
#pragma once

#include "host/planner/board.hpp"
#include "host/planner/course.hpp"
#include "host/planner/dice.hpp"
#include "host/planner/prices.hpp"

namespace civicast::planner {

/// Puts back what was published before, as far as it is still allowed.
void keep_published(Board &board);

/// Gives each goal its day's quota, each airing as near as possible to its even place in the day;
/// heavier campaigns first, one airing each in turn; then fills up what a day could not take.
void fill(Board &board);

/// Brings airings into the hours of legal minima that are short, from wherever they are or instead
/// of others, as long as that makes the plan cheaper. Moves look at one part of a day at a time and
/// do not carry an airing across it.
void meet_minima(Board &board);

/// `moves` moves, ever colder. First on a crowded board at the market's prices, then on a firm one;
/// of a plan that was published only the latter, and cool. Ends with the best plan on its course.
void anneal(Board &board, Dice &dice, Market &market, std::int64_t moves, Course &course);

/// By day, with what is fixed.
std::vector<int> airings_by_day(const Board &board);
/// Whether of each day at least half of what stands on the board stood there before.
bool is_little_new(const std::vector<int> &stood, const Board &board);

/// Moves only around what is short, off its pace, or not as it was published, for as long as that
/// pays; with a little heat too where something is short still. Ends with the best plan on its
/// course.
void mend(Board &board, Dice &dice, std::int64_t most_moves, Course &course);

}  // namespace civicast::planner
