// SPDX-License-Identifier: Apache-2.0
// Plugins that do not come back from a call, or not alive.
#include <catch2/catch.hpp>

#include "tests/unit/rogues/scenario.hpp"

using civicast::test::law_was_checked;
using civicast::test::Wrong;

namespace {

Wrong crash(const std::string &call, const std::string &placement = "") {
  Wrong out{"crash_" + call, call, placement, "SIGSEGV", "意外退出（signal 11 (SIGSEGV)）"};
  // A crash while it is being stopped comes after everything else.
  out.last_words = {"last words of org.civicast.test.rogue_crash_" + call + " 1.0.0",
                    "SIGSEGV in " + call, "rogue_crash_" + call + ".so"};
  if (!placement.empty()) out.last_words.push_back(call + " of placement bad-");
  return out;
}

Wrong hang(const std::string &call, const std::string &placement = "") {
  Wrong out{"hang_" + call, call, placement, "within 500 ms", "500 毫秒内没有完成 " + call};
  out.is_slow = true;
  return out;
}

Wrong thread(const std::string &name) {
  Wrong out{name, "publish", "bad-0", "SIGSEGV", "当时正在执行 publish（播出项 bad-0）"};
  out.last_words = {"in a thread of the plugin's own while in publish of placement bad-"};
  return out;
}

}  // namespace

TEST_CASE(
    "a plugin that crashes in open is told of, and tried again, what it never got is missed") {
  for (Wrong wrong : {crash("open"), hang("open")}) {
    wrong.before = "planned";
    wrong.ends = "missed";
    wrong.code = "placement.too_late";
    CHECK(law_was_checked(wrong));
  }
}

TEST_CASE("a plugin that crashes or hangs in check loses nothing that airs") {
  for (Wrong wrong : {crash("check", "bad-0"), hang("check", "bad-0")}) {
    wrong.is_checked = true;
    CHECK(law_was_checked(wrong));
  }
}

TEST_CASE("a placement that crashes the plugin in publish is set aside after the second time") {
  Wrong wrong = crash("publish", "bad-0");
  wrong.ends = "missed";
  wrong.code = "placement.poison";
  CHECK(law_was_checked(wrong));
}

TEST_CASE(
    "a placement that hangs the plugin in publish is held, and never said not to have aired") {
  Wrong wrong = hang("publish", "bad-0");
  wrong.before = "held";
  wrong.ends = "missed";
  wrong.code = "placement.no_word";
  CHECK(law_was_checked(wrong));
}

TEST_CASE("a placement whose withdrawal the plugin does not survive is asked twice, and told of") {
  for (Wrong wrong : {crash("withdraw", "bad-0"), hang("withdraw", "bad-0")}) {
    wrong.is_withdrawn = true;
    wrong.before = wrong.rogue == "crash_withdraw" ? "accepted" : "held";
    wrong.ends = "missed";
    wrong.code = "placement.poison";
    CHECK(law_was_checked(wrong));
  }
}

TEST_CASE(
    "a placement whose recall the plugin does not survive is asked for again, then given up") {
  for (Wrong wrong : {crash("recall", "bad-0"), hang("recall", "bad-0")}) {
    wrong.placements = 1;
    wrong.is_clock_running = true;
    wrong.ends = "missed";
    wrong.code = "placement.poison";
    CHECK(law_was_checked(wrong));
  }
}

TEST_CASE("a plugin that crashes or hangs in status airs everything all the same") {
  for (Wrong wrong : {crash("status"), hang("status")}) {
    wrong.is_clock_running = true;
    CHECK(law_was_checked(wrong));
  }
}

TEST_CASE("a plugin that crashes or hangs in close is told of, though it was asked to stop") {
  CHECK(law_was_checked(crash("close")));
  Wrong wrong = hang("close");
  wrong.en = "within 2000 ms";
  wrong.zh = "2000 毫秒内没有完成 close";
  wrong.is_slow = false;
  CHECK(law_was_checked(wrong));
}

TEST_CASE(
    "a crash in a thread of the plugin's own is told with what was in hand, or that nothing was") {
  Wrong idle{"crash_thread", "", "", "(signal 11 (SIGSEGV)) while idle.", "，当时空闲。"};
  idle.last_words = {"SIGSEGV in a thread of the plugin's own while idle"};
  CHECK(law_was_checked(idle));
  CHECK(law_was_checked(thread("crash_thread_busy")));
  Wrong throws = thread("throws_thread");
  throws.en = "SIGABRT";
  throws.last_words.push_back("an exception of a callback");
  CHECK(law_was_checked(throws));
}

TEST_CASE("what a plugin throws is told as its failure in that call, and never ends its worker") {
  for (const std::string rogue : {"throws", "throws_number"}) {
    Wrong wrong{rogue, "publish", "bad-0", "The plugin failed. [plugin.exception]",
                "执行 publish（播出项 bad-0）时出错"};
    wrong.is_clock_running = true;
    wrong.ends = "missed";
    wrong.code = "placement.never_heard";
    CHECK(law_was_checked(wrong));
  }
}
