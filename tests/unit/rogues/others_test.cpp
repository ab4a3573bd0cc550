// SPDX-License-Identifier: Apache-2.0
// Plugins that take too much, talk too much, leave something behind, or leave.
#include <catch2/catch.hpp>

#include "tests/unit/rogues/scenario.hpp"

using civicast::test::law_was_checked;
using civicast::test::Wrong;

TEST_CASE("a flood of lines and facts is bounded, and holds up nobody") {
  CHECK(law_was_checked(Wrong{"flood"}));
}

TEST_CASE("bytes on stdout that are no lines and no text become both") {
  CHECK(law_was_checked(Wrong{"chatty"}));
}

#if !defined(__SANITIZE_ADDRESS__)  // under which no limit on memory can hold
TEST_CASE("a plugin that leaks memory or threads fails at its own limit, and nobody else does") {
  for (const std::string rogue : {"leak_memory", "leak_threads"}) {
    Wrong wrong{rogue, "publish", "bad-0", "failed in publish of placement bad-0",
                "执行 publish（播出项 bad-0）时出错"};
    wrong.is_clock_running = true;
    wrong.ends = "missed";
    wrong.code = "placement.never_heard";
    CHECK(law_was_checked(wrong));
  }
}
#endif

TEST_CASE("a plugin that leaks files fails at its own limit, and nobody else does") {
  Wrong wrong{"leak_files", "publish", "bad-0", "failed in publish of placement bad-0",
              "执行 publish（播出项 bad-0）时出错"};
  wrong.is_clock_running = true;
  wrong.ends = "missed";
  wrong.code = "placement.never_heard";
  CHECK(law_was_checked(wrong));
}

TEST_CASE("a child that outlives its plugin, and holds its lock, is ended with it") {
  for (const std::string rogue : {"orphan", "orphan_daemon"})
    CHECK((
        law_was_checked(Wrong{rogue, "publish", "bad-0", "ended unexpectedly (exit status 0)",
                              "意外退出（exit status 0），当时正在执行 publish（播出项 bad-0）"})));
}

TEST_CASE("a plugin that exits with status 0 as it is loaded is tried again and again") {
  Wrong wrong{"exit_now", "", "", "(exit status 0) before it said hello",
              "当时还没有报到（hello）"};
  wrong.before = "planned";
  wrong.ends = "missed";
  wrong.code = "placement.too_late";
  CHECK(law_was_checked(wrong));
}

TEST_CASE("a plugin that exits when it likes loses nothing") {
  CHECK(
      law_was_checked(Wrong{"exit_later", "", "", "(exit status 0)", "意外退出（exit status 0）"}));
}

TEST_CASE("a plugin that is too slow to say hello is ended, and airs everything once it is not") {
  Wrong wrong{"slow_hello", "hello", "", "did not say hello within 3000 ms",
              "3000 毫秒内没有报到（hello）"};
  wrong.hello_ms = 3000;
  wrong.is_slow = true;
  CHECK(law_was_checked(wrong));
}

TEST_CASE("a plugin that stops itself is missed by its heartbeat, and its placement is asked for") {
  Wrong wrong{"stop_self", "publish", "bad-0",
              "gave no sign of life for 1500 ms while it had publish",
              "1500 毫秒没有心跳，当时正在执行 publish（播出项 bad-0）"};
  wrong.heartbeat_lost_ms = 1500;
  wrong.is_slow = true;
  CHECK(law_was_checked(wrong));
}
