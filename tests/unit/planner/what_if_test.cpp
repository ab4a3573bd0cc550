// SPDX-License-Identifier: Apache-2.0
#include "host/planner/what_if.hpp"

#include <catch2/catch.hpp>

#include "host/planner/faults.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t s = 1'000'000'000;
constexpr Date monday = 2026y / 11 / 23;

campaigns::Campaign campaign(const std::string &id, int airings) {
  campaigns::Campaign one;
  one.id = id;
  one.first = one.last = monday;
  one.windows = {{0, 86'400, {}}};
  one.assets = {{id + "-1", 1, {}}};
  one.targets = {{{"cable"}, airings, campaigns::Target::Per::day, {}}};
  return one;
}

/// Two channels with an hourly break of half a minute, and a campaign that fills a third of one.
struct AskedDay {
  Zone zone = *Zone::find("Asia/Shanghai");
  Question question;
  Options options{1, 2'000, {}};

  AskedDay() {
    question.first = monday;
    question.channels = {"cable", "radio"};
    question.open_from_ns = {0, 0};
    question.duration_ns = [](const std::string &asset,
                              const std::string &) -> std::optional<std::int64_t> {
      if (asset == "unmade-1") return {};
      return 20 * s;
    };
    for (const std::string channel : {"cable", "radio"}) {
      grids::GridDay day;
      day.channel = channel;
      day.date = monday;
      day.start_ns = zone.instant(monday, 0);
      day.end_ns = zone.instant(next_day(monday), 0);
      for (int hour = 0; hour < 24; ++hour)
        day.breaks.push_back(
            {channel + "/" + std::to_string(hour), day.start_ns + hour * 3'600 * s, 30 * s, 0, {}});
      question.grid_days.push_back(day);
    }
    question.campaigns = {campaign("values", 16)};
    question.campaigns[0].weight = 5;
  }
  Effect effect(const std::vector<Change> &changes) const {
    auto effect = effect_of(question, changes, zone, options);
    REQUIRE(effect.ok());
    return *std::move(effect);
  }
  void must_tell(const std::vector<Change> &changes, const FaultKind &kind) const {
    const auto after = changed(question, changes);
    REQUIRE_FALSE(after.ok());
    REQUIRE(after.fault().size() == 1);
    CHECK(after.fault().front().is(kind));
    CHECK(after.fault().front().text().find('{') == std::string::npos);
  }
};

}  // namespace

TEST_CASE("what changes nothing has no effect") {
  const AskedDay asked;
  const Effect effect = asked.effect({});
  REQUIRE(effect.campaigns.size() == 1);
  CHECK(effect.campaigns[0].planned == 16);
  CHECK(effect.campaigns[0].planned_before == 16);
  CHECK(effect.moved == 0);
  CHECK(effect.cost == Approx(effect.cost_before));
}

TEST_CASE("a new campaign takes what is left, and one that is heavier more") {
  const AskedDay asked;
  const Effect effect = asked.effect({CampaignComes{campaign("new", 10), -1}});
  REQUIRE(effect.campaigns.size() == 2);
  CHECK(effect.campaigns[0].planned == 16);
  CHECK_FALSE(effect.campaigns[0].is_new);
  CHECK(effect.campaigns[1].is_new);
  CHECK(effect.campaigns[1].wanted_before == 0);
  CHECK(effect.campaigns[1].wanted == 10);
  CHECK(effect.campaigns[1].planned == 8);
  CHECK(effect.moved == 0);
  CHECK(effect.cost == Approx(effect.cost_before));
  auto heavy = campaign("new", 10);
  heavy.weight = 1'000;
  const Effect heavier = asked.effect({CampaignComes{heavy, -1}});
  CHECK(heavier.campaigns[0].planned == 14);
  CHECK(heavier.campaigns[1].planned == 10);
  CHECK(heavier.cost > heavier.cost_before + 1);
}

TEST_CASE("a campaign of the same id is replaced") {
  const AskedDay asked;
  const Effect effect = asked.effect({CampaignComes{campaign("values", 30), -1}});
  REQUIRE(effect.campaigns.size() == 1);
  CHECK_FALSE(effect.campaigns[0].is_new);
  CHECK(effect.campaigns[0].wanted_before == 16);
  CHECK(effect.campaigns[0].wanted == 30);
  CHECK(effect.campaigns[0].planned == 24);
}

TEST_CASE("assets that are still to be made count only with a length") {
  const AskedDay asked;
  const Effect without = asked.effect({CampaignComes{campaign("unmade", 5), -1}});
  CHECK(without.campaigns[1].planned == 0);
  REQUIRE(without.warnings.size() == 1);
  CHECK(without.warnings[0].is(faults::planner_asset_unready));
  const Effect with = asked.effect({CampaignComes{campaign("unmade", 5), 10 * s}});
  CHECK(with.campaigns[1].planned == 5);
  CHECK(with.warnings.empty());
}

TEST_CASE("a lost channel takes its airings along, a lost break moves one") {
  AskedDay asked;
  asked.question.campaigns[0].targets.push_back({{"radio"}, 3, campaigns::Target::Per::day, {}});
  const Effect effect = asked.effect({ChannelLost{"cable"}});
  CHECK(effect.campaigns[0].planned_before == 19);
  CHECK(effect.campaigns[0].planned == 3);
  CHECK(effect.campaigns[0].wanted == 19);
  asked.question.campaigns = {campaign("values", 24)};
  asked.question.campaigns.push_back(campaign("short", 1));
  const Effect full = asked.effect({BreakLost{"cable/7"}});
  CHECK(full.campaigns[0].planned + full.campaigns[1].planned == 23);
  CHECK(full.campaigns[0].planned_before + full.campaigns[1].planned_before == 24);
}

TEST_CASE(
    "what is asked of a lost channel is still asked, in seconds and on a day that has begun") {
  AskedDay asked;
  auto &target = asked.question.campaigns[0].targets[0];
  target.unit = campaigns::Target::Unit::seconds;
  target.airings = 0;
  target.seconds = 320;
  asked.question.open_from_ns[0] = asked.zone.instant(monday, 12 * 3'600);
  const Effect effect = asked.effect({ChannelLost{"cable"}});
  CHECK(effect.campaigns[0].wanted_before == 16);
  CHECK(effect.campaigns[0].wanted == 16);
  CHECK(effect.campaigns[0].planned_before == 8);
  CHECK(effect.campaigns[0].planned == 0);
  CHECK(effect.cost > effect.cost_before);
  CHECK(effect.warnings.empty());
  // Who had nothing there before loses nothing.
  asked.question.campaigns[0].windows = {{0, 1, {}}};
  const Effect nothing = asked.effect({ChannelLost{"cable"}});
  CHECK(nothing.campaigns[0].planned_before == 0);
  CHECK(nothing.cost == Approx(nothing.cost_before));
}

TEST_CASE("a break grows or shrinks by what is said, and several changes go together") {
  AskedDay asked;
  asked.question.campaigns = {campaign("all", 24), campaign("more", 2)};
  asked.question.campaigns[0].weight = 100;
  const Effect longer = asked.effect({BreakResized{"cable/3", 10 * s}, ChannelLost{"radio"}});
  CHECK(longer.campaigns[0].planned_before == 24);
  CHECK(longer.campaigns[0].planned == 24);
  CHECK(longer.campaigns[1].planned_before == 0);
  CHECK(longer.campaigns[1].planned == 1);
  CHECK(longer.cost < longer.cost_before);
  const Effect shorter = asked.effect({BreakResized{"cable/3", -11 * s}});
  CHECK(shorter.campaigns[0].planned == 23);
}

TEST_CASE("what is short of legal minima is counted, by class, start and length") {
  const AskedDay asked;
  Problem problem = problem_of(asked.question, asked.zone).problem;
  const std::vector<Placement> placements = {{0, 0, 8, 8 * 3'600 * s, 8 * 3'600 * s + 20 * s}};
  for (Break &one : problem.breaks) one.start_ns = one.second_of_day * s;
  CHECK(minima_short(problem, placements) == MinimaShort{});
  problem.minima = {{0, 0, 8 * 3'600, 9 * 3'600, 3}, {1, 0, 8 * 3'600, 9 * 3'600, 2}};
  CHECK(minima_short(problem, placements) == MinimaShort{4, 0});
  problem.minima = {{0, 0, 0, 86'400, 0, 50 * s}, {0, 0, 0, 86'400, 0, 20 * s}};
  CHECK(minima_short(problem, placements) == MinimaShort{0, 30 * s});
  const std::uint32_t its_class = 1U << problem.campaigns[0].ad_class;
  problem.minima = {{0, 0, 0, 86'400, 1, 0, its_class}, {0, 0, 0, 86'400, 1, 0, ~its_class}};
  CHECK(minima_short(problem, placements) == MinimaShort{1, 0});
  problem.minima = {{0, 0, 8 * 3'600 + 1, 86'400, 1}};
  CHECK(minima_short(problem, placements) == MinimaShort{1, 0});
}

TEST_CASE("a lost channel's legal minima are gone and not met, a lost break's are short") {
  AskedDay asked;
  rules::Rule rule;
  rule.id = "morning";
  rule.media = {rules::Medium::tv};
  rule.counts = {campaigns::AdClass::psa};
  rule.least_airings = 1;
  rule.from_s = 7 * 3'600;
  rule.to_s = 8 * 3'600;
  rule.first = 2010y / 1 / 1;
  rule.last = 9999y / 12 / 31;
  asked.question.rules = {rule};
  asked.question.media = {rules::Medium::tv, rules::Medium::radio};
  const Effect none = asked.effect({});
  CHECK(none.minima_short_before == MinimaShort{});
  CHECK(none.minima_short == MinimaShort{});
  CHECK(none.minima_gone == 0);
  const Effect lost = asked.effect({ChannelLost{"cable"}});
  CHECK(lost.minima_short == MinimaShort{});
  CHECK(lost.minima_gone == 1);
  const Effect without = asked.effect({BreakLost{"cable/7"}});
  CHECK(without.minima_short_before == MinimaShort{});
  CHECK(without.minima_short == MinimaShort{1, 0});
  CHECK(without.minima_gone == 0);
  CHECK(asked.effect({ChannelLost{"radio"}}).minima_gone == 0);

  // What it costs the campaigns is not mixed with the law.
  asked.question.campaigns[0].windows = {{12 * 3'600, 86'400, {}}};
  const Effect apart = asked.effect({ChannelLost{"cable"}});
  CHECK(apart.minima_short_before == MinimaShort{1, 0});
  CHECK(apart.cost > apart.cost_before);
}

TEST_CASE("a change that cannot be made has its sentence, and each mistake is told") {
  const AskedDay asked;
  asked.must_tell({ChannelLost{"tv"}}, faults::what_if_channel_unknown);
  asked.must_tell({BreakLost{"cable/24"}}, faults::what_if_break_unknown);
  asked.must_tell({BreakResized{"cable/24", s}}, faults::what_if_break_unknown);
  asked.must_tell({BreakResized{"cable/2", -30 * s}}, faults::what_if_break_vanishes);
  asked.must_tell({BreakResized{"cable/2", 3'571 * s}}, faults::what_if_break_overlaps);
  CHECK(changed(asked.question, {BreakResized{"cable/2", 3'570 * s}}).ok());
  const auto both = changed(asked.question, {ChannelLost{"tv"}, BreakLost{"cable/24"}});
  REQUIRE_FALSE(both.ok());
  CHECK(both.fault().size() == 2);
}
