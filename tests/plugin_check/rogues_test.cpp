// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "tests/plugin_check/checked.hpp"

namespace civicast::test {
namespace {

/// The test of the kit that meets a rogue's one wrong, and a piece of the sentence that names it.
struct Expected {
  const char *test, *sentence;
};

const std::map<std::string, Expected> expected = {
    {"crash_open", {"life.open", "SIGSEGV)) with open in hand"}},
    {"crash_check", {"check.accepts", "SIGSEGV)) with check in hand, placement kit-check"}},
    {"crash_publish", {"publish.answers", "SIGSEGV)) with publish in hand, placement kit-publish"}},
    {"crash_withdraw", {"withdraw.before", "SIGSEGV)) with withdraw in hand, placement kit-with"}},
    {"crash_recall", {"recall.unknown", "SIGSEGV)) with recall in hand, placement kit-recall"}},
    {"crash_status", {"life.status", "SIGSEGV)) with status in hand"}},
    {"crash_close", {"life.bye", "SIGSEGV)) with close in hand"}},
    {"crash_thread", {"life.idle", "SIGSEGV)) with — in hand"}},
    {"crash_thread_busy", {"publish.answers", "SIGSEGV)) with publish in hand"}},
    {"throws_thread", {"publish.answers", "SIGABRT)) with publish in hand"}},
    {"hang_open", {"life.open", "did not finish open (placement —) within 500 ms"}},
    {"hang_check", {"check.accepts", "did not finish check (placement kit-check.accepts-1)"}},
    {"hang_publish", {"publish.answers", "did not finish publish (placement kit-publish.answers"}},
    {"hang_withdraw", {"withdraw.before", "did not finish withdraw (placement kit-withdraw"}},
    {"hang_recall", {"recall.unknown", "did not finish recall (placement kit-recall.unknown-1)"}},
    {"hang_status", {"life.status", "did not finish status (placement —) within 500 ms"}},
    {"hang_close", {"life.bye", "did not finish close (placement —) within 2000 ms"}},
    {"throws", {"publish.answers", "does not take placement kit-publish.answers-1: broken"}},
    {"throws_number", {"publish.answers", "does not take placement kit-publish.answers-1: broken"}},
    {"flood", {"publish.answers", "talks without end"}},
    {"flood_lies", {"facts.legal", "cannot be"}},
    {"chatty", {"life.quiet", "bytes to standard output"}},
    {"leak_memory", {"publish.answers", "does not take placement kit-publish.answers-1: broken"}},
    {"leak_files", {"publish.answers", "does not take placement kit-publish.answers-1: broken"}},
    {"leak_threads", {"publish.answers", "does not take placement kit-publish.answers-1: broken"}},
    {"liar_unsent", {"facts.legal", "was never planned"}},
    {"liar_early", {"facts.legal", "off the plan"}},
    {"liar_late", {"facts.legal", "which was still to come"}},
    {"liar_future", {"facts.legal", "which was still to come"}},
    {"liar_backwards", {"facts.legal", "before its start"}},
    {"liar_twice", {"facts.once", "in two ways"}},
    {"liar_withdrawn", {"withdraw.before", "which was taken back"}},
    {"liar_malformed", {"facts.proof", "is no JSON object"}},
    {"liar_grade", {"facts.evidence", "claims measured"}},
    {"orphan", {"life.bye", "left processes behind"}},
    {"orphan_daemon", {"life.bye", "left processes behind"}},
    {"exit_now", {"life.hello", "(exit status 0) with hello in hand"}},
    {"exit_later", {"publish.answers", "(exit status 0)"}},
    {"slow_hello", {"life.hello", "did not finish hello"}},
    {"stop_self", {"publish.answers", "no sign of life for 5000 ms, with publish in hand"}},
    {"wire_garbage", {"publish.answers", "does not keep to the protocol"}},
    {"wire_huge", {"publish.answers", "does not keep to the protocol"}},
    {"wire_mute", {"life.hello", "did not finish hello"}},
    {"wire_stall", {"publish.answers", "no sign of life"}},
    {"wire_wrong", {"life.hello", "says that it is org.civicast.test.another"}},
    {"wire_answers", {"publish.answers", "an answer to no question"}},
    {"wire_hangup", {"publish.answers", "no sign of life"}},
};

std::vector<std::string> rogues() {
  const std::string prefix = "rogue_";
  std::vector<std::string> out;
  for (const auto &entry : std::filesystem::directory_iterator(CIVICAST_TEST_PLUGINS)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(prefix, 0) == 0) out.push_back(name.substr(prefix.size()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("each misbehaving plugin has a test that meets its one wrong") {
  REQUIRE(rogues().size() > 20);
  for (const std::string &rogue : rogues()) {
    INFO(rogue);
    CHECK(expected.count(rogue) == 1);
  }
}

TEST_CASE("the kit fails each misbehaving plugin with the sentence that says what it did") {
  for (const std::string &rogue : rogues()) {
    const auto found = expected.find(rogue);
    if (found == expected.end()) continue;
    const auto &[test, sentence] = found->second;
    const Checked checked = check(std::filesystem::path(CIVICAST_TEST_PLUGINS) / ("rogue_" + rogue),
                                  {"--only", std::string("^") + test + "$"});
    INFO(rogue << ": " << checked.report.dump(2));
    const Json result = checked.of(test);
    REQUIRE(result.is_object());
    const bool has_failed = result["outcome"] == "fail" || result["outcome"] == "crash";
    CHECK(has_failed);
    CHECK(result["en"].get<std::string>().find(sentence) != std::string::npos);
    CHECK(result["en"].get<std::string>().find("org.civicast.test.rogue_" + rogue + " 1.0.0") !=
          std::string::npos);
    CHECK(result["zh"].get<std::string>().find("rogue_" + rogue) != std::string::npos);
    CHECK(result.value("repeat", "").find("--seed") != std::string::npos);
    CHECK(checked.status == 1);
  }
}

}  // namespace civicast::test
