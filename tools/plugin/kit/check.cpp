// SPDX-License-Identifier: Apache-2.0
// Group "check": could it be published?
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

void accepts(Trial &trial) {
  Channel channel = trial.open();
  for (const wire::Placement &placement : trial.placements(channel.now_ns())) {
    const wire::Answer answer = channel.ask(wire::CallKind::check, placement);
    if (answer.verdict != wire::Verdict::done)
      trial.fail(faults::check_refused, Fault::Fact("answer", shown(answer)));
  }
}

void same(Trial &trial) {
  Channel channel = trial.open();
  for (const wire::Placement &placement : trial.placements(channel.now_ns())) {
    const wire::Answer one = channel.ask(wire::CallKind::check, placement);
    const wire::Answer other = channel.ask(wire::CallKind::check, placement);
    if (one.verdict != other.verdict || one.notes.size() != other.notes.size())
      trial.fail(faults::check_changes, Fault::Fact("first", shown(one)),
                 Fault::Fact("second", shown(other)), Fault::Fact("placement", placement.id));
  }
}

void no_effects(Trial &trial) {
  Channel channel = trial.open();
  const std::vector<wire::Placement> placements = trial.placements(channel.now_ns());
  for (const wire::Placement &placement : placements) channel.ask(wire::CallKind::check, placement);
  channel.listen(300, [&] { return !channel.said().all().empty(); });
  if (!channel.said().all().empty())
    trial.fail(faults::check_effect,
               Fault::Fact("fact", name_of(channel.said().all().front().fact)));
  if (!trial.manifest().can_recall) return;
  for (const wire::Placement &placement : placements) {
    const wire::Answer answer = channel.ask(wire::CallKind::recall, placement);
    if (answer.verdict == wire::Verdict::done)
      trial.fail(faults::check_effect, Fault::Fact("fact", "recall: " + shown(answer)));
  }
}

/// Placements that no channel of this kind can air.
std::vector<wire::Placement> hopeless(Trial &trial, std::int64_t now_ns) {
  std::vector<wire::Placement> out;
  wire::Placement empty = trial.placement(now_ns);
  empty.body = "{}";
  empty.media.clear();
  out.push_back(empty);
  for (std::size_t i = 0; i < trial.subject.samples.size(); ++i) {
    wire::Placement lost = trial.placement(now_ns, i);
    if (lost.media.empty()) continue;
    lost.media.front().path = (trial.folder() / "not-there").string();
    out.push_back(lost);
  }
  return out;
}

void refusal_speaks(Trial &trial) {
  Channel channel = trial.open();
  int refused = 0;
  for (const wire::Placement &placement : hopeless(trial, channel.now_ns())) {
    const wire::Answer answer = channel.ask(wire::CallKind::check, placement);
    if (answer.verdict == wire::Verdict::done && !placement.media.empty())
      trial.fail(faults::file_not_missed, Fault::Fact("answer", shown(answer)));
    if (answer.verdict == wire::Verdict::broken)
      trial.fail(faults::wrong_verdict, Fault::Fact("call", "check"),
                 Fault::Fact("answer", shown(answer)), Fault::Fact("wanted", "REFUSED"));
    if (answer.verdict != wire::Verdict::refused) continue;
    ++refused;
    if (answer.notes.empty() || answer.notes.front().code.empty() ||
        answer.notes.front().message.empty())
      trial.fail(faults::refuses_dumbly, Fault::Fact("call", "check"),
                 Fault::Fact("answer", shown(answer)));
    if (answer.notes.front().at.empty())
      trial.warn(faults::refuses_nowhere, Fault::Fact("answer", shown(answer)));
  }
  if (refused == 0) trial.skip(faults::refuses_nothing);
}

}  // namespace

void add_check_tests(std::vector<Test> &tests) {
  tests.push_back(
      {"check.accepts",
       1,
       {"样例排期（check.json，或按 carries 生成）通过 check，且在 check_s 之内。",
        "check accepts the sample placements (check.json, or made from carries), within "
        "check_s."},
       0.5,
       1,
       accepts});
  tests.push_back({"check.same",
                   2,
                   {"同一排期问两次 check，回答相同。", "check gives the same answer twice."},
                   0.5,
                   1,
                   same});
  tests.push_back({"check.no_effects",
                   2,
                   {"check 没有副作用：不报告任何事实，之后 recall 说从未听说过。",
                    "check has no effects: no fact is said, and recall has never heard of it."},
                   1,
                   1,
                   no_effects});
  tests.push_back(
      {"check.refusal_speaks",
       2,
       {"成品文件不存在的排期被 check 拒绝；每次拒绝都有代码和一句话，并指明位置。",
        "check refuses a placement whose house file is not there; every refusal has a code, a "
        "sentence, and the place that is wrong."},
       0.5,
       1,
       refusal_speaks});
}

}  // namespace civicast::kit
