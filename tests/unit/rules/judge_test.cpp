// SPDX-License-Identifier: Apache-2.0
#include "host/rules/judge.hpp"

#include <catch2/catch.hpp>

#include "host/rules/faults.hpp"

using namespace civicast;
using namespace civicast::rules;
using campaigns::AdClass;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr Date today = 2026y / 11 / 28;
constexpr Date far = 9999y / 12 / 31;

Rule evening() {
  Rule rule;
  rule.id = "evening";
  rule.cited = {"第1号", "No. 1"};
  rule.media = {Medium::tv};
  rule.counts = {AdClass::psa};
  rule.from_s = 19 * 3600;
  rule.to_s = 21 * 3600;
  rule.least_airings = 4;
  rule.first = 2010y / 1 / 1;
  rule.last = far;
  return rule;
}

Rule share() {
  Rule rule = evening();
  rule.id = "share";
  rule.from_s = 0;
  rule.to_s = 86'400;
  rule.least_airings = 0;
  rule.least_share = 300;
  return rule;
}

ChannelDay day(std::vector<Spot> spots, std::int64_t commercial_s = 0) {
  return {"cable", Medium::tv, today, commercial_s * second_ns, std::move(spots)};
}

Spot psa(int second_of_day, int length_s = 15) {
  return {AdClass::psa, second_of_day, length_s * second_ns};
}

Verdict only(const Rule &rule, const ChannelDay &there) {
  const auto verdicts = judge({rule}, there);
  REQUIRE(verdicts.size() == 1);
  return verdicts.front();
}

}  // namespace

TEST_CASE("an airing counts if it starts in the rule's hours, the first second but not the last") {
  const int from = 19 * 3600, to = 21 * 3600;
  CHECK(only(evening(), day({psa(from - 1)})).had == 0);
  CHECK(only(evening(), day({psa(from)})).had == 1);
  CHECK(only(evening(), day({psa(to - 1)})).had == 1);
  CHECK(only(evening(), day({psa(to)})).had == 0);
}

TEST_CASE("four airings are enough and three are one too few") {
  const int at = 20 * 3600;
  const Verdict three = only(evening(), day({psa(at), psa(at + 60), psa(at + 120)}));
  CHECK_FALSE(three.is_met());
  CHECK(three.asked == 4);
  CHECK(three.had == 3);
  CHECK(three.missing() == 1);
  const Verdict four = only(evening(), day({psa(at), psa(at + 60), psa(at + 120), psa(at + 180)}));
  CHECK(four.is_met());
  CHECK(four.missing() == 0);
}

TEST_CASE("only the classes that the rule names count") {
  for (const AdClass other :
       {AdClass::information, AdClass::promo, AdClass::commercial, AdClass::emergency})
    CHECK(only(evening(), day({{other, 20 * 3600, second_ns}})).had == 0);
  Rule wider = evening();
  wider.counts.push_back(AdClass::information);
  CHECK(only(wider, day({{AdClass::information, 20 * 3600, second_ns}})).had == 1);
}

TEST_CASE("a share is taken of the log's commercials and of those among the spots") {
  CHECK(only(share(), day({})).is_met());
  const Verdict log = only(share(), day({psa(0, 15), psa(3600, 15)}, 1'000));
  CHECK(log.is_time);
  CHECK(log.asked == 30 * second_ns);
  CHECK(log.had == 30 * second_ns);
  CHECK(log.is_met());
  const Verdict more =
      only(share(), day({psa(0, 30), {AdClass::commercial, 60, 500 * second_ns}}, 1'000));
  CHECK(more.asked == 45 * second_ns);
  CHECK(more.missing() == 15 * second_ns);
}

TEST_CASE("a rule says nothing of other media and of days on which it is not in force") {
  ChannelDay screens = day({});
  screens.medium = Medium::screen;
  CHECK(judge({evening(), share()}, screens).empty());
  ChannelDay early = day({});
  early.date = 2009y / 12 / 31;
  CHECK(judge({evening(), share()}, early).empty());
  CHECK(judge({evening(), share()}, day({})).size() == 2);
  CHECK(judge({}, day({})).empty());
}

TEST_CASE("a shortfall says where, when, how many, by which law, and what would mend it") {
  const Fault airings = shortfall(only(evening(), day({psa(20 * 3600)})));
  CHECK(airings.is(faults::minimum_airings_short));
  for (const char *part : {"cable", "2026-11-28", "19:00–21:00", "公益广告", "有 1 次", "少于 4 次",
                           "第1号", "安排 3 次"}) {
    INFO(part);
    CHECK(airings.sentence(Lang::zh).find(part) != std::string::npos);
  }
  for (const char *part : {"cable", "2026-11-28", "from 19:00 to 21:00", "public-service ad",
                           "has 1 airings", "fewer than 4", "No. 1", "3 more"}) {
    INFO(part);
    CHECK(airings.sentence(Lang::en).find(part) != std::string::npos);
  }
  const Fault time = shortfall(only(share(), day({psa(0, 15)}, 1'001)));
  CHECK(time.is(faults::minimum_seconds_short));
  for (const char *part : {"共 15 秒", "少于 30.1 秒", "还需要 15.1 秒", "2 次 15 秒"}) {
    INFO(part << " in " << time.sentence(Lang::zh));
    CHECK(time.sentence(Lang::zh).find(part) != std::string::npos);
  }
  CHECK(time.sentence(Lang::en).find("15.1 s more") != std::string::npos);
  for (const Fault *fault : {&airings, &time})
    for (const Lang lang : {Lang::zh, Lang::en})
      CHECK(fault->sentence(lang).find('{') == std::string::npos);
}
