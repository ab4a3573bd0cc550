// SPDX-License-Identifier: Apache-2.0
// Days of the sample station, planned into a database of their own.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "host/grids/pattern.hpp"
#include "host/planner/faults.hpp"
#include "host/rules/faults.hpp"
#include "tests/unit/planning/planned.hpp"

using namespace civicast;
using namespace civicast::flow;
using playlists::Item;
using playlists::ItemKind;
using test::Planned;

namespace {

std::set<std::string> ids(const std::vector<Item> &items) {
  std::set<std::string> out;
  for (const Item &item : items) out.insert(item.id);
  return out;
}

}  // namespace

TEST_CASE("days of the sample are planned by the rules, whole, with what was asked for") {
  Planned planned;
  const auto summary =
      planned.plan(planned.at(0) - 3'600 * ns_per_s, planned.at(0) - 3'500 * ns_per_s, 3);
  CHECK(summary.warnings.empty());
  for (const Promise &promise : summary.promises) {
    INFO(promise.channel << " " << promise.campaign);
    CHECK(promise.planned == promise.asked);
  }
  planned.verify(2);
  for (const char *channel : {"cable", "screens"})
    planned.must_cover(channel, planned.at(0), planned.at(48));
  for (const Item &item : planned.playlists->day("feed", planned.today())) {
    REQUIRE(item.kind == ItemKind::placement);
    REQUIRE(item.start_ns == item.end_ns);
  }
}

TEST_CASE(
    "a first plan in the middle of a day begins at once, on the time grid, and asks for its "
    "share") {
  Planned planned;
  const auto summary = planned.plan(planned.at(18) + 1, planned.at(18) + 60 * ns_per_s);
  CHECK(summary.warnings.empty());
  for (const Promise &promise : summary.promises) {
    CHECK(promise.asked < promise.wanted);
    CHECK(promise.planned == promise.asked);
  }
  const auto items = planned.playlists->day("cable", planned.today());
  REQUIRE_FALSE(items.empty());
  CHECK(items.front().start_ns == planned.at(18) + 3 * ns_per_s);
  planned.must_cover("cable", items.front().start_ns, planned.at(24));
  planned.verify();
}

TEST_CASE("a plan that is made again changes next to nothing, and nothing that is frozen") {
  Planned planned;
  planned.plan(planned.at(6), planned.at(6), 2);
  const auto before = ids(planned.playlists->day("cable", planned.today()));
  const auto summary = planned.plan(planned.at(12), planned.at(12, 1), 2);
  CHECK(summary.warnings.empty());
  const auto after = ids(planned.playlists->day("cable", planned.today()));
  std::size_t kept = 0;
  for (const auto &id : after) kept += before.count(id);
  CHECK(kept * 100 >= before.size() * 99);
  for (const Item &item : planned.playlists->between("cable", planned.at(6, 1), planned.at(12, 1)))
    REQUIRE(before.count(item.id) == 1);
  planned.must_cover("cable", planned.at(6, 1), planned.at(24));
  planned.verify(2);
}

TEST_CASE("a break in progress keeps what was planned into it") {
  Planned planned;
  planned.plan(planned.at(6), planned.at(6));
  const auto items = planned.playlists->between("cable", planned.at(7), planned.at(8));
  const auto spot = std::find_if(items.begin(), items.end(),
                                 [](const Item &item) { return item.kind == ItemKind::placement; });
  REQUIRE(spot != items.end());
  planned.station.campaigns.clear();
  planned.plan(planned.at(6, 30), spot->start_ns + ns_per_s);
  REQUIRE(planned.playlists->find(spot->id));
  CHECK(planned.playlists->find(spot->id)->is_current);
  planned.must_cover("cable", planned.at(6, 1), planned.at(24));
  for (const Item &item : planned.playlists->between("cable", spot->end_ns, planned.at(24)))
    REQUIRE(item.kind != ItemKind::placement);
}

