// SPDX-License-Identifier: Apache-2.0
// Group "recall": what became of it?
#include <algorithm>
#include <set>

#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/kills.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

using wire::CallKind;
using wire::Verdict;

void needs_recall(const Trial &trial) {
  if (!trial.manifest().can_recall) trial.skip(faults::cannot_recall);
}

void unknown(Trial &trial) {
  needs_recall(trial);
  Channel channel = trial.open();
  const wire::Answer answer = channel.ask(CallKind::recall, trial.placement(channel.now_ns()));
  if (answer.verdict != Verdict::refused)
    trial.fail(faults::wrong_verdict, Fault::Fact("call", "recall"),
               Fault::Fact("answer", shown(answer)), Fault::Fact("wanted", "REFUSED"));
}

std::set<std::string> endings(const std::vector<Heard> &facts, std::size_t from) {
  std::set<std::string> out;
  for (std::size_t i = from; i < facts.size(); ++i)
    if (is_final(facts[i].fact.fact)) out.insert(name_of(facts[i].fact));
  return out;
}

/// What recall says must be what was said.
void must_say_again(Trial &trial, Channel &channel, const wire::Placement &placement) {
  const std::set<std::string> before = endings(channel.said().all(), 0);
  const std::size_t from = channel.said().all().size();
  const wire::Answer answer = channel.ask(CallKind::recall, placement);
  if (answer.verdict != Verdict::done)
    trial.fail(faults::wrong_verdict, Fault::Fact("call", "recall"),
               Fault::Fact("answer", shown(answer)), Fault::Fact("wanted", "DONE"));
  channel.listen(300, [&] { return endings(channel.said().all(), from) == before; });
  for (const std::string &name : before)
    if (endings(channel.said().all(), from).count(name) == 0)
      trial.fail(faults::not_said_again, Fault::Fact("fact", name));
  if (const auto &both = channel.said().restated())
    trial.fail(faults::restated, Fault::Fact("fact", name_of(both->first.fact)),
               Fault::Fact("first", wire::write_fact(both->first.fact)),
               Fault::Fact("second", wire::write_fact(both->second.fact)));
}

void again(Trial &trial) {
  needs_recall(trial);
  Channel channel = trial.open();
  const wire::Placement placement = trial.placement(channel.now_ns());
  trial.publish(channel, placement);
  trial.must_end(channel, placement);
  must_say_again(trial, channel, placement);
}

void restart(Trial &trial) {
  needs_recall(trial);
  Channel channel = trial.open();
  const wire::Placement placement = trial.placement(channel.now_ns());
  trial.publish(channel, placement);
  trial.must_end(channel, placement);
  channel.bye();
  channel.open();
  must_say_again(trial, channel, placement);
}

void unacked(Trial &trial) {
  Channel channel = trial.channel();
  channel.takes_facts = false;
  channel.open();
  const wire::Placement placement = trial.placement(channel.now_ns());
  trial.publish(channel, placement);
  trial.must_end(channel, placement);
  const std::vector<Heard> before = channel.said().all();
  channel.kill();
  channel.takes_facts = true;
  channel.open();
  channel.listen(1'000, [&] { return channel.said().all().size() >= 2 * before.size(); });
  for (const Heard &first : before) {
    const auto &all = channel.said().all();
    const bool is_again = std::any_of(all.begin(), all.end(), [&](const Heard &heard) {
      return heard.epoch > first.epoch && heard.seq == first.seq &&
             name_of(heard.fact) == name_of(first.fact);
    });
    if (!is_again) trial.fail(faults::not_said_again, Fault::Fact("fact", name_of(first.fact)));
  }
}

}  // namespace

void add_recall_tests(std::vector<Test> &tests) {
  tests.push_back(
      {"recall.unknown",
       2,
       {"问到从未收到的排期，recall 回答 REFUSED：可以放心发送。",
        "Asked about what it was never given, recall answers REFUSED: it is safe to send."},
       0.5,
       1,
       unknown});
  tests.push_back({"recall.again",
                   2,
                   {"结束之后，recall 回答 DONE，并原样重报每一种结局。",
                    "After the end recall answers DONE and says every ending again, unchanged."},
                   1,
                   2,
                   again});
  tests.push_back({"recall.restart",
                   2,
                   {"重新启动之后，recall 仍然知道结局，说法不变。",
                    "After a restart recall still knows the endings, and says the same."},
                   1,
                   3,
                   restart});
  tests.push_back(
      {"recall.unacked",
       2,
       {"宿主尚未确认的事实，在 kill -9 和重新启动之后以同样的批号再次送来。",
        "Facts that the host has not acked come again, in batches of the same number, after "
        "kill -9 and a new start."},
       1,
       3,
       unacked});
  tests.push_back(
      {"recall.after_kill",
       3,
       {"在许多随机时刻 kill -9 之后，outbox 和 recall "
        "给出的结局与未受打扰时一样：不丢、不重、不改口。",
        "After kill -9 at many random moments, outbox and recall give the endings of an "
        "undisturbed run: nothing lost, nothing doubled, nothing said otherwise."},
       45,
       6,
       after_kill});
}

}  // namespace civicast::kit
