// SPDX-License-Identifier: Apache-2.0
// Group "life": from hello to bye.
#include "host/workers/worker.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/first_run.hpp"
#include "tools/plugin/kit/settings.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

constexpr std::int64_t gone_ms = 5'000;
constexpr std::size_t most_bent = 24;

void hello(Trial &trial) {
  Channel channel = trial.channel();
  channel.start();
}

void opens(Trial &trial) {
  trial.open();
}

void bye(Trial &trial) {
  Channel channel = trial.open();
  channel.bye();
}

void host_gone(Trial &trial) {
  Channel channel = trial.open();
  channel.line().hang_up();
  const std::int64_t until_ms =
      workers::steady_ms() + static_cast<std::int64_t>(gone_ms * trial.subject.busy);
  while (!channel.line().ending() && workers::steady_ms() < until_ms)
    if (!channel.line().next(until_ms)) break;
  if (!channel.line().ending())
    trial.fail(faults::outlives_host, Fault::Fact("limit", std::to_string(gone_ms)));
  if (!channel.line().left_behind().empty())
    trial.fail(faults::left_behind, Fault::Fact("what", channel.line().left_behind()));
}

void two(Trial &trial) {
  Channel one = trial.open();
  Channel other = trial.open();
  one.bye();
  const wire::Answer answer = other.ask(wire::CallKind::check, trial.placement(other.now_ns()));
  if (answer.verdict != wire::Verdict::done)
    trial.fail(faults::check_refused, Fault::Fact("answer", shown(answer)));
  other.bye();
}

void heartbeat(Trial &trial) {
  Channel channel = trial.open();
  const workers::Pace pace;
  const std::int64_t before = channel.heartbeats();
  if (!channel.listen(pace.heartbeat_lost_ms, [&] { return channel.heartbeats() > before + 1; }))
    trial.fail(faults::no_heartbeat, Fault::Fact("limit", std::to_string(pace.heartbeat_lost_ms)));
}

/// As a channel is between two placements, with the host asking now and then how it is.
void idle(Trial &trial) {
  Channel channel = trial.open();
  const wire::Placement placement = trial.placement(channel.now_ns());
  trial.publish(channel, placement);
  trial.must_end(channel, placement);
  for (int second = 0; second < 3; ++second) {
    channel.ask(wire::CallKind::status);
    channel.listen(1'000, [] { return false; });
  }
  channel.bye();
}

void quiet(Trial &trial) {
  if (!trial.subject.is_binary()) trial.skip(faults::no_binary);
  Channel channel = trial.open();
  channel.ask(wire::CallKind::check, trial.placement(channel.now_ns()));
  channel.bye();
  const std::uint64_t bytes = channel.stdout_bytes() + seen(trial).stdout_bytes;
  if (bytes > 0) trial.fail(faults::writes_stdout, Fault::Fact("bytes", std::to_string(bytes)));
}

void status(Trial &trial) {
  Channel channel = trial.open();
  const wire::Answer answer = channel.ask(wire::CallKind::status);
  if (answer.verdict == wire::Verdict::refused) return;
  if (answer.verdict != wire::Verdict::done || answer.status.empty())
    trial.fail(faults::status_wrong, Fault::Fact("answer", shown(answer)));
}

void unknown_call(Trial &trial) {
  Channel channel = trial.open();
  const wire::Answer answer = channel.ask_unknown("dance");
  if (answer.verdict != wire::Verdict::broken)
    trial.fail(faults::unknown_call, Fault::Fact("answer", shown(answer)));
  channel.ask(wire::CallKind::status);
}

/// The host checks settings before it sends them; a plugin that trusts it blindly is one mistake
/// of ours away from a crash.
void bent(Trial &trial) {
  const Json right = trial.settings();
  const std::vector<Bent> all = bent_settings(trial.manifest().settings, right);
  if (all.empty()) trial.skip(faults::no_settings);
  for (std::size_t i = 0; i < all.size() && i < most_bent; ++i) {
    Channel channel(trial.subject,
                    {all[i].settings, trial.folder() / ("bent" + std::to_string(i)), 0, {}, {}});
    channel.start();
    const wire::Answer answer = channel.welcome();
    const bool is_refusal = answer.verdict == wire::Verdict::unready;
    if (answer.verdict != wire::Verdict::done && !is_refusal)
      trial.fail(faults::bent_settings, Fault::Fact("at", all[i].at),
                 Fault::Fact("wrong", all[i].what), Fault::Fact("answer", shown(answer)));
    if (!is_refusal) continue;
    if (answer.notes.empty() || answer.notes.front().code.empty() ||
        answer.notes.front().message.empty() || answer.notes.front().at.empty())
      trial.fail(faults::refuses_dumbly, Fault::Fact("call", "open"),
                 Fault::Fact("answer", shown(answer)));
  }
}

void bye_in_call(Trial &trial) {
  Channel channel = trial.open();
  for (const wire::Placement &placement : trial.placements(channel.now_ns()))
    channel.send(wire::CallKind::publish, placement);
  channel.bye();
}

}  // namespace

