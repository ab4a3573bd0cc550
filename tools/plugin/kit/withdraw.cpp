// SPDX-License-Identifier: Apache-2.0
// Group "withdraw": taking placements back.
#include <algorithm>

#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

using wire::CallKind;
using wire::FactKind;
using wire::Verdict;

/// Soon enough to be waited for; and as far ahead as the host ever hands anything.
constexpr double ahead_s = 4, far_ahead_s = 300;

void needs_withdraw(const Trial &trial) {
  if (trial.manifest().withdraw == workers::Withdraw::never) trial.skip(faults::cannot_withdraw);
}

/// Publishes one that starts in `in_s`, and takes it back; what it answered.
wire::Answer taken_back(Trial &trial, Channel &channel, const wire::Placement &placement) {
  const wire::Answer taken = channel.ask(CallKind::publish, placement);
  if (taken.verdict != Verdict::done && taken.verdict != Verdict::later)
    trial.fail(faults::not_taken, Fault::Fact("placement", placement.id),
               Fault::Fact("answer", shown(taken)));
  if (channel.said().has_ended(placement.id)) trial.skip(faults::airs_at_once);
  return channel.ask(CallKind::withdraw, placement);
}

void before(Trial &trial) {
  needs_withdraw(trial);
  Channel channel = trial.open();
  wire::Placement placement = trial.placement(channel.now_ns(), 0, ahead_s);
  wire::Answer answer = taken_back(trial, channel, placement);
  const bool is_soon = answer.verdict != Verdict::refused;
  if (!is_soon) {  // too late for this one, it may say
    const double in_s = std::clamp(trial.manifest().limits.horizon_s, 2 * ahead_s, far_ahead_s);
    placement = trial.placement(channel.now_ns(), 0, in_s);
    answer = taken_back(trial, channel, placement);
  }
  if (answer.verdict != Verdict::done)
    trial.fail(faults::wrong_verdict, Fault::Fact("call", "withdraw"),
               Fault::Fact("answer", shown(answer)), Fault::Fact("wanted", "DONE"));
  if (!channel.listen(1'000,
                      [&] { return channel.said().count(placement.id, FactKind::withdrawn); }))
    trial.fail(faults::not_withdrawn, Fault::Fact("placement", placement.id));
  if (is_soon) channel.listen(static_cast<std::int64_t>(ahead_s * 1000), [] { return false; });
  if (channel.said().count(placement.id, FactKind::aired) > 0 ||
      channel.said().count(placement.id, FactKind::started) > 0)
    trial.fail(faults::aired_withdrawn, Fault::Fact("placement", placement.id));
  channel.bye();
}

void after(Trial &trial) {
  needs_withdraw(trial);
  Channel channel = trial.open();
  const wire::Placement placement = trial.placement(channel.now_ns());
  trial.publish(channel, placement);
  trial.must_end(channel, placement);
  const wire::Answer answer = channel.ask(CallKind::withdraw, placement);
  const bool may = trial.manifest().withdraw == workers::Withdraw::always;
  if (answer.verdict != Verdict::refused && !(may && answer.verdict == Verdict::done))
    trial.fail(faults::wrong_verdict, Fault::Fact("call", "withdraw"),
               Fault::Fact("answer", shown(answer)), Fault::Fact("wanted", "REFUSED"));
  channel.listen(300, [] { return false; });
  if (!may) trial.must_be_legal(channel, {placement});
}

void unknown(Trial &trial) {
  Channel channel = trial.open();
  const wire::Answer answer =
      channel.ask(CallKind::withdraw, trial.placement(channel.now_ns(), 0, 60));
  const bool can = trial.manifest().withdraw != workers::Withdraw::never;
  if (answer.verdict != Verdict::refused && !(can && answer.verdict == Verdict::done))
    trial.fail(faults::wrong_verdict, Fault::Fact("call", "withdraw"),
               Fault::Fact("answer", shown(answer)), Fault::Fact("wanted", "REFUSED"));
  channel.bye();
}

}  // namespace

void add_withdraw_tests(std::vector<Test> &tests) {
  tests.push_back(
      {"withdraw.before",
       2,
       {"播出之前撤回：回答 DONE，报告 withdrawn，之后不再播出。",
        "Taken back before it airs: the answer is DONE, withdrawn is said, and it never airs."},
       6,
       1,
       before});
  tests.push_back(
      {"withdraw.after",
       2,
       {"结束之后撤回：声明 before-air 的插件回答 REFUSED，已说的事实不变。",
        "Taken back after it ended: a plugin that says \"before-air\" answers REFUSED, and what "
        "was said stands."},
       1,
       2,
       after});
  tests.push_back(
      {"withdraw.unknown",
       2,
       {"撤回从未收到的排期：回答 REFUSED；能撤回的插件也可以回答 DONE；不能撤回的只能回答 "
        "REFUSED。",
        "Asked to take back what it was never given, it answers REFUSED, or DONE if it can take "
        "back at all."},
       0.5,
       1,
       unknown});
}

}  // namespace civicast::kit
