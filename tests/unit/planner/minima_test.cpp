// SPDX-License-Identifier: Apache-2.0
// Legal minima: what is asked of a day, and that plans give it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "host/planner/check.hpp"
#include "host/planner/minima.hpp"
#include "host/planner/planner.hpp"
#include "host/planner/search.hpp"
#include "tests/unit/planner/problems.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace std::chrono_literals;
using campaigns::AdClass;
using test::second_ns;

namespace {

constexpr Date monday = 2026y / 11 / 23;
constexpr int evening_s = 19 * 3'600, night_s = 21 * 3'600;

rules::Rule rule(const std::string &id, int least_airings, int least_share) {
  rules::Rule rule;
  rule.id = id;
  rule.media = {rules::Medium::tv};
  rule.counts = {AdClass::psa};
  rule.least_airings = least_airings;
  rule.least_share = least_share;
  if (least_airings > 0) {
    rule.from_s = evening_s;
    rule.to_s = night_s;
  }
  rule.first = 2010y / 1 / 1;
  rule.last = 9999y / 12 / 31;
  return rule;
}

/// Television and a screen, a break of a minute every hour.
struct Station {
  Zone zone = *Zone::find("Asia/Shanghai");
  Question question;

  Station() {
    question.first = monday;
    question.days = 2;
    question.channels = {"tv", "screen"};
    question.media = {rules::Medium::tv, rules::Medium::screen};
    question.rules = {rule("evening", 4, 0), rule("share", 0, 300)};
    question.open_from_ns = {0, 0};
    question.duration_ns = [](const std::string &asset, const std::string &) {
      return (asset == "advert" ? 30 : 15) * second_ns;
    };
    for (const auto &channel : question.channels)
      for (const Date date : {monday, next_day(monday)}) {
        grids::GridDay day;
        day.channel = channel;
        day.date = date;
        day.start_ns = zone.instant(date, 0);
        for (int hour = 0; hour < 24; ++hour) {
          grids::Break one;
          one.id = channel + date_text(date) + std::to_string(hour);
          one.start_ns = day.start_ns + hour * 3'600 * second_ns;
          one.length_ns = 60 * second_ns;
          day.breaks.push_back(one);
        }
        question.grid_days.push_back(day);
      }
  }
  void freeze(Date date, int second_of_day, AdClass ad_class = AdClass::psa) {
    question.standing.push_back({"tv", "values", "poster", "gone", date,
                                 zone.instant(date, second_of_day), true, ad_class,
                                 15 * second_ns});
  }
  std::vector<Minimum> minima() const { return problem_of(question, zone).problem.minima; }
};

int starts_in(const Problem &problem, const Plan &plan, int campaign, int from_s, int to_s) {
  return static_cast<int>(
      std::count_if(plan.placements.begin(), plan.placements.end(), [&](const Placement &one) {
        const Break &in = problem.breaks[static_cast<std::size_t>(one.in_break)];
        const auto at_s = in.second_of_day + (one.start_ns - in.start_ns) / second_ns;
        return one.campaign == campaign && in.day == 0 && at_s >= from_s && at_s < to_s;
      }));
}

Minimum airings(int least) {
  return {0, 0, evening_s, night_s, least};
}
Minimum seconds(int least_s) {
  Minimum minimum{0, 0, 0, 86'400, 0};
  minimum.least_ns = least_s * second_ns;
  return minimum;
}

}  // namespace

TEST_CASE("rules ask of each day of the channels that they are for, and of no others") {
  Station station;
  const auto minima = station.minima();
  REQUIRE(minima.size() == 2);  // no commercials, so no share of them
  for (int day = 0; day < 2; ++day) {
    const Minimum &minimum = minima[static_cast<std::size_t>(day)];
    CHECK(minimum.channel == 0);
    CHECK(minimum.day == day);
    CHECK(minimum.from_s == evening_s);
    CHECK(minimum.to_s == night_s);
    CHECK(minimum.least == 4);
    CHECK(minimum.classes == 1U << static_cast<int>(AdClass::psa));
  }
  station.question.rules.clear();
  CHECK(station.minima().empty());
}

TEST_CASE("what is frozen in a rule's hours counts towards it, and nothing else does") {
  Station station;
  station.freeze(monday, evening_s);
  station.freeze(monday, evening_s + 600);
  station.freeze(monday, night_s);
  station.freeze(monday, evening_s + 900, AdClass::information);
  station.freeze(next_day(monday), 3'600);
  const auto minima = station.minima();
  REQUIRE(minima.size() == 2);
  CHECK(minima[0].least == 2);
  CHECK(minima[1].least == 4);
}

TEST_CASE("a minimum that is met, or whose hours are over, is not asked for") {
  Station station;
  for (int i = 0; i < 4; ++i) station.freeze(monday, evening_s + 60 * i);
  CHECK(station.minima().size() == 1);
  Station late;
  late.question.open_from_ns[0] = late.zone.instant(monday, night_s - 1'800);
  CHECK(late.minima().size() == 1);
}

TEST_CASE("3 % of the log's commercials are asked for in seconds, less what is frozen") {
  Station station;
  station.question.rules.erase(station.question.rules.begin());
  station.question.grid_days[0].commercials = {{0, 43'200, 1'800 * second_ns},
                                               {43'200, 86'400, 200 * second_ns}};
  station.freeze(monday, 600);
  const auto minima = station.minima();
  REQUIRE(minima.size() == 1);
  CHECK(minima[0].least == 0);
  CHECK(minima[0].least_ns == 45 * second_ns);
  CHECK(minima[0].from_s == 0);
  CHECK(minima[0].to_s == 86'400);
}

TEST_CASE("commercials that are still to be planned ask for their share too") {
  Station station;
  station.question.rules.erase(station.question.rules.begin());
  campaigns::Campaign adverts;
  adverts.id = "adverts";
  adverts.ad_class = AdClass::commercial;
  adverts.first = adverts.last = monday;
  adverts.windows = {{0, 86'400, {}}};
  adverts.assets = {{"advert", 1, {}}};
  adverts.targets = {{{"tv"}, 20, campaigns::Target::Per::day, {}}};
  station.question.campaigns = {adverts};
  const auto minima = station.minima();
  REQUIRE(minima.size() == 1);
  CHECK(minima[0].day == 0);
  CHECK(minima[0].least_ns == 18 * second_ns);
}

TEST_CASE("a legal minimum draws airings into its hours, against an even day") {
  Problem problem = test::even_breaks(1, 600, 15);
  problem.campaigns = {test::simple_campaign("values", 15, {6})};
  CHECK(starts_in(problem, make_plan(problem, {}), 0, evening_s, night_s) < 4);
  problem.minima = {airings(4)};
  const Plan plan = make_plan(problem, {});
  CHECK(check(problem, plan.placements).empty());
  CHECK(starts_in(problem, plan, 0, evening_s, night_s) == 4);
  CHECK(plan.placements.size() == 6);
}

TEST_CASE("a minimum of seconds draws airings from other days until there are enough") {
  Problem problem = test::even_breaks(2, 600, 15);
  problem.campaigns = {test::simple_campaign("values", 15, {12, 12})};
  CHECK(starts_in(problem, make_plan(problem, {}), 0, 0, 86'400) == 12);
  problem.minima = {seconds(15 * 17 + 1)};
  const Plan plan = make_plan(problem, {});
  CHECK(check(problem, plan.placements).empty());
  CHECK(starts_in(problem, plan, 0, 0, 86'400) == 18);
}

TEST_CASE("one day's minima are met together") {
  Problem problem = test::even_breaks(2, 600, 15);
  problem.campaigns = {test::simple_campaign("values", 15, {8, 8})};
  problem.minima = {
      seconds(15 * 12), airings(5), {0, 0, 6 * 3'600, 8 * 3'600, 3}, {0, 1, evening_s, night_s, 2}};
  const Plan plan = make_plan(problem, {});
  CHECK(check(problem, plan.placements).empty());
  CHECK(starts_in(problem, plan, 0, 0, 86'400) == 12);
  CHECK(starts_in(problem, plan, 0, evening_s, night_s) == 5);
  CHECK(starts_in(problem, plan, 0, 6 * 3'600, 8 * 3'600) >= 3);
}

TEST_CASE("airings of a class that does not count are not drawn into the hours") {
  Problem problem = test::even_breaks(1, 600, 15);
  problem.campaigns = {test::simple_campaign("values", 15, {6}),
                       test::simple_campaign("promo", 15, {6})};
  problem.campaigns[1].ad_class = 2;
  problem.minima = {airings(6)};
  problem.minima[0].classes = 1;
  const Plan plan = make_plan(problem, {});
  CHECK(starts_in(problem, plan, 0, evening_s, night_s) == 6);
  CHECK(starts_in(problem, plan, 1, evening_s, night_s) < 3);
}

TEST_CASE("a spot late in a break is not counted for hours that may be over by then") {
  Problem problem;
  problem.channels = {"tv"};
  Break last;
  last.second_of_day = night_s - 10;
  last.start_ns = last.second_of_day * second_ns;
  last.length_ns = 60 * second_ns;
  Break early = last;
  early.second_of_day = night_s - 3'600;
  early.start_ns = early.second_of_day * second_ns;
  problem.breaks = {early, last};
  problem.break_ids = {"early", "last"};
  problem.campaigns = {test::simple_campaign("values", 15, {1})};
  problem.minima = {airings(1)};
  const Plan plan = make_plan(problem, {});
  REQUIRE(plan.placements.size() == 1);
  CHECK(plan.placements[0].in_break == 0);
}

TEST_CASE("a few airings find the hours of the law in a day of thousands of breaks, at once") {
  Problem problem = test::even_breaks(1, 30, 15);
  problem.campaigns = {test::simple_campaign("values", 15, {6})};
  problem.campaigns[0].targets[0].is_daily = true;
  problem.minima = {airings(4)};
  for (const std::int64_t moves : {0, 5'000}) {
    Options options;
    options.moves = moves;
    const Plan plan = make_plan(problem, options);
    CHECK(check(problem, plan.placements).empty());
    CHECK(starts_in(problem, plan, 0, evening_s, night_s) == 4);
    CHECK(plan.placements.size() == 6);
  }
}

TEST_CASE("what does not count makes room in the hours of the law, and is aired elsewhere") {
  Problem problem = test::even_breaks(1, 600, 15);
  problem.campaigns = {test::simple_campaign("promo", 15, {12}),
                       test::simple_campaign("values", 15, {4})};
  problem.campaigns[0].ad_class = 2;
  problem.campaigns[0].weight = 5;
  problem.campaigns[0].windows = {{evening_s - 3'600, night_s}};
  problem.minima = {airings(4)};
  problem.minima[0].classes = 1;
  const Plan plan = make_plan(problem, {});
  CHECK(check(problem, plan.placements).empty());
  CHECK(starts_in(problem, plan, 1, evening_s, night_s) == 4);
  CHECK(plan.placements.size() == 16);
}

TEST_CASE(
    "a published plan that is short of a legal minimum is mended, and little else is changed") {
  Problem problem = test::even_breaks(1, 600, 15);
  problem.campaigns = {test::simple_campaign("values", 15, {12})};
  const Plan before = make_plan(problem, {});
  REQUIRE(starts_in(problem, before, 0, evening_s, night_s) < 4);
  for (const Placement &one : before.placements)
    problem.published.push_back({one.campaign, one.asset, one.in_break});
  problem.minima = {airings(4)};
  const Plan plan = make_plan(problem, {});
  CHECK(starts_in(problem, plan, 0, evening_s, night_s) >= 4);
  const auto kept =
      std::count_if(plan.placements.begin(), plan.placements.end(), [&](const Placement &one) {
        return std::any_of(before.placements.begin(), before.placements.end(),
                           [&](const Placement &old) { return old.in_break == one.in_break; });
      });
  CHECK(kept >= 8);
}

TEST_CASE("a legal minimum is met by what a full day has, where no more may be added to it") {
  const bool is_by_channel = GENERATE(false, true);
  Problem problem = test::even_breaks(2, 600, 15);
  std::erase_if(problem.breaks, [](const Break &one) { return one.day == 1; });
  problem.break_ids.resize(problem.breaks.size());
  problem.campaigns = {test::simple_campaign("values", 15, {6, 6})};
  Target &target = problem.campaigns[0].targets[0];
  (is_by_channel ? target.channel_day_most : target.day_most) = 6;
  problem.minima = {airings(4)};
  for (const std::int64_t moves : {0, 5'000}) {
    Options options;
    options.moves = moves;
    const Plan plan = make_plan(problem, options);
    CHECK(check(problem, plan.placements).empty());
    CHECK(plan.placements.size() == 6);
    CHECK(starts_in(problem, plan, 0, evening_s, night_s) == 4);
  }
}

TEST_CASE("who may not stand beside what is there in the hours of the law takes its place") {
  Problem problem = test::even_breaks(1, 600, 60);
  problem.campaigns = {test::simple_campaign("promo", 15, {12}),
                       test::simple_campaign("values", 15, {4})};
  problem.campaigns[0].ad_class = 2;
  problem.campaigns[0].windows = {{evening_s, night_s}};
  problem.campaigns[1].not_with = {0};
  problem.minima = {airings(4)};
  problem.minima[0].classes = 1;
  Options options;
  options.moves = 0;
  const Plan plan = make_plan(problem, options);
  CHECK(check(problem, plan.placements).empty());
  CHECK(starts_in(problem, plan, 1, evening_s, night_s) == 4);
  CHECK(starts_in(problem, plan, 0, evening_s, night_s) == 8);
}

namespace {

/// Two for each channel and day: airings of any class in the first half, time of two classes.
void add_minima(Problem &problem, std::uint64_t seed) {
  const auto channels = static_cast<int>(problem.channels.size());
  for (int channel = 0; channel < channels; ++channel)
    for (int day = 0; day < problem.days; ++day) {
      problem.minima.push_back({channel, day, 0, 43'200, 1 + static_cast<int>(seed % 5)});
      Minimum time{channel, day, 21'600, 86'400, 0};
      time.least_ns = static_cast<std::int64_t>(seed % 7 + 1) * 20 * second_ns;
      time.classes = 3;
      problem.minima.push_back(time);
    }
}

std::uint64_t first_seed() {
  const char *given = std::getenv("CIVICAST_SEED");
  return given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
}

bool has_cap(const Problem &problem) {
  for (const Campaign &campaign : problem.campaigns)
    for (const Target &target : campaign.targets)
      if (target.day_most > 0 || target.channel_day_most > 0) return true;
  return false;
}

bool has_pair(const Problem &problem) {
  return std::any_of(problem.campaigns.begin(), problem.campaigns.end(),
                     [](const Campaign &one) { return !one.not_with.empty(); });
}

}  // namespace

TEST_CASE(
    "no plan breaks a rule for a legal minimum, with caps and excluded pairs, made anew or "
    "mended") {
  int with_all = 0;
  const std::uint64_t first = first_seed();
  for (std::uint64_t seed = first; seed < first + 150; ++seed) {
    INFO("CIVICAST_SEED=" << seed);
    Problem problem = test::random_problem(seed);
    add_minima(problem, seed);
    with_all += has_cap(problem) && has_pair(problem) ? 1 : 0;
    Options options;
    options.seed = seed;
    options.moves = seed % 2 == 0 ? 0 : 1'000;
    const Plan plan = make_plan(problem, options);
    CHECK(check(problem, plan.placements).empty());
    problem.published.clear();
    for (std::size_t i = 0; i < plan.placements.size(); i += 1 + seed % 3)
      problem.published.push_back(
          {plan.placements[i].campaign, plan.placements[i].asset, plan.placements[i].in_break});
    CHECK(check(problem, make_plan(problem, options).placements).empty());
  }
  if (first == 1) CHECK(with_all > 50);
}

TEST_CASE("with minima, the cost is that of the airings, and no plan costs less than the bound") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Problem problem = test::random_problem(seed);
    add_minima(problem, seed);
    Options options;
    options.seed = seed;
    options.moves = 2'000;
    const Plan plan = make_plan(problem, options);
    CHECK(check(problem, plan.placements).empty());
    CHECK(plan.bound <= plan.cost + 1);
    const Layout layout(problem, options.costs);
    Board board(layout);
    fill(board);
    const double energy = board.energy();
    board.recount();
    CHECK(energy == Approx(board.energy()));
  }
}