TEST_CASE("an asset that is not ready is named and never planned") {
  Planned planned;
  planned.unready = {"values-fuqiang", "prog-xianjie"};
  const auto summary = planned.plan(planned.at(0), planned.at(0));
  const auto warns_of = [&](const FaultKind &kind) {
    return std::any_of(summary.warnings.begin(), summary.warnings.end(),
                       [&](const Fault &fault) { return fault.is(kind); });
  };
  CHECK(warns_of(faults::planner_asset_unready));
  CHECK(warns_of(faults::planner_surrounding_unready));
  for (const char *channel : {"cable", "screens", "feed"})
    for (const Item &item : planned.playlists->day(channel, planned.today()))
      REQUIRE(planned.unready.count(item.asset) == 0);
  planned.must_cover("cable", planned.at(0, 1), planned.at(24));
}

TEST_CASE("the rules are judged as they are now") {
  Planned planned;
  planned.plan(planned.at(0), planned.at(0));
  planned.verify();
  planned.station.campaigns.front().windows = {{0, 1, {}}};
  const auto verdict =
      verify_days(planned.station, planned.durations(), *planned.playlists, planned.today(), 1);
  REQUIRE_FALSE(verdict.ok());
  CHECK(verdict.fault().front().is(faults::planner_outside_windows));
}

TEST_CASE("days are known to be planned, and no more days than that") {
  Planned planned;
  CHECK_FALSE(is_planned(planned.station, *planned.playlists, planned.at(6), 1));
  planned.plan(planned.at(6), planned.at(6), 2);
  CHECK(is_planned(planned.station, *planned.playlists, planned.at(6), 2));
  CHECK_FALSE(is_planned(planned.station, *planned.playlists, planned.at(6), 3));
}

TEST_CASE("assets of a campaign take turns over the days") {
  Planned planned;
  for (auto &target : planned.station.campaigns.front().targets) target.airings = 5;
  std::set<std::string> seen;
  for (int day = 0; day < 3; ++day) {
    planned.plan(planned.at(24 * day), planned.at(24 * day));
    const Date date = planned.station.zone.date_at(planned.at(24 * day));
    for (const Item &item : planned.playlists->day("cable", date))
      if (item.campaign == planned.station.campaigns.front().id) seen.insert(item.asset);
  }
  CHECK(seen.size() == std::min<std::size_t>(15, planned.station.campaigns.front().assets.size()));
}

TEST_CASE("a day that was brought in stays when the next one is planned") {
  Planned planned;
  planned.plan(planned.at(6), planned.at(6), 2);
  Date tuesday = next_day(planned.today());
  auto brought = planned.playlists->day("cable", tuesday);
  std::erase_if(brought, [&](const Item &item) { return item.start_ns >= planned.at(24 + 20); });
  planned.playlists->replace_from("cable", tuesday, brought, planned.at(24));
  const auto monday = planned.playlists->day("cable", planned.today());

  // Tuesday, 08:00: Wednesday is planned as a host plans it when the day turns.
  const auto now_ns = planned.at(24 + 8);
  REQUIRE(plan_days(planned.station, planned.durations(), *planned.playlists, now_ns, now_ns, 2,
                    Kept::planned_days)
              .ok());
  CHECK(planned.playlists->day("cable", planned.today()) == monday);
  CHECK(planned.playlists->day("cable", tuesday) == brought);
  CHECK(planned.playlists->has_day("cable", next_day(tuesday)));
  planned.must_cover("cable", planned.at(48), planned.at(72));
  planned.must_cover("screens", planned.at(24), planned.at(72));
}

TEST_CASE("the sample's evenings have the airings that the law asks for, and every day is judged") {
  Planned planned;
  const auto summary = planned.plan(planned.at(0), planned.at(0), 2);
  CHECK(summary.warnings.empty());
  REQUIRE(summary.minima.size() == 4);  // of television alone: two rules, two days
  for (const rules::Verdict &verdict : summary.minima) {
    CHECK(verdict.channel == "cable");
    CHECK(verdict.is_met());
  }
  CHECK(summary.minima[0].rule == "psa-share");
  CHECK(summary.minima[0].asked == 0);  // there are no commercials in its log
  CHECK(summary.minima[1].rule == "psa-evening");
  CHECK(summary.minima[1].asked == 4);
  CHECK(summary.minima[1].had == 240);
}

