// SPDX-License-Identifier: Apache-2.0
// Puts the station's own words (grids, campaigns, ids) into the planner's numbers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/base/zone.hpp"
#include "host/campaigns/campaign.hpp"
#include "host/grids/grid.hpp"
#include "host/planner/problem.hpp"
#include "host/rules/rules.hpp"
#include "sdk/base/fault.hpp"

namespace civicast::planner {

/// How long an asset airs on a channel; nothing if it has no ready house file for it.
using Durations = std::function<std::optional<std::int64_t>(const std::string &asset,
                                                            const std::string &channel)>;

/// A placement that stands already, frozen or merely published.
struct Standing {
  std::string channel, campaign, asset, break_id;
  Date date{};
  std::int64_t start_ns = 0;
  bool is_frozen = false;
  campaigns::AdClass ad_class = campaigns::AdClass::psa;
  std::int64_t length_ns = 0;
  bool has_failed = false;  ///< frozen, but not counted
  bool was_on = true;       ///< else it separates from nothing
};

/// Airings of a campaign before the first day of the horizon.
struct Counted {
  std::string channel, campaign, asset;
  int airings = 0;  ///< negative: so many of those in other rows failed
};

struct Question {
  Date first{};  ///< day 0
  int days = 1;
  std::vector<std::string> channels;
  std::vector<grids::GridDay> grid_days;  ///< of those channels and days, in any order
  std::vector<campaigns::Campaign> campaigns;
  Durations duration_ns;
  /// By channel: breaks that start before it are closed.
  std::vector<std::int64_t> open_from_ns;
  std::vector<Standing> standing;
  std::vector<Counted> counted;
  std::vector<rules::Rule> rules;    ///< legal minima
  std::vector<rules::Medium> media;  ///< by channel, if there are rules
};

struct Posed {
  Problem problem;
  Faults warnings;  ///< what was left out, and why
};

/// Channels and campaigns keep their order, and so their indices. Where every break of a channel is
/// a moment, assets have no length there.
Posed problem_of(const Question &question, const Zone &zone);

}  // namespace civicast::planner
