// SPDX-License-Identifier: Apache-2.0
// Workers of their own that speak the wire, and speak it wrongly.
#include <catch2/catch.hpp>

#include "tests/unit/rogues/scenario.hpp"

using civicast::test::law_was_checked;
using civicast::test::Wrong;

namespace {

/// Whatever it does once it is to publish, it does each time.
Wrong at_publish(const std::string &rogue, const std::string &en, const std::string &zh) {
  Wrong out{"wire_" + rogue, "publish", "bad-0", en, zh};
  out.ends = "missed";
  out.code = "placement.poison";
  return out;
}

Wrong never_ready(const std::string &rogue, const std::string &en, const std::string &zh) {
  Wrong out{"wire_" + rogue, "hello", "", en, zh};
  out.before = "planned";
  out.ends = "missed";
  out.code = "placement.too_late";
  return out;
}

}  // namespace

TEST_CASE("a frame that is no message, or claims to be 4 GiB long, ends its worker and no other") {
  CHECK((law_was_checked(at_publish("garbage",
                                    "broke the protocol while it had publish of placement bad-0",
                                    "没有遵守协议，当时正在执行 publish（播出项 bad-0）"))));
  CHECK(law_was_checked(
      at_publish("huge", "A frame claims 4294967295 bytes", "声称长达 4294967295 字节")));
}

TEST_CASE("an answer to no question ends the worker that gave it") {
  CHECK((law_was_checked(at_publish("answers", "It answers question 987654321, which was not asked",
                                    "没有提出的问题 987654321"))));
}

TEST_CASE(
    "a worker that falls silent, or hangs up and lives on, is ended when its heartbeat is missed") {
  for (const std::string rogue : {"stall", "hangup"}) {
    Wrong wrong = at_publish(rogue, "gave no sign of life for 1500 ms", "1500 毫秒没有心跳");
    wrong.heartbeat_lost_ms = 1500;
    wrong.placements = 1;
    wrong.is_slow = true;
    CHECK(law_was_checked(wrong));
  }
}

TEST_CASE(
    "a worker that never says hello, or as somebody else, is never trusted with a placement") {
  Wrong mute = never_ready("mute", "did not say hello within 3000 ms", "3000 毫秒内没有报到");
  mute.hello_ms = 3000;
  mute.is_slow = true;
  CHECK(law_was_checked(mute));
  CHECK((law_was_checked(never_ready("wrong", "It says hello as org.civicast.test.another 1.0.0",
                                     "它自称 org.civicast.test.another 1.0.0"))));
}
