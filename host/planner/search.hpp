// SPDX-License-Identifier: Apache-2.0
// The steps of the search: a first plan in even steps, many small improvements, a last mending.
#pragma once

#include <cstdint>

#include "host/planner/draft.hpp"

namespace civicast::planner {

/// Puts back what was published before, as far as it is still allowed.
void keep_published(Draft &draft);

/// Gives each campaign its day's quota, each airing as near as possible to its even place in the
/// day; heavier campaigns first, one airing each in turn; then fills up what a day could not take.
void fill_evenly(Draft &draft);

/// Simulated annealing: adds, moves and swaps, `moves` times, ever more choosy. Ends with the best
/// plan it saw or one that is hardly worse, never with one worse than it began with.
void improve(Draft &draft, std::uint64_t seed, std::int64_t moves);

/// Places what is still missing by moving one other airing out of its way, asking at most
/// `questions` times whether an airing fits.
void mend(Draft &draft, std::int64_t questions);

}  // namespace civicast::planner
