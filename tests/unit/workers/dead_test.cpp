// SPDX-License-Identifier: Apache-2.0
// A worker that ended just after it had answered. It is a shell script, so that its end can be
// waited for before the host hears its last words.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/plugins/harness.hpp"

using namespace civicast;
using namespace civicast::test;
using wire::Verdict;

namespace {

constexpr const char *manifest = R"({
  "id": "org.civicast.test.leaver", "version": "1.0.0", "abi": "1.0",
  "name": {"zh": "离开", "en": "Leaver"}, "command": ["leaver.sh"], "carries": ["text"],
  "can": {"withdraw": false, "recall": false, "publish": "once", "evidence": "inferred"},
  "settings": {"type": "object", "additionalProperties": false, "properties": {}}
})";

/// Says frames shorter than 256 bytes; what it is asked comes as one read each. It answers
/// all, and ends after publish.
constexpr const char *script = R"(#!/bin/sh
export LC_ALL=C
say() { printf "\\000\\000\\000\\$(printf %03o ${#1})%s" "$1" >&3; }
hear() { heard=$(dd bs=65536 count=1 <&3 2>/dev/null | tr -d '\000'); }
say '{"hello":"org.civicast.test.leaver","version":"1.0.0","abi":"1.0","wire":1,"epoch":0,"outbox":0}'
hear
say '{"re":0,"verdict":0}'
while hear; do
  id=$(printf %s "$heard" | sed 's/.*"id":\([0-9][0-9]*\).*/\1/')
  case "$heard" in
    *'"status"'*) say "{\"re\":$id,\"verdict\":1}" ;;
    *'"publish"'*) say "{\"re\":$id,\"verdict\":0}"; exit 0 ;;
    *) say "{\"re\":$id,\"verdict\":0}" ;;
  esac
done
)";

/// Until it is a corpse, which the supervisor has not seen yet.
void wait_for_death(pid_t pid) {
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) == 0);
}

}  // namespace

TEST_CASE("a worker that is dead is handed nothing more, and what it answered counts") {
  const TempFolder folder;
  const auto plugin = folder / "leaver";
  std::filesystem::create_directories(plugin);
  std::ofstream(plugin / "plugin.json") << manifest;
  std::ofstream(plugin / "leaver.sh") << script;
  std::filesystem::permissions(plugin / "leaver.sh", std::filesystem::perms::owner_all);
  Recorder recorder;
  workers::Supervisor supervisor(recorder, hasty());
  workers::WorkerSpec spec = spec_of("", folder / "state");
  spec.plugin_dir = plugin;
  const auto added = supervisor.add(spec);
  if (!added) FAIL(added.fault().front().text());
  REQUIRE(step_until(supervisor, [&] { return supervisor.is_ready("one"); }));
  // Between the two its status is asked, refused, and not asked for again: nothing is in hand then.
  std::optional<Verdict> first, second;
  for (int checked = 0, asked = 1; asked <= 2; ++asked) {
    supervisor.call("one", wire::CallKind::check, placement("p-1", ""),
                    [&](const auto &answer) { checked += answer.verdict == Verdict::done; });
    REQUIRE(step_until(supervisor, [&] { return checked == asked; }));
  }

  supervisor.call("one", wire::CallKind::publish, placement("p-1", ""), [&](const auto &answer) {
    first = answer.verdict;
    supervisor.call("one", wire::CallKind::publish, placement("p-2", ""),
                    [&](const auto &later) { second = later.verdict; });
  });
  wait_for_death(supervisor.snapshot()["one"]["pid"].get<pid_t>());
  REQUIRE(step_until(supervisor, [&] { return second.has_value(); }));
  CHECK(first == Verdict::done);
  CHECK(second == Verdict::later);  // it never got it, and that is known
  REQUIRE(recorder.gone.size() == 1);
  CHECK(recorder.gone.front().placement.empty());
}
