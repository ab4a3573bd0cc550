// SPDX-License-Identifier: Apache-2.0
// Plugins that say what is not so. A lie is kept, with its sentence, and never counted.
#include <catch2/catch.hpp>

#include "tests/unit/rogues/scenario.hpp"

using civicast::test::law_was_checked;
using civicast::test::Wrong;

namespace {

Wrong lie(const std::string &name, const std::string &dispute, const std::string &en,
          const std::string &zh) {
  Wrong out{"liar_" + name, "emit(aired)", "bad-0", en, zh};
  out.disputes = {dispute};
  return out;
}

/// It did not air, and the channel's journal says that it never heard of it.
Wrong unaired(Wrong wrong) {
  wrong.before = "accepted";
  wrong.ends = "missed";
  wrong.code = "placement.never_heard";
  return wrong;
}

}  // namespace

TEST_CASE(
    "what was never planned, or never handed over, has not aired, what airs later does count") {
  Wrong wrong =
      lie("unsent", "airing.planned_by_nobody", "which was never handed to it", "从未把它交给");
  wrong.disputes.push_back("airing.never_handed");
  wrong.placement = "bad-2";
  CHECK(law_was_checked(wrong));
}

TEST_CASE("an airing before its time, or after it, is no airing") {
  CHECK(law_was_checked(unaired(lie("early", "airing.outside_plan", "off the plan", "相差超过"))));
  CHECK(law_was_checked(unaired(lie("late", "airing.outside_plan", "off the plan", "相差超过"))));
}

TEST_CASE("an airing that ends in the future is not believed, also when it is said again later") {
  Wrong wrong = unaired(lie("future", "airing.in_the_future", "still to come", "那时还没有到"));
  wrong.code = "placement.no_word";
  CHECK(law_was_checked(wrong));
}

TEST_CASE("an airing that is told twice with other times, or as two plays at once, counts once") {
  CHECK((law_was_checked(
      lie("twice", "airing.overlaps", "What it said first stands and counts once", "只计一次"))));
}

TEST_CASE("evidence better than plugin.json claims is not believed") {
  CHECK((law_was_checked(unaired(lie("grade", "airing.evidence_too_good", "claims reported at best",
                                     "最高只声明了 reported")))));
}

TEST_CASE("an airing that ends before it starts is none") {
  CHECK((law_was_checked(
      unaired(lie("backwards", "airing.ends_before_start", "before its start", "之前就结束")))));
}

TEST_CASE("what was withdrawn has not aired, whatever is said afterwards") {
  Wrong wrong =
      lie("withdrawn", "airing.contradicts", "said to be withdrawn", "已报告过它 withdrawn");
  wrong.is_withdrawn = true;
  wrong.ends = "withdrawn";
  CHECK(law_was_checked(wrong));
}

TEST_CASE(
    "a fact that the contract does not allow is refused, and one that says nothing is disputed") {
  CHECK((law_was_checked(unaired(lie("malformed", "airing.fact_malformed", "with a bad start_ns",
                                     "其中的 start_ns 不合格")))));
}

TEST_CASE("a plugin that lies on and on is told of, but not without end") {
  Wrong wrong = lie("", "airing.planned_by_nobody", "which was never planned", "从未有过这个排期");
  wrong.rogue = "flood_lies";
  wrong.placement = "never-0";
  CHECK(law_was_checked(wrong));
}
