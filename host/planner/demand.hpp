// SPDX-License-Identifier: Apache-2.0
// Seconds and shares become airings: the planner counts nothing else.
#pragma once

#include <cstdint>
#include <vector>

#include "host/planner/problem.hpp"

namespace civicast::planner {

/// How long an airing lasts in the long run: the mean of the assets that can be aired, by weight,
/// of the channels that have one. 0: none can, or they have no length there.
double mean_length_ns(const Campaign &campaign, const std::vector<int> &channels);

/// So many airings of that length reach `ns`: rounded up. The mean must be above 0.
int airings_for(double ns, double mean_ns);

/// What each day asks for, as whole airings: every run of days holds its sum, rounded to the
/// nearest. `due` is the sum of all days before the first.
std::vector<int> rounded_quota(const std::vector<double> &airings_by_day, double due = 0);

/// How many airings of that length fit into the break; of no length, as many as it has places for,
/// or one.
int places_in(const Break &one, double mean_ns);

}  // namespace civicast::planner
