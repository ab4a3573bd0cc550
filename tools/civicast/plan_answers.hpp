// SPDX-License-Identifier: Apache-2.0
// Questions that `civicast plan` answers. None of them changes anything.
#pragma once

#include <string>
#include <vector>

#include "host/flow/questions.hpp"
#include "tools/civicast/planned_station.hpp"

namespace civicast::cli {

/// The days in question.
struct AskedDays {
  Date first{};
  int days = 1;
  bool is_given = false;  ///< else a placement's own day is meant
};

/// `--explain ID`: why a placement is where it is, or why a campaign gets no more.
void explain_plan(PlannedStation &at, const std::string &id, AskedDays asked, Context &context);

/// `--can ID`: whether a campaign's targets can be met, and what stands in the way.
void answer_can(PlannedStation &at, const std::string &campaign, const AskedDays &asked,
                Context &context);

/// `--what-if CHANGE…`: what would become of the plan.
void answer_what_if(PlannedStation &at, const std::vector<std::string> &changes,
                    const AskedDays &asked, Context &context);

}  // namespace civicast::cli
