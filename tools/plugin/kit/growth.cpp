// SPDX-License-Identifier: Apache-2.0
// Group "growth": what a worker holds may not grow with what it is asked.
#include <malloc.h>
#include <unistd.h>

#include <algorithm>

#include "host/workers/worker.hpp"
#include "sdk/runner/doc.hpp"
#include "sdk/runner/host_side.hpp"
#include "sdk/runner/plugin.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/process_facts.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

using wire::CallKind;
using workers::steady_ms;

constexpr std::int64_t spare_files = 4, spare_threads = 2;
/// Caches, thread arenas and a heap's fragments are no leak.
constexpr std::int64_t spare_memory_kb = 12 * 1024;

void must_not_have_grown(const Trial &trial, const Holds &before, const Holds &after,
                         const std::string &over) {
  const auto tell = [&](const char *what_zh, const char *what, std::int64_t from, std::int64_t to) {
    trial.fail(faults::grows, Fault::Fact("what_zh", what_zh), Fault::Fact("what", what),
               Fault::Fact("from_to", std::to_string(from) + " → " + std::to_string(to)),
               Fault::Fact("over", over));
  };
  if (after.files > before.files + spare_files)
    tell("打开的文件", "open files", before.files, after.files);
  if (after.threads > before.threads + spare_threads)
    tell("线程", "threads", before.threads, after.threads);
  if (after.memory_kb > before.memory_kb + spare_memory_kb)
    tell("内存（KiB）", "memory (KiB)", before.memory_kb, after.memory_kb);
}

std::int64_t end_of(const Trial &trial, double seconds) {
  return steady_ms() + static_cast<std::int64_t>(seconds * 1000 * trial.subject.busy);
}

void calls(Trial &trial) {
  Channel channel = trial.open();
  const auto round = [&] {
    const wire::Placement placement = trial.placement(channel.now_ns(), 0, 30);
    channel.ask(CallKind::check, placement);
    channel.ask(CallKind::recall, placement);
    channel.ask(CallKind::status);
  };
  for (int i = 0; i < 20; ++i) round();
  const Holds before = holds(channel.line().pid());
  const std::int64_t until_ms = end_of(trial, 8);
  int rounds = 0;
  for (; rounds < 200 && steady_ms() < until_ms; ++rounds) round();
  must_not_have_grown(trial, before, holds(channel.line().pid()),
                      std::to_string(rounds) + " × check, recall, status");
}

void publishes(Trial &trial) {
  if (trial.subject.samples.front().for_s > 0) trial.skip(faults::only_linear);
  Channel channel = trial.open();
  const auto round = [&] {
    const wire::Placement placement = trial.placement(channel.now_ns(), 0, 0);
    channel.ask(CallKind::publish, placement);
  };
  for (int i = 0; i < 10; ++i) round();
  const Holds before = holds(channel.line().pid());
  const std::int64_t until_ms = end_of(trial, 8);
  int rounds = 0;
  for (; rounds < 100 && steady_ms() < until_ms; ++rounds) round();
  channel.listen(300, [] { return false; });
  must_not_have_grown(trial, before, holds(channel.line().pid()),
                      std::to_string(rounds) + " × publish");
}

/// Of this process; its memory is what was allocated and not freed, without what the allocator
/// keeps for later.
Holds holds_here() {
  Holds out = holds(::getpid());
  const struct mallinfo2 heap = ::mallinfo2();
  out.memory_kb = static_cast<std::int64_t>((heap.uordblks + heap.hblkhd) / 1024);
  return out;
}

/// In this process, through the contract itself: what a worker does once, a hundred times.
void openings(Trial &trial) {
  if (!trial.subject.is_binary()) trial.skip(faults::no_binary);
  const auto plugin = runner::load_plugin(trial.subject.folder);
  if (!plugin)
    trial.fail(faults::not_loaded, Fault::Fact("zh", plugin.fault().sentence(Lang::zh)),
               Fault::Fact("en", plugin.fault().sentence(Lang::en)));
  const SystemClock clock;
  wire::Welcome welcome;
  welcome.state_dir = (trial.folder() / "state").string();
  welcome.locale = "zh-CN";
  std::error_code error;
  std::filesystem::create_directories(welcome.state_dir, error);
  const runner::HostSide host(welcome, clock, [](const auto &) { return true; });
  const runner::JsonDoc settings(to_text(trial.settings()));
  std::string said;
  const civ_notes notes{sizeof(civ_notes), &said, [](const civ_notes *self, const civ_note *note) {
                          *static_cast<std::string *>(self->self) += runner::view(note->message);
                        }};
  const auto open_and_close = [&](int number) {
    civ_channel *channel = nullptr;
    if (plugin->api->open(host.raw(), settings.raw(), &notes, &channel) != CIV_DONE)
      trial.fail(faults::not_opened,
                 Fault::Fact("answer", "opening " + std::to_string(number) + ": " + said));
    plugin->api->close(channel);
  };
  constexpr int warm = 8, most = 100;
  for (int i = 0; i < warm; ++i) open_and_close(i + 1);
  const Holds before = holds_here();
  const std::int64_t until_ms = end_of(trial, 15);
  int rounds = warm;
  for (; rounds < most && steady_ms() < until_ms; ++rounds) open_and_close(rounds + 1);
  must_not_have_grown(trial, before, holds_here(),
                      std::to_string(rounds - warm) + " × open, close");
}

}  // namespace

void add_growth_tests(std::vector<Test> &tests) {
  tests.push_back(
      {"growth.openings",
       3,
       {"打开和关闭一百次，文件、线程和内存都不增长。",
        "Over a hundred openings and closings neither files nor threads nor memory grow."},
       20,
       0,
       openings});
  tests.push_back(
      {"growth.calls",
       3,
       {"check、recall 和 status 两百遍，文件、线程和内存都不增长。",
        "Over two hundred rounds of check, recall and status neither files nor threads nor "
        "memory grow."},
       10,
       1,
       calls});
  tests.push_back(
      {"growth.publishes",
       3,
       {"发布一百条，文件和线程不增长，内存只随记住的内容增长。",
        "Over a hundred publications neither files nor threads grow, and memory no more than "
        "what must be remembered."},
       10,
       1,
       publishes});
}

}  // namespace civicast::kit
