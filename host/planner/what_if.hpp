// SPDX-License-Identifier: Apache-2.0
// What would become of the plan if something changed: planned twice, published never.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "host/planner/planner.hpp"
#include "host/planner/problem_of.hpp"
#include "sdk/base/result.hpp"

namespace civicast::planner {

/// A campaign more; one of the same id is replaced.
struct CampaignComes {
  campaigns::Campaign campaign;
  std::int64_t assumed_ns = -1;  ///< of assets without a house file; negative: they are not aired
};
/// Nothing is aired on the channel.
struct ChannelLost {
  std::string channel;
};
struct BreakLost {
  std::string break_id;
};
/// Longer, or shorter if negative.
struct BreakResized {
  std::string break_id;
  std::int64_t by_ns = 0;
};
using Change = std::variant<CampaignComes, ChannelLost, BreakLost, BreakResized>;

/// The question with all changes made but lost channels, which take nothing from what is asked; or
/// what is wrong with each that cannot be made.
Result<Question, Faults> changed(Question question, const std::vector<Change> &changes);

/// One campaign's airings over the horizon.
struct CampaignEffect {
  std::string id;
  bool is_new = false;
  int wanted_before = 0, wanted = 0;
  int planned_before = 0, planned = 0;
  int moved = 0;  ///< airings that stand elsewhere than before
};

/// What is missing of legal minima: of those of airings, and of those of time.
struct MinimaShort {
  int airings = 0;
  std::int64_t ns = 0;
  bool operator==(const MinimaShort &) const = default;
};

struct Effect {
  std::vector<CampaignEffect> campaigns;
  /// What the plan is to all campaigns but those that come: numbers of paces, see layout.hpp. What
  /// others have to say about other wishes cannot be compared; legal minima are told apart.
  double cost_before = 0, cost = 0;
  int moved = 0;
  MinimaShort minima_short_before, minima_short;
  /// That were asked of channels which are lost: nothing is asked of them any more. They are in
  /// `minima_short_before` alone, and are not met.
  int minima_gone = 0;
  Faults warnings;  ///< of the changed question alone
};

/// Each airing counts by its class and its start, as the law is kept.
MinimaShort minima_short(const Problem &problem, const std::vector<Placement> &placements);

/// Plans as it is and as it would be, from the same plan and with the same options; or what is
/// wrong with the changes.
Result<Effect, Faults> effect_of(const Question &question, const std::vector<Change> &changes,
                                 const Zone &zone, const Options &options);

}  // namespace civicast::planner
