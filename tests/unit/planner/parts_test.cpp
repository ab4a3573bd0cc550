// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>
#include <set>

#include "host/planner/check.hpp"
#include "host/planner/parts.hpp"
#include "host/planner/quota.hpp"
#include "host/planner/share.hpp"
#include "tests/unit/planner/problems.hpp"

using namespace civicast;
using namespace civicast::planner;
using namespace civicast::planner::test;

namespace {

std::vector<Plan> plans_of(const std::vector<Part> &parts, std::int64_t moves = 1'000) {
  std::vector<Plan> plans;
  Options options;
  options.moves = moves;
  for (const Part &part : parts) plans.push_back(make_plan(part.problem, options));
  return plans;
}

/// Channels alike, with one campaign over all of them.
Problem many_channels(int channels, int days, int quota) {
  Problem problem = even_breaks(days, 3'600, 60);
  const auto breaks = problem.breaks;
  problem.breaks.clear();
  problem.break_ids.clear();
  problem.channels.clear();
  for (int channel = 0; channel < channels; ++channel) {
    problem.channels.push_back("channel-" + std::to_string(channel));
    for (Break each : breaks) {
      each.channel = channel;
      problem.breaks.push_back(each);
      problem.break_ids.push_back(std::to_string(problem.breaks.size()));
    }
  }
  auto campaign = simple_campaign("a", 15, std::vector<int>(static_cast<std::size_t>(days), quota));
  campaign.assets = {{"a-1", 1, std::vector<std::int64_t>(problem.channels.size(), 15 * second_ns),
                      std::vector<int>(problem.channels.size(), 0)}};
  campaign.targets[0].channels.resize(problem.channels.size());
  std::iota(campaign.targets[0].channels.begin(), campaign.targets[0].channels.end(), 0);
  problem.campaigns = {campaign};
  return problem;
}

}  // namespace

TEST_CASE("parts hold everything once, and their plans together break no rule") {
  for (std::uint64_t seed = 1; seed <= 80; ++seed)
    for (const int most : {1, 2}) {
      INFO("seed " << seed << ", parts of " << most);
      const Problem problem = random_problem(seed);
      const auto parts = cut(problem, most);
      std::set<int> breaks, channels;
      std::size_t fixed = 0;
      for (const Part &part : parts) {
        for (const int each : part.breaks) CHECK(breaks.insert(each).second);
        for (const int each : part.channels) CHECK(channels.insert(each).second);
        fixed += part.problem.fixed.size();
      }
      CHECK(breaks.size() == problem.breaks.size());
      CHECK(channels.size() == problem.channels.size());
      CHECK(fixed == problem.fixed.size());
      const Plan plan = join(problem, parts, plans_of(parts));
      for (const Fault &fault : check(problem, plan.placements)) FAIL_CHECK(fault.text());
    }
}

TEST_CASE("a target that is cut is dealt out whole, day for day") {
  for (const int quota : {1, 5, 7, 23, 100}) {
    INFO(quota);
    const Problem problem = many_channels(7, 5, quota);
    const auto parts = cut(problem, 3);
    CHECK(parts.size() == 3);
    for (std::size_t day = 0; day < 5; ++day) {
      int sum = 0;
      for (const Part &part : parts) sum += part.problem.campaigns.at(0).targets.at(0).quota[day];
      CHECK(sum == quota);
    }
    const Plan plan = join(problem, parts, plans_of(parts, 5'000));
    CHECK(plan.outcomes.at(0).planned == 5 * quota);
    CHECK(plan.bound <= plan.cost + 1);
    std::map<int, int> by_channel;
    for (const Placement &one : plan.placements)
      ++by_channel[problem.breaks[static_cast<std::size_t>(one.in_break)].channel];
    // Inside a part a channel's share is a wish, which an even day can outweigh by a little.
    const double even = 5 * quota / 7.0;
    for (const auto &[channel, count] : by_channel)
      CHECK(std::abs(count - even) <= std::max(1.0, 0.1 * even));
  }
}

TEST_CASE("what a day has no room for goes to a part that has some on another day") {
  Problem problem = many_channels(4, 3, 12);
  std::vector<Break> kept;
  std::vector<std::string> ids;
  for (std::size_t b = 0; b < problem.breaks.size(); ++b) {
    if (problem.breaks[b].day == 1) continue;
    kept.push_back(problem.breaks[b]);
    ids.push_back(problem.break_ids[b]);
  }
  problem.breaks = kept;
  problem.break_ids = ids;
  const auto parts = cut(problem, 2);
  const Plan plan = join(problem, parts, plans_of(parts));
  CHECK(plan.outcomes.at(0).planned == 36);
}

TEST_CASE("what is fixed beyond its day's quota is taken off the days after it") {
  Problem problem = many_channels(4, 3, 4);
  for (int i = 0; i < 7; ++i)
    problem.fixed.push_back({0, 0, i % 2, 0, -(i + 1) * 3'600 * second_ns});
  const auto parts = cut(problem, 2);
  const Plan plan = join(problem, parts, plans_of(parts));
  CHECK(plan.outcomes.at(0).planned == 12);
  CHECK(check(problem, plan.placements).empty());
}

TEST_CASE("a target that limits its day keeps its channels together, all that fits is one part") {
  Problem problem = many_channels(6, 2, 12);
  problem.campaigns[0].targets[0].day_most = 12;
  CHECK(cut(problem, 2).size() == 1);
  problem.campaigns[0].targets[0].day_most = 0;
  CHECK(cut(problem, 2).size() == 3);
  CHECK(cut(problem, 6).size() == 1);
  CHECK(cut(Problem{}, 6).empty());
}

TEST_CASE("a part is planned as the whole is, if it is the whole") {
  const Problem problem = random_problem(7);
  const auto parts = cut(problem, 100);
  REQUIRE(parts.size() == 1);
  Options options;
  options.moves = 1'000;
  const Plan whole = make_plan(problem, options), joined = join(problem, parts, plans_of(parts));
  CHECK(whole.cost == joined.cost);
  REQUIRE(whole.placements.size() == joined.placements.size());
  for (std::size_t i = 0; i < whole.placements.size(); ++i) {
    CHECK(whole.placements[i].in_break == joined.placements[i].in_break);
    CHECK(whole.placements[i].campaign == joined.placements[i].campaign);
    CHECK(whole.placements[i].start_ns == joined.placements[i].start_ns);
  }
}

TEST_CASE("a quota is dealt out in turn, to whom it is due most and who can take it") {
  std::vector<Sharer> three(3);
  std::vector<Sharer *> all = {&three[0], &three[1], &three[2]};
  for (Sharer &one : three) one.most = 5;
  three[1].most = 1;
  CHECK(deal(7, all) == 0);
  CHECK(three[0].due == 3);
  CHECK(three[1].due == 1);
  CHECK(three[2].due == 3);
  CHECK(deal(9, all) == 5);
  CHECK(three[0].due == 5);
  std::vector<Sharer *> nobody;
  CHECK(deal(4, nobody) == 4);
  CHECK(arrears(10, 3) == 1);
  CHECK(arrears(10, 30) == -1);
}
