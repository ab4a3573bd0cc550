// SPDX-License-Identifier: Apache-2.0
// How often each campaign comes up in the next hour on a channel whose supply is only seen
// afterwards: screens that may be off, feeds that may be refused. No plan to the second there, but
// a rate for each campaign, made anew each hour from what was really aired (decision 0016).
//
// A campaign keeps its even pace. What it is behind of it is made up in about `catch_up_h`, but
// never faster than `most_paces` times its pace; where there is not room for all, those of equal
// weight get the same part of what they need. All that is remembered are two numbers: how many
// airings a slot of the channel gives, and what is left of a campaign's last slot.
#pragma once

#include <vector>

namespace civicast::planner {

struct Pacing {
  double catch_up_h = 24;   ///< what is behind shrinks to a third in so many hours
  double most_paces = 1.5;  ///< the cap, in even paces
  double smoothing_h = 12;  ///< as old as this, what was seen of the supply counts for a third
  double usual_yield = 1;   ///< airings of a slot where all is well: the screens of the channel
};

/// What one campaign is to have on the channel, and what it has.
struct Claim {
  double weight = 1;
  int wanted = 0;      ///< airings over all its dates
  double aired = 0;    ///< really, so far
  double pending = 0;  ///< slots it was given of which nobody knows yet what came of them
  double hours_gone = 0, hours_left = 0;  ///< of those in which it may be aired
  bool is_open = true;                    ///< may it be aired in the next hour?
};

/// What the next hour gives it.
struct Rate {
  double airings = 0;  ///< as many as are to be expected
  double share = 0;    ///< of the channel's slots, 0 to 1
  int slots = 0;       ///< in whole slots; what is left over comes in a later hour
};

/// What is remembered from hour to hour.
struct Memory {
  double yield = 0;          ///< 0: nothing was seen yet
  std::vector<double> rest;  ///< by claim: a part of a slot that it has not been given yet
};

/// Takes in what came of so many slots. When nothing at all came of them the channel was off, which
/// says nothing of what a slot gives when it is on. No more is believed than twice the usual yield,
/// and no less than half of it: after bad hours nobody is flooded.
void see(const Pacing &pacing, int slots, double airings, double slots_an_hour, Memory &memory);

/// The rates of the next hour, of so many slots; as many as claims. Claims keep their order.
std::vector<Rate> next_hour(const Pacing &pacing, const std::vector<Claim> &claims, int slots,
                            Memory &memory);

}  // namespace civicast::planner
