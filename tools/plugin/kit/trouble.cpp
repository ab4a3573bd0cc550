// SPDX-License-Identifier: Apache-2.0
// Group "trouble": a full disk, another clock, a machine that stands still, a far side that will
// not.
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>

#include "sdk/base/clock.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

using wire::CallKind;
using wire::FactKind;
using wire::Verdict;

/// No file of the process may grow beyond `bytes`: to whoever writes, a disk that is full. Its
/// signal is ignored, as a full disk sends none.
void limit_files(pid_t pid, rlim_t bytes) {
  const rlimit limit{bytes, RLIM_INFINITY};
  ::prlimit(pid, RLIMIT_FSIZE, &limit, nullptr);
}

void disk_full(Trial &trial) {
  ::signal(SIGXFSZ, SIG_IGN);
  Channel channel = trial.open();
  limit_files(channel.line().pid(), 0);
  wire::Placement placement = trial.placement(channel.now_ns());
  const wire::Answer full = channel.ask(CallKind::publish, placement);
  if (full.verdict == Verdict::refused || full.verdict == Verdict::broken)
    trial.fail(faults::wrong_verdict, Fault::Fact("call", "publish"),
               Fault::Fact("answer", shown(full)), Fault::Fact("wanted", "LATER"));
  channel.listen(500, [] { return false; });
  limit_files(channel.line().pid(), RLIM_INFINITY);
  if (full.verdict != Verdict::done) {
    ++placement.attempt;
    trial.publish(channel, placement);
  }
  trial.must_end(channel, placement);
  trial.must_be_legal(channel, {placement});
  channel.bye();
}

void clock(Trial &trial) {
  const std::int64_t offset_ns =
      86'400 * ns_per_s + static_cast<std::int64_t>(trial.random() % 86'400) * ns_per_s;
  // The whole world has this time, the far side too.
  trial.far_side().set_clock_ahead(offset_ns / ns_per_s);
  Channel channel = trial.open(offset_ns);
  const wire::Placement placement = trial.placement(channel.now_ns());
  trial.publish(channel, placement);
  trial.must_end(channel, placement);
  trial.must_be_legal(channel, {placement});
}

void standstill(Trial &trial) {
  Channel channel = trial.open();
  const wire::Placement placement = trial.placement(channel.now_ns());
  trial.publish(channel, placement);
  channel.line().signal(SIGSTOP);
  channel.listen(1'200, [] { return false; });
  channel.line().signal(SIGCONT);
  channel.ask(CallKind::check, trial.placement(channel.now_ns(), 0, 30));
  trial.must_end(channel, placement);
  trial.must_be_legal(channel, {placement});
  channel.bye();
}

void restarts(Trial &trial) {
  constexpr int many = 12;
  Channel channel = trial.channel();
  std::vector<wire::Placement> handed;
  for (int i = 0; i < many; ++i) {
    channel.open();
    if (i == 0) {
      handed.push_back(trial.placement(channel.now_ns()));
      trial.publish(channel, handed.back());
      trial.must_end(channel, handed.back());
    }
    channel.bye();
  }
  trial.must_be_legal(channel, handed);
  if (channel.said().endings(handed.front().id).size() != 1)
    trial.fail(
        faults::ends_often, Fault::Fact("placement", handed.front().id),
        Fault::Fact("many", std::to_string(channel.said().endings(handed.front().id).size())),
        Fault::Fact("where", "restarts"));
}

struct Manner {
  FarSide::Manner manner;
  const char *name;
};
constexpr Manner manners[] = {{FarSide::Manner::unauthorized, "401"},
                              {FarSide::Manner::forbidden, "403"},
                              {FarSide::Manner::busy, "429"},
                              {FarSide::Manner::broken, "500"},
                              {FarSide::Manner::cut, "an answer that is cut"},
                              {FarSide::Manner::gone, "no answer"}};

void far_side(Trial &trial) {
  if (to_text(trial.subject.settings).find("${far_side}") == std::string::npos)
    trial.skip(faults::no_far_side);
  Channel channel = trial.open();
  for (const Manner &manner : manners) {
    trial.far_side().behave(manner.manner);
    const wire::Placement placement = trial.placement(channel.now_ns());
    const wire::Answer answer = channel.ask(CallKind::publish, placement);
    channel.listen(300, [&] { return channel.said().has_ended(placement.id); });
    // An answer that was cut is one: the far side may well have it.
    if (manner.manner != FarSide::Manner::cut &&
        channel.said().count(placement.id, FactKind::aired) > 0)
      trial.fail(faults::aired_refused, Fault::Fact("placement", placement.id),
                 Fault::Fact("far", manner.name));
    if (answer.verdict == Verdict::broken)
      trial.fail(faults::wrong_verdict, Fault::Fact("call", "publish"),
                 Fault::Fact("answer", shown(answer)),
                 Fault::Fact("wanted", std::string("LATER (far side: ") + manner.name + ")"));
  }
  channel.bye();
}

}  // namespace

void add_trouble_tests(std::vector<Test> &tests) {
  tests.push_back(
      {"trouble.disk_full",
       3,
       {"磁盘写满时，插件推迟（LATER）而不崩溃、不永久拒绝；腾出空间后排期照常结束。",
        "While the disk is full the plugin puts off (LATER), and neither crashes nor refuses "
        "for ever; once there is room, the placement ends as any other."},
       2,
       2,
       disk_full});
  tests.push_back({"trouble.clock",
                   3,
                   {"时间只问宿主的时钟：宿主时钟比系统时钟快一天多时，事实的时间仍在计划之内。",
                    "The time is the house clock's: with a house clock a day and more ahead of the "
                    "machine's, facts are within their plan all the same."},
                   1,
                   2,
                   clock});
  tests.push_back(
      {"trouble.standstill",
       3,
       {"进程停住一秒多（SIGSTOP）再继续，插件接着工作，说的仍是实情。",
        "Stopped for a second and more (SIGSTOP) and continued, the plugin goes on, and still "
        "says what is true."},
       2,
       2,
       standstill});
  tests.push_back({"trouble.restarts",
                   3,
                   {"反复正常重启，结局不变，也不多出一个。",
                    "Over many restarts endings neither change nor multiply."},
                   3,
                   12,
                   restarts});
  tests.push_back(
      {"trouble.far_side",
       3,
       {"对方回答 401、403、429、500、中断或不回答时，插件不说已播出，也不当作自己的故障。",
        "When the far side answers 401, 403, 429 or 500, is cut off or says nothing, the plugin "
        "says nothing aired, and does not call itself broken."},
       8,
       1,
       far_side});
}

}  // namespace civicast::kit