TEST_CASE("a legal minimum that cannot be met is said, and the rest is planned all the same") {
  Planned planned;
  for (auto &campaign : planned.station.campaigns) campaign.windows = {{0, 19 * 3'600 + 90}};
  const auto summary = planned.plan(planned.at(0), planned.at(0));
  CHECK(summary.placements > 0);
  std::vector<Fault> said;
  for (const Fault &warning : summary.warnings)
    if (warning.is(rules::faults::minimum_airings_short)) said.push_back(warning);
  REQUIRE(said.size() == 1);
  CHECK(said[0].sentence(Lang::zh).find("cable 2026-11-23 19:00–21:00 的公益广告有 3 次") !=
        std::string::npos);
  const auto verdict =
      verify_days(planned.station, planned.durations(), *planned.playlists, planned.today(), 1);
  REQUIRE(verdict.ok());
  REQUIRE(verdict->warnings.size() == 1);
  CHECK(verdict->warnings[0].sentence(Lang::zh) == said[0].sentence(Lang::zh));
}

TEST_CASE("a station that names no rules is asked for nothing by law") {
  Planned planned;
  planned.station.rules = {};
  for (auto &campaign : planned.station.campaigns) campaign.windows = {{0, 6 * 3'600}};
  const auto summary = planned.plan(planned.at(0), planned.at(0));
  CHECK(summary.minima.empty());
  for (const Fault &warning : summary.warnings) CHECK(warning.is(faults::planner_target_short));
}

TEST_CASE("public service that is too short for the commercials of a channel's log is said") {
  Planned planned;
  for (auto &campaign : planned.station.campaigns) campaign.targets.resize(1);  // cable's
  planned.station.campaigns.resize(1);
  planned.station.campaigns[0].targets[0].airings = 10;
  const auto with = [&](std::int64_t commercial_s) {
    auto patterns = planned.station.grids[0].patterns();
    for (auto &pattern : patterns) pattern.commercials = {{0, 86'400, commercial_s * ns_per_s}};
    planned.station.grids[0] = grids::Grid("cable", patterns);
    return planned.plan(planned.at(0), planned.at(0));
  };
  const auto enough = with(5'000);
  REQUIRE(enough.minima.size() == 2);
  CHECK(enough.minima[0].asked == 150 * ns_per_s);
  CHECK(enough.minima[0].had == 150 * ns_per_s);
  CHECK(enough.minima[1].had >= 4);  // drawn into the evening
  CHECK(enough.warnings.empty());
  const auto more = with(5'001);
  REQUIRE(more.warnings.size() == 1);
  CHECK(more.warnings[0].is(rules::faults::minimum_seconds_short));
  CHECK(more.minima[0].missing() == 30'000'000);
}

namespace {

/// The sample with one campaign on its cable channel, and what it plans.
struct OneCampaign : Planned {
  explicit OneCampaign(campaigns::Target target) {
    station.campaigns.resize(1);
    station.campaigns[0].targets = {std::move(target)};
    station.campaigns[0].first = today();
    station.campaigns[0].last = next_day(today());
  }
  void replan(std::int64_t now_ns, int days = 1) {
    const auto summary =
        plan_days(station, durations(), *playlists, now_ns, now_ns, days, Kept::nothing, failed);
    REQUIRE(summary.ok());
    const auto verdict = verify_days(station, durations(), *playlists, today(), 2, failed);
    if (!verdict)
      for (const Fault &fault : verdict.fault()) FAIL_CHECK(fault.text());
  }
  std::vector<Item> placements(int day) {
    auto items = playlists->day("cable", station.zone.date_at(at(24 * day)));
    std::erase_if(items, [](const Item &item) { return item.kind != ItemKind::placement; });
    return items;
  }
  static std::vector<std::string> made_good(const std::vector<Item> &items) {
    std::vector<std::string> out;
    for (const Item &item : items)
      if (!item.makes_good.empty()) out.push_back(item.makes_good);
    return out;
  }
  std::vector<Failed> failed;
};

}  // namespace

TEST_CASE("what failed is planned again, and what is planned for it says so, once") {
  OneCampaign planned({{"cable"}, 20, campaigns::Target::Per::campaign});
  planned.replan(planned.at(0));
  const auto monday = planned.placements(0);
  REQUIRE(monday.size() == 10);
  for (std::size_t i = 0; i < 3; ++i) planned.failed.push_back({monday[i * 2].id, i == 1});
  planned.replan(planned.at(24));
  const auto tuesday = planned.placements(1);
  CHECK(tuesday.size() == 13);
  CHECK(OneCampaign::made_good(tuesday) ==
        std::vector<std::string>{monday[0].id, monday[2].id, monday[4].id});

  // Planned once more, it is the same plan; and a make-good that fails is made good itself.
  planned.replan(planned.at(24));
  CHECK(planned.placements(1) == tuesday);
  const auto first_make_good = std::find_if(
      tuesday.begin(), tuesday.end(), [](const Item &item) { return !item.makes_good.empty(); });
  planned.failed.push_back({first_make_good->id, false});
  planned.replan(first_make_good->end_ns + 3'600 * ns_per_s);
  auto again = OneCampaign::made_good(planned.placements(1));
  CHECK(planned.placements(1).size() == 14);
  CHECK(again.size() == 4);
  CHECK(std::count(again.begin(), again.end(), first_make_good->id) == 1);
  std::sort(again.begin(), again.end());
  CHECK(std::adjacent_find(again.begin(), again.end()) == again.end());
}

TEST_CASE("a day's target makes good on the same day, and owes the next day nothing") {
  OneCampaign planned({{"cable"}, 12, campaigns::Target::Per::day});
  planned.replan(planned.at(0), 2);
  const auto monday = planned.placements(0);
  REQUIRE(monday.size() == 12);
  planned.failed = {{monday[1].id, false}, {"never-heard-of", true}};
  planned.replan(planned.at(12), 2);
  CHECK(planned.placements(0).size() == 13);
  CHECK(OneCampaign::made_good(planned.placements(0)) == std::vector<std::string>{monday[1].id});
  planned.failed = {{monday[1].id, false}, {monday[11].id, false}};
  planned.replan(planned.at(24));
  CHECK(planned.placements(1).size() == 12);
  CHECK(OneCampaign::made_good(planned.placements(1)).empty());
}

TEST_CASE("a plan that breaks a rule is told and not published, whoever made it") {
  Planned planned;
  planned.plan(planned.at(6), planned.at(6));
  const auto before = planned.playlists->day("cable", planned.today());
  const auto revision = planned.playlists->revision();
  const auto broken_by = [&](auto &&breaks) {
    const auto planner = [&](const planner::Problem &problem, const planner::Options &options) {
      planner::Plan plan = planner::make_plan(problem, options);
      breaks(problem, plan.placements);
      return plan;
    };
    return plan_days(planned.station, planned.durations(), *planned.playlists, planned.at(12),
                     planned.at(12, 1), 1, Kept::nothing, {}, planner);
  };
  const auto twice =
      broken_by([](const auto &, auto &placements) { placements.push_back(placements.front()); });
  REQUIRE_FALSE(twice.ok());
  CHECK_FALSE(twice.fault().empty());
  for (const Fault &fault : twice.fault()) CHECK(fault.text().find('{') == std::string::npos);
  const auto late = broken_by([](const auto &, auto &placements) {
    placements.front().start_ns += ns_per_s;
    placements.front().end_ns += ns_per_s;
  });
  REQUIRE_FALSE(late.ok());
  CHECK(late.fault().front().is(faults::planner_outside_break));
  CHECK(planned.playlists->revision() == revision);
  CHECK(planned.playlists->day("cable", planned.today()) == before);
  CHECK(broken_by([](const auto &, auto &) {}).ok());
}
