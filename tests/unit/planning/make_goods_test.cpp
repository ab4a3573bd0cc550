// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "host/flow/make_goods.hpp"

using namespace civicast;
using namespace civicast::flow;
using campaigns::Campaign;
using campaigns::Target;
using namespace std::chrono_literals;

namespace {

constexpr Date monday = 2026y / 11 / 23, tuesday = 2026y / 11 / 24;

std::vector<Campaign> campaigns_with(Target::Per per) {
  Campaign campaign;
  campaign.id = "values";
  campaign.targets = {{{"cable", "screens"}, 9, per}, {{"feed"}, 9, per}};
  return {campaign};
}

std::vector<std::string> linked(const std::vector<Campaign> &campaigns,
                                const std::vector<Owed> &owed, std::vector<Chance> chances) {
  make_good(campaigns, owed, chances);
  std::vector<std::string> out;
  for (const Chance &one : chances) out.push_back(one.makes_good);
  return out;
}
using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("the oldest is made good first, on its own channel, then on others of the target") {
  const auto campaigns = campaigns_with(Target::Per::campaign);
  const std::vector<Owed> owed = {{"s1", "screens", "values", monday},
                                  {"c1", "cable", "values", monday},
                                  {"c2", "cable", "values", monday},
                                  {"f1", "feed", "values", monday}};
  CHECK(linked(campaigns, owed,
               {{"cable", "values", tuesday, 30, true, {}},
                {"cable", "values", tuesday, 10, true, {}},
                {"cable", "values", tuesday, 40, true, {}},
                {"cable", "values", tuesday, 50, true, {}},
                {"cable", "other", tuesday, 5, true, {}}}) == Ids{"c2", "c1", "s1", "", ""});
}

TEST_CASE("nothing is made good twice, nor by what was planned before it failed") {
  const auto campaigns = campaigns_with(Target::Per::campaign);
  const std::vector<Owed> owed = {{"c1", "cable", "values", monday},
                                  {"c2", "cable", "values", monday}};
  CHECK(linked(campaigns, owed,
               {{"cable", "values", tuesday, 10, true, {}},
                {"cable", "values", tuesday, 20, false, {}},
                {"cable", "values", tuesday, 30, false, "c1"},
                {"cable", "values", tuesday, 40, true, {}}}) == Ids{"c2", "", "c1", ""});
}

TEST_CASE("a day's target is owed nothing by another day") {
  const auto campaigns = campaigns_with(Target::Per::day);
  const std::vector<Owed> owed = {{"c1", "cable", "values", monday},
                                  {"c2", "cable", "values", tuesday},
                                  {"c3", "cable", "values", tuesday}};
  CHECK(linked(campaigns, owed,
               {{"cable", "values", monday, 5, false, {}},
                {"cable", "values", tuesday, 10, true, {}},
                {"cable", "values", tuesday, 20, true, {}},
                {"cable", "values", tuesday, 30, true, {}}}) == Ids{"", "c2", "c3", ""});
}
