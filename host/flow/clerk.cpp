// SPDX-License-Identifier: Apache-2.0
#include "host/flow/clerk.hpp"

#include <chrono>

namespace civicast::flow {
namespace {

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Clerk::Clerk(airings::Intake &intake, counts::Index &index, Log log)
    : intake_(intake), index_(index), log_(std::move(log)) {}

channels::Heard Clerk::take(const workers::Origin &origin, const std::string &place,
                            const std::vector<wire::Fact> &facts, const airings::Lookup &planned) {
  const airings::Source source{origin.channel,        place,      origin.epoch, origin.plugin,
                               origin.plugin_version, origin.best};
  auto taken = intake_.take(source, facts, planned);
  if (!taken) {
    log_(origin.channel, 3, taken.fault().text());
    return false;
  }
  for (const auto &airing : taken->entered)
    if (airing.dispute) tell(origin.channel, *airing.dispute);
  for (const auto &restated : taken->restated) tell(origin.channel, restated);
  // The facts are in the ledger, so they are acknowledged whatever the index says: it catches up.
  NoProgress nobody;
  if (auto counted = index_.catch_up(nobody); !counted)
    log_(origin.channel, 3, counted.fault().text());
  channels::Heard heard = true;
  heard.stands = std::move(taken->stands);
  return heard;
}

void Clerk::tell(const std::string &channel, const airings::Dispute &dispute) {
  workers::LineBudget &budget = budgets_[channel];
  if (!budget.take(steady_ms())) return;
  if (const auto dropped = budget.forget_dropped(); dropped > 0)
    log_(channel, 2,
         std::to_string(dropped) +
             " 条同类记录未显示，都在台账中 · as many sentences of "
             "this kind are not shown; all stand in the ledger");
  log_(channel, 3, dispute.sentence.zh + "\n" + dispute.sentence.en);
}

}  // namespace civicast::flow
