// SPDX-License-Identifier: Apache-2.0
// Writes what channels say into the ledger and the counts, and tells the operator what of it cannot
// be true.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "host/airings/intake.hpp"
#include "host/channels/desk.hpp"
#include "host/counts/index.hpp"
#include "host/workers/line_budget.hpp"
#include "host/workers/supervisor.hpp"

namespace civicast::flow {

/// [flow]
class Clerk {
 public:
  using Log = std::function<void(const std::string &channel, int level, const std::string &line)>;

  Clerk(airings::Intake &intake, counts::Index &index, Log log);

  /// `place` is the channel's own; `planned` knows the channel's items.
  channels::Heard take(const workers::Origin &origin, const std::string &place,
                       const std::vector<wire::Fact> &facts, const airings::Lookup &planned);

 private:
  void tell(const std::string &channel, const airings::Dispute &dispute);

  airings::Intake &intake_;
  counts::Index &index_;
  Log log_;
  std::map<std::string, workers::LineBudget> budgets_;  ///< per channel: a liar may lie on and on
};

}  // namespace civicast::flow