void add_life_tests(std::vector<Test> &tests) {
  tests.push_back({"life.hello",
                   1,
                   {"工作进程启动后及时说 hello，编号和版本与 plugin.json 一致。",
                    "The worker says hello in time, with the id and version of plugin.json."},
                   0.5,
                   1,
                   hello});
  tests.push_back({"life.open",
                   1,
                   {"用合格的设置，插件在 open_s 之内打开。",
                    "Given good settings, the plugin opens within open_s."},
                   0.5,
                   1,
                   opens});
  tests.push_back(
      {"life.bye",
       1,
       {"听到 bye，工作进程 2 秒内以状态 0 退出，不留下任何子进程。",
        "Told bye, the worker ends within 2 s with status 0 and leaves no process behind."},
       1,
       1,
       bye});
  tests.push_back(
      {"life.host_gone",
       1,
       {"宿主消失（套接字关闭）后，工作进程 5 秒内自己结束，不留下任何子进程。",
        "When its host is gone (the socket ends) the worker ends by itself within 5 s and "
        "leaves no process behind."},
       5,
       1,
       host_gone});
  tests.push_back(
      {"life.two",
       1,
       {"同一插件可以同时服务两个频道，各有自己的目录，互不影响。",
        "The plugin serves two channels at once, each with a folder of its own, and neither "
        "disturbs the other."},
       1,
       2,
       two});
  tests.push_back({"life.heartbeat",
                   1,
                   {"打开之后，工作进程每秒报一次平安。",
                    "Once open, the worker gives a sign of life each second."},
                   3,
                   1,
                   heartbeat});
  tests.push_back({"life.idle",
                   2,
                   {"播完之后闲着，宿主不时询问状态，工作进程一直活着。",
                    "Idle after its work, and asked now and then how it is, the worker lives on."},
                   4,
                   1,
                   idle});
  tests.push_back(
      {"life.quiet",
       2,
       {"动态库插件通过 host->log 说话，不向标准输出写任何东西。",
        "A plugin that is a library speaks through host->log and writes nothing to standard "
        "output."},
       0.5,
       1,
       quiet});
  tests.push_back(
      {"life.status",
       2,
       {"问到状态，插件给出一个 JSON 对象，或回答没有（REFUSED）。",
        "Asked for its status, the plugin gives a JSON object, or says that it has none "
        "(REFUSED)."},
       0.5,
       1,
       status});
  tests.push_back(
      {"life.unknown_call",
       2,
       {"听到不认识的调用，工作进程回答 BROKEN 并继续工作；不认识的成员被忽略。",
        "To a call that it does not know the worker answers BROKEN and goes on; a member that "
        "it does not know it ignores."},
       0.5,
       1,
       unknown_call});
  tests.push_back(
      {"life.wrong_settings",
       2,
       {"拿到不合说明的设置，插件照样打开，或以 UNREADY 拒绝并指明是哪一项；绝不崩溃。",
        "Given settings that leave its schema, the plugin opens all the same, or refuses with "
        "UNREADY and says which one; it never crashes."},
       2,
       12,
       bent});
  tests.push_back(
      {"life.bye_in_call",
       2,
       {"正在执行调用时听到 bye，工作进程照样按时干净地结束。",
        "Told bye while calls are in hand, the worker ends in time and cleanly all the same."},
       1,
       1,
       bye_in_call});
}

}  // namespace civicast::kit
