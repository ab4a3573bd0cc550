// SPDX-License-Identifier: Apache-2.0
#include "host/planner/explain.hpp"

#include <catch2/catch.hpp>
#include <numeric>
#include <set>

#include "host/planner/check.hpp"
#include "host/planner/explain_words.hpp"
#include "tests/unit/planner/questions.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace civicast::planner::test;

namespace {

/// Hourly breaks of a minute. Campaign 0 is asked about; 1 shares its topic, 2 shares nothing.
struct AskedPlan {
  Problem problem = even_breaks(2, 3'600, 60);
  std::vector<Placement> placements;
  std::vector<std::int64_t> closed_before_ns;

  AskedPlan() {
    problem.campaigns = {simple_campaign("asked", 15, {3, 3}), simple_campaign("topic", 15, {3, 3}),
                         simple_campaign("other", 20, {3, 3})};
    problem.campaigns[0].topic = problem.campaigns[1].topic = 7;
  }
  Campaign &campaign() { return problem.campaigns[0]; }
  void stands(int who, int in_break) {
    placements = with_one_more(problem, placements, who, in_break);
  }
  Verdict at(int in_break) const {
    return Explainer(problem, placements, closed_before_ns).why_not(0, in_break);
  }
};

}  // namespace

TEST_CASE("each reason arises where it must, with its numbers, and nowhere beside") {
  AskedPlan asked;
  Why wanted = Why::open;
  int lacks_s = 0, other = -1;
  SECTION("nothing is in the way") {}
  SECTION("closed") {
    asked.closed_before_ns = {8 * 3'600 * second_ns + 1};
    wanted = Why::closed;
  }
  SECTION("no target") {
    asked.campaign().targets.clear();
    wanted = Why::no_target;
  }
  SECTION("dates") {
    asked.campaign().first_day = 1;
    wanted = Why::outside_dates;
  }
  SECTION("class") {
    asked.problem.breaks[8].classes = 0b10;
    wanted = Why::class_refused;
  }
  SECTION("no house file") {
    asked.campaign().assets[0].duration_ns = {-1};
    wanted = Why::no_house_file;
  }
  SECTION("too long") {
    asked.problem.breaks[8].length_ns = 12 * second_ns;
    wanted = Why::too_long;
    lacks_s = 3;
  }
  SECTION("windows") {
    asked.campaign().windows = {{0, 8 * 3'600}, {8 * 3'600 + 1, 86'400}};
    wanted = Why::outside_windows;
  }
  SECTION("here") {
    asked.stands(0, 8);
    wanted = Why::here;
  }
  SECTION("too near to the one before") {
    asked.stands(0, 7);
    asked.campaign().separation_ns = 3'610 * second_ns;
    wanted = Why::too_near;
    lacks_s = 10;
  }
  SECTION("too near to the one after") {
    asked.stands(0, 9);
    asked.campaign().separation_ns = 3'610 * second_ns;
    wanted = Why::too_near;
    lacks_s = 10;
  }
  SECTION("too near to what is fixed") {
    asked.problem.fixed = {{0, 0, 0, -1, 7 * 3'600 * second_ns}};
    asked.campaign().separation_ns = 3'610 * second_ns;
    wanted = Why::too_near;
    lacks_s = 10;
  }
  SECTION("topic") {
    asked.stands(1, 8);
    wanted = Why::topic;
    other = 1;
  }
  SECTION("items") {
    asked.problem.breaks[8].max_items = 1;
    asked.stands(2, 8);
    wanted = Why::items_full;
  }
  SECTION("full") {
    asked.problem.breaks[8].length_ns = 30 * second_ns;
    asked.stands(2, 8);
    wanted = Why::full;
    lacks_s = 5;
  }
  SECTION("pushed out of its window") {
    asked.campaign().windows = {{0, 8 * 3'600 + 20}};
    asked.stands(2, 8);
    wanted = Why::pushed_out;
  }
  SECTION("target met") {
    asked.campaign().targets[0].most = 1;
    asked.stands(0, 20);
    wanted = Why::target_met;
  }
  SECTION("day met") {
    asked.campaign().targets[0].is_daily = true;
    asked.campaign().targets[0].quota = {1, 3};
    asked.stands(0, 20);
    wanted = Why::day_met;
  }
  SECTION("day capped") {
    asked.campaign().targets[0].quota = {3, 3};
    (GENERATE(false, true) ? asked.campaign().targets[0].day_most
                           : asked.campaign().targets[0].channel_day_most) = 1;
    asked.stands(0, 20);
    wanted = Why::day_capped;
  }
  SECTION("pace met") {
    asked.campaign().targets[0].quota = {1, 0};
    asked.stands(0, 20);
    wanted = Why::pace_met;
  }
  SECTION("no margin") {
    asked.campaign().windows = {{0, 8 * 3'600 + 30}};
    wanted = Why::no_margin;
  }
  const Verdict verdict = asked.at(8);
  CHECK(verdict.why == wanted);
  CHECK(verdict.in_break == 8);
  CHECK(verdict.lacks_ns == lacks_s * second_ns);
  CHECK(verdict.other == other);
  CHECK(verdict.is_legal() == (wanted >= Why::no_margin));
}

TEST_CASE("a break is said to be open exactly where one more airing passes the check") {
  std::set<Why> seen;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Problem problem = random_problem(seed);
    problem.measures_breaks = seed % 5 == 0;
    if (problem.breaks.empty() || problem.campaigns.empty()) continue;
    for (Campaign &campaign : problem.campaigns)
      for (Target &target : campaign.targets) target.most += static_cast<int>(seed % 3);
    // A window that ends inside a break.
    const int edge = static_cast<int>(seed * 7'919 % problem.breaks.size());
    problem.campaigns[0].windows = {{0, problem.breaks[at_index(edge)].second_of_day + 10}};
    const auto placements = thinned_plan(problem, seed);
    REQUIRE(check(problem, placements).empty());
    const Explainer explainer(problem, placements);
    std::mt19937_64 random(seed);
    for (int turn = 0; turn < 60; ++turn) {
      const bool is_edge = turn == 0;
      const int in_break = is_edge ? edge : static_cast<int>(random() % problem.breaks.size());
      const int campaign = is_edge ? 0 : static_cast<int>(random() % problem.campaigns.size());
      const Verdict verdict = explainer.why_not(campaign, in_break);
      seen.insert(verdict.why);
      INFO("seed " << seed << " campaign " << campaign << " break " << in_break << " why "
                   << static_cast<int>(verdict.why));
      const Faults faults = check(problem, with_one_more(problem, placements, campaign, in_break));
      CHECK(verdict.is_legal() == faults.empty());
    }
  }
  for (std::size_t why = 1; why < why_count; ++why) {
    INFO(why);
    CHECK(seen.count(static_cast<Why>(why)) == 1);
  }
  CHECK(seen.size() == why_count - 1);  // nothing is closed here
}

TEST_CASE("an airing names each legal minimum to which it counts, and no other") {
  AskedPlan asked;
  asked.stands(0, 8);
  asked.campaign().ad_class = 1;
  Minimum seconds{0, 0, 0, 86'400, 0};
  seconds.least_ns = 90 * second_ns;
  asked.problem.minima = {{0, 0, 8 * 3'600, 9 * 3'600, 4},
                          {0, 0, 9 * 3'600, 10 * 3'600, 4},
                          seconds,
                          {0, 1, 0, 86'400, 4},
                          {0, 0, 0, 86'400, 4, 0, 0b101}};
  Explainer explainer(asked.problem, asked.placements);
  const Reasons reasons = explainer.why(0);
  CHECK(reasons.minima == std::vector<int>{0, 2});
  const Zone zone = *Zone::find("Asia/Shanghai");
  const ExplainWords words(asked.problem, asked.placements, zone,
                           std::chrono::year(2026) / 11 / 23);
  std::string told;
  for (const Fault &one : words.sentences(reasons, explainer.others_on_day(0)))
    told += one.sentence(Lang::en) + "\n";
  INFO(told);
  CHECK(told.find("at least 4 airings from 08:00") != std::string::npos);
  CHECK(told.find("at least 1m30s in all from 00:00") != std::string::npos);
  CHECK(told.find("from 09:00") == std::string::npos);
}

TEST_CASE("what the search would do is among what is said to be open") {
  for (std::uint64_t seed = 300; seed < 340; ++seed) {
    INFO("seed " << seed);
    const Problem problem = random_problem(seed);
    const auto plan = make_plan(problem, {seed, 500, {}});
    for (std::size_t i = 0; i < plan.placements.size(); i += 7) {
      auto without = plan.placements;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      const Placement &gone = plan.placements[i];
      const Explainer explainer(problem, laid_again(problem, without));
      CHECK(explainer.why_not(gone.campaign, gone.in_break).why == Why::open);
    }
  }
}

TEST_CASE(
    "every break of the day has one reason, and chances are given only where one is missing") {
  for (std::uint64_t seed = 400; seed < 440; ++seed) {
    INFO("seed " << seed);
    const Problem problem = random_problem(seed);
    const auto placements = thinned_plan(problem, seed);
    Explainer explainer(problem, placements);
    for (int campaign = 0; campaign < static_cast<int>(problem.campaigns.size()); ++campaign)
      for (const Account &account : explainer.accounts(campaign, 3)) {
        const Campaign &of = problem.campaigns[at_index(campaign)];
        const auto &channels = of.targets[at_index(account.target)].channels;
        const auto breaks =
            std::count_if(problem.breaks.begin(), problem.breaks.end(), [&](const Break &one) {
              return one.day == account.day &&
                     std::count(channels.begin(), channels.end(), one.channel) > 0;
            });
        CHECK(account.all_breaks() == breaks);
        CHECK(account.chances.size() <= (account.missing() > 0 ? 3U : 0U));
      }
  }
}

TEST_CASE("what would have to give is enough, and costs what is said") {
  int swaps = 0, moves = 0;
  for (std::uint64_t seed = 500; seed < 560; ++seed) {
    Problem problem = random_problem(seed);
    for (Campaign &campaign : problem.campaigns)
      for (Target &target : campaign.targets) {
        for (int &quota : target.quota) quota *= 3;
        target.most *= 3;
      }
    const auto placements = make_plan(problem, {seed, 500, {}}).placements;
    Explainer explainer(problem, placements);
    const double before = Weighing(problem, {}, placements, {}).cost();
    for (int campaign = 0; campaign < static_cast<int>(problem.campaigns.size()); ++campaign)
      for (const Account &account : explainer.accounts(campaign, 2))
        for (const Chance &chance : account.chances)
          for (const Swap &swap : chance.swaps) {
            INFO("seed " << seed << " campaign " << campaign << " break " << chance.verdict.in_break
                         << " rival " << swap.rival);
            auto after = placements;
            const auto rival = std::find_if(after.begin(), after.end(), [&](const auto &one) {
              return one.in_break == chance.verdict.in_break && one.campaign == swap.rival;
            });
            REQUIRE(rival != after.end());
            after.erase(rival);
            if (swap.moves) after = with_one_more(problem, after, swap.rival, *swap.moves);
            after = with_one_more(problem, after, campaign, chance.verdict.in_break);
            after = laid_again(problem, after);
            for (const Fault &fault : check(problem, after)) FAIL_CHECK(fault.text());
            const double cost = Weighing(problem, {}, after, {}).cost();
            CHECK(cost - before == Approx(swap.net).margin(0.01));
            ++swaps;
            moves += swap.moves ? 1 : 0;
          }
  }
  CHECK(swaps > 20);
  CHECK(moves > 5);
}

TEST_CASE("the next best break is free, and no other is cheaper") {
  int moves = 0;
  for (std::uint64_t seed = 600; seed < 625; ++seed) {
    const Problem problem = random_problem(seed);
    const auto plan = make_plan(problem, {seed, 500, {}});
    const double before = Weighing(problem, {}, plan.placements, {}).cost();
    Explainer explainer(problem, plan.placements);
    for (std::size_t i = 0; i < plan.placements.size(); i += 19) {
      INFO("seed " << seed << " placement " << i);
      const Placement &of = plan.placements[i];
      const Reasons reasons = explainer.why(static_cast<int>(i));
      REQUIRE(reasons.is_weighed);
      auto without = plan.placements;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      CHECK(Weighing(problem, {}, without, {}).cost() - before ==
            Approx(reasons.worth).margin(0.01));
      if (!reasons.next_best) continue;
      ++moves;
      const auto moved = laid_again(
          problem, with_one_more(problem, without, of.campaign, reasons.next_best->in_break));
      CHECK(check(problem, moved).empty());
      CHECK(Weighing(problem, {}, moved, {}).cost() - before ==
            Approx(reasons.next_best->cost).margin(0.01));
      const Explainer rest(problem, without);
      for (int b = 0; b < static_cast<int>(problem.breaks.size()); b += 5) {
        if (b == of.in_break || rest.why_not(of.campaign, b).why != Why::open) continue;
        if (target_on(problem.campaigns[at_index(of.campaign)],
                      problem.breaks[at_index(b)].channel) != reasons.target)
          continue;
        const auto other = with_one_more(problem, without, of.campaign, b);
        CHECK(Weighing(problem, {}, other, {}).cost() - before >= reasons.next_best->cost - 0.01);
      }
    }
  }
  CHECK(moves > 10);
}

TEST_CASE("questions change nothing, and the same question has the same answer") {
  const Problem problem = random_problem(701);
  const auto placements = thinned_plan(problem, 701);
  Explainer explainer(problem, placements);
  const auto ask = [&] {
    std::vector<double> numbers;
    for (int campaign = 0; campaign < static_cast<int>(problem.campaigns.size()); ++campaign)
      for (const Account &account : explainer.accounts(campaign, 5)) {
        numbers.push_back(account.missing());
        for (const Chance &chance : account.chances) {
          numbers.push_back(chance.verdict.in_break);
          numbers.push_back(std::round(chance.gain * 100));
        }
      }
    return numbers;
  };
  const auto first = ask();
  REQUIRE(first.size() > 10);
  CHECK(ask() == first);
}
