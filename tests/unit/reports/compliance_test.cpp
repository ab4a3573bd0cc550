// SPDX-License-Identifier: Apache-2.0
#include "host/reports/compliance.hpp"

#include <catch2/catch.hpp>

#include "facts.hpp"

using namespace civicast;
using namespace civicast::reports;
using airings::Status;
using campaigns::AdClass;
using test::aired;
using test::missed;
using test::planned;
using namespace std::chrono_literals;

namespace {

const Zone zone = *Zone::find("Asia/Shanghai");
const std::int64_t evening_ns = *parse_rfc3339("2026-11-28T19:00:00+08:00");
constexpr std::int64_t minute_ns = 60 * ns_per_s;

rules::Rule rule(int airings, int share) {
  rules::Rule one;
  one.id = airings > 0 ? "evening" : "share";
  one.says = {"规定", "a rule"};
  one.cited = {"第61号", "No. 61"};
  one.media = {rules::Medium::tv};
  one.counts = {AdClass::psa};
  if (airings > 0) one.from_s = 19 * 3600, one.to_s = 21 * 3600;
  one.least_airings = airings;
  one.least_share = share;
  one.first = 2010y / 1 / 1;
  one.last = 9999y / 12 / 31;
  return one;
}

/// A day with its facts and rows, and the verdict on one rule.
struct Day {
  std::vector<counts::Final> facts;
  std::vector<Row> rows;
  std::optional<std::int64_t> commercial_ns;

  Judgement judged(const rules::Rule &by, std::int64_t now_ns = test::midnight_after) const {
    AiredDay day{"cable", rules::Medium::tv, 2026y / 11 / 28, commercial_ns, {}, {}};
    for (const auto &fact : facts) day.facts.push_back(&fact);
    for (const auto &row : rows) day.rows.push_back(&row);
    const auto all = judge_aired({by}, day, zone, now_ns);
    REQUIRE(all.size() == 1);
    return all.front();
  }
  void add_row(const std::string &id, Outcome outcome) {
    Row row;
    row.planned = planned(id, evening_ns + static_cast<std::int64_t>(rows.size()) * minute_ns);
    row.outcome = outcome;
    rows.push_back(row);
  }
};

Day with_airings(int count) {
  Day day;
  for (int i = 0; i < count; ++i)
    day.facts.push_back(
        aired(static_cast<std::uint64_t>(i), "p" + std::to_string(i), evening_ns + i * minute_ns));
  return day;
}

}  // namespace

TEST_CASE("a minimum is met by complete airings on evidence, each once over all places") {
  CHECK(with_airings(4).judged(rule(4, 0)).standing == Standing::met);
  auto day = with_airings(3);
  day.facts.push_back(day.facts.front());
  day.facts.back().place = "elsewhere";
  CHECK(day.judged(rule(4, 0)).standing == Standing::not_met);
  CHECK(day.judged(rule(4, 0)).verdict.had == 3);
  day = with_airings(4);
  day.facts[0].evidence = airings::Evidence::inferred;
  CHECK(day.judged(rule(4, 0)).verdict.had == 3);
  day = with_airings(4);
  day.facts[0].dispute = "airing.outside_plan";
  CHECK(day.judged(rule(4, 0)).verdict.had == 3);
}

TEST_CASE("a day that fails says what would have met it") {
  auto day = with_airings(2);
  day.add_row("a", Outcome::preempted);
  day.add_row("b", Outcome::technical_difficulty);
  auto one = day.judged(rule(4, 0));
  CHECK(one.standing == Standing::not_met);
  CHECK(one.why.zh.find("差 2 次") != std::string::npos);
  CHECK(one.mend.zh.find("播成即可达标") != std::string::npos);
  CHECK(one.mend.en.find("1 pre-empted") != std::string::npos);
  one = with_airings(2).judged(rule(4, 0));
  CHECK(one.mend.en.find("the plan itself") != std::string::npos);
}

TEST_CASE("a day on which nobody reported cannot be judged, and nor can one that nobody knows") {
  auto day = with_airings(2);
  day.add_row("a", Outcome::no_word);
  CHECK(day.judged(rule(4, 0)).standing == Standing::not_met);
  day.add_row("b", Outcome::inferred);
  const auto one = day.judged(rule(4, 0));
  CHECK(one.standing == Standing::unjudged);
  CHECK(one.why.zh.find("2 条排期") != std::string::npos);
  CHECK(Day().judged(rule(4, 0)).standing == Standing::unjudged);
}

TEST_CASE("hours that are not over are not failed yet") {
  const auto day = with_airings(2);
  CHECK(day.judged(rule(4, 0), evening_ns + 7199 * ns_per_s).standing == Standing::running);
  CHECK(day.judged(rule(4, 0), evening_ns + 7200 * ns_per_s).standing == Standing::not_met);
}

TEST_CASE("a share of commercials is judged only where it is known how many there were") {
  auto day = with_airings(2);  // 30 s
  CHECK(day.judged(rule(0, 300)).standing == Standing::unjudged);
  CHECK(day.judged(rule(0, 300)).why.zh.find("商业广告不在台账里") != std::string::npos);
  day.commercial_ns = 1000 * ns_per_s;
  CHECK(day.judged(rule(0, 300)).standing == Standing::met);
  day.commercial_ns = 1001 * ns_per_s;
  CHECK(day.judged(rule(0, 300)).standing == Standing::not_met);
  // Ours alone, in the ledger.
  day.commercial_ns.reset();
  day.facts[1].ad_class = "commercial";
  CHECK(day.judged(rule(0, 300)).standing == Standing::met);
  // More than any commercials could ask for.
  auto full = with_airings(1);
  full.facts[0].end_ns = full.facts[0].start_ns + 2592 * ns_per_s;
  CHECK(full.judged(rule(0, 300)).standing == Standing::met);
}
