// SPDX-License-Identifier: Apache-2.0
// Group "publish": taking placements in hand, and how they end.
#include "sdk/base/clock.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/first_run.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

void answers(Trial &trial) {
  Channel channel = trial.open();
  for (const wire::Placement &placement : trial.placements(channel.now_ns())) {
    const wire::Answer answer = channel.ask(wire::CallKind::publish, placement);
    if (answer.verdict == wire::Verdict::broken || answer.verdict == wire::Verdict::refused)
      trial.fail(faults::not_taken, Fault::Fact("placement", placement.id),
                 Fault::Fact("answer", shown(answer)));
    // What kills it a moment later was done by this call.
    channel.listen(200, [] { return false; });
  }
  channel.bye();
}

void ends(Trial &trial) {
  const FirstRun run = seen(trial);
  if (!run.is_whole)
    throw Verdict{run.outcome,
                  Fault(faults::as_told, {{"zh", run.sentence_zh}, {"en", run.sentence_en}})};
  for (const wire::Placement &placement : run.handed) {
    std::map<std::string, int> endings;  // by place and play
    for (const Heard &heard : run.facts)
      if (heard.fact.placement == placement.id && is_final(heard.fact.fact) && heard.epoch == 1)
        ++endings[heard.fact.place + "/" + std::to_string(heard.fact.play)];
    if (endings.empty())
      trial.fail(faults::not_ended, Fault::Fact("placement", placement.id),
                 Fault::Fact("grace", "?"));
    for (const auto &[where, many] : endings)
      if (many != 1)
        trial.fail(faults::ends_often, Fault::Fact("placement", placement.id),
                   Fault::Fact("many", std::to_string(many)), Fault::Fact("where", where));
  }
}

void twice(Trial &trial) {
  if (trial.manifest().publish != workers::Publish::idempotent) trial.skip(faults::publishes_once);
  Channel channel = trial.open();
  wire::Placement placement = trial.placement(channel.now_ns());
  const auto again = [&] {
    ++placement.attempt;
    const wire::Answer answer = channel.publish(placement);
    if (answer.verdict == wire::Verdict::broken || answer.verdict == wire::Verdict::unready)
      trial.fail(faults::wrong_verdict, Fault::Fact("call", "publish"),
                 Fault::Fact("answer", shown(answer)), Fault::Fact("wanted", "DONE"));
  };
  trial.publish(channel, placement);
  again();
  trial.must_end(channel, placement);
  const std::size_t aired = channel.said().count(placement.id, wire::FactKind::aired);
  const std::size_t endings = channel.said().endings(placement.id).size();
  again();
  channel.listen(700, [] { return false; });
  const std::size_t aired_then = channel.said().count(placement.id, wire::FactKind::aired);
  if (aired_then != aired || channel.said().endings(placement.id).size() != endings)
    trial.fail(faults::aired_twice, Fault::Fact("placement", placement.id),
               Fault::Fact("many", std::to_string(aired_then)));
}

void late(Trial &trial) {
  if (trial.subject.samples.front().for_s <= 0) trial.skip(faults::only_moments);
  Channel channel = trial.open();
  wire::Placement placement = trial.placement(channel.now_ns());
  const std::int64_t back_ns = 3600 * ns_per_s;
  placement.start_ns -= back_ns;
  placement.end_ns -= back_ns;
  channel.ask(wire::CallKind::publish, placement);
  channel.listen(1'500, [&] { return channel.said().has_ended(placement.id); });
  if (channel.said().count(placement.id, wire::FactKind::aired) > 0)
    trial.fail(faults::aired_late, Fault::Fact("placement", placement.id));
}

}  // namespace

void add_publish_tests(std::vector<Test> &tests) {
  tests.push_back(
      {"publish.answers",
       1,
       {"publish 在 publish_s 之内作出裁决，接受 check 通过的排期，并活着。",
        "publish gives its verdict within publish_s, takes what check accepts, and stays "
        "alive."},
       1,
       1,
       answers});
  tests.push_back(
      {"publish.ends",
       2,
       {"每一条接受的排期在结束后 grace_s 之内，在每个点位恰好以一种方式结束：播出、未播或撤回。",
        "Every placement that was taken ends in exactly one way at each place, aired, missed "
        "or withdrawn, within grace_s after its end."},
       0.5,
       0,
       ends});
  tests.push_back(
      {"publish.twice",
       2,
       {"声明 idempotent 的插件，同一排期收到两次只播一次。",
        "A plugin that says \"idempotent\" airs a placement once, however often it is handed "
        "over."},
       2,
       2,
       twice});
  tests.push_back({"publish.late",
                   2,
                   {"时间已过的排期不会再播。", "A placement whose time is over is not aired."},
                   2,
                   1,
                   late});
}

}  // namespace civicast::kit
