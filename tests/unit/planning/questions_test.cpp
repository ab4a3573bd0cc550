// SPDX-License-Identifier: Apache-2.0
// Questions about days of the sample station.
#include "host/flow/questions.hpp"

#include <catch2/catch.hpp>

#include "host/flow/changes.hpp"
#include "host/planner/check.hpp"
#include "host/planner/faults.hpp"
#include "tests/unit/planning/planned.hpp"

using namespace civicast;
using namespace civicast::flow;
using playlists::Item;
using playlists::ItemKind;
using test::Planned;

TEST_CASE("what failed counts for no legal minimum, and is no part of an answer") {
  Planned planned;
  planned.plan(planned.at(0), planned.at(0));
  std::vector<Failed> failed;
  for (const Item &item : planned.playlists->between("cable", planned.at(19, 30), planned.at(20)))
    if (item.kind == ItemKind::placement) failed.push_back({item.id, false});
  REQUIRE(failed.size() > 10);
  const auto evening = [&](const std::vector<Failed> &without) {
    const auto verdict = verify_days(planned.station, planned.durations(), *planned.playlists,
                                     planned.today(), 1, without);
    REQUIRE(verdict.ok());
    REQUIRE(verdict->minima.size() == 2);
    return verdict->minima[1].had;
  };
  CHECK(evening(failed) == evening({}) - static_cast<std::int64_t>(failed.size()));
  const auto standing = [&](const std::vector<Failed> &without) {
    return standing_of(planned.station, planned.durations(), *planned.playlists, planned.at(21),
                       planned.at(21, 1), planned.today(), 1, without);
  };
  const auto left = standing(failed);
  CHECK(left.unknown.empty());
  CHECK(left.placements.size() == standing({}).placements.size() - failed.size());
}

TEST_CASE("what is published can be asked about whole, and what is still open apart") {
  Planned planned;
  planned.plan(planned.at(0), planned.at(0));
  const auto now_ns = planned.at(12), from_ns = planned.at(12, 1);
  const auto standing = standing_of(planned.station, planned.durations(), *planned.playlists,
                                    now_ns, from_ns, planned.today(), 1);
  CHECK(standing.unknown.empty());
  CHECK(standing.placements.size() == standing.ids.size());
  std::size_t placements = 0;
  for (const char *channel : {"cable", "screens", "feed"})
    for (const Item &item : planned.playlists->day(channel, planned.today()))
      placements += item.kind == ItemKind::placement ? 1 : 0;
  CHECK(standing.placements.size() == placements);
  CHECK(planner::check(standing.problem, standing.placements).empty());
  const auto found = planned.playlists->find(standing.ids.front());
  REQUIRE(found);
  CHECK(found->item.start_ns == standing.placements.front().start_ns);
  REQUIRE(standing.closed_before_ns.size() == planned.station.channels.size());
  for (const auto closed_ns : standing.closed_before_ns) {
    CHECK(closed_ns > now_ns);
    CHECK(closed_ns < planned.at(12, 3));
  }

  const auto open =
      open_of(planned.station, planned.durations(), *planned.playlists, now_ns, from_ns, 1);
  CHECK(open.placements.size() + open.problem.fixed.size() == placements);
  for (const auto &one : open.placements) REQUIRE(one.start_ns > now_ns);
  for (const auto &one : open.problem.fixed) REQUIRE(one.start_ns < planned.at(12, 3));
}

TEST_CASE("what if publishes nothing") {
  Planned planned;
  planned.plan(planned.at(6), planned.at(6));
  const auto revision = planned.playlists->revision();
  const auto effect = what_if(planned.station, planned.durations(), *planned.playlists,
                              planned.at(12), planned.at(12, 1), 1, {planner::ChannelLost{"feed"}});
  REQUIRE(effect.ok());
  for (const auto &campaign : effect->campaigns) {
    CHECK(campaign.wanted == campaign.wanted_before);
    CHECK(campaign.planned < campaign.planned_before);
    CHECK(campaign.planned > 0);
  }
  CHECK(effect->cost > effect->cost_before);
  CHECK(planned.playlists->revision() == revision);
  const auto wrong = what_if(planned.station, planned.durations(), *planned.playlists,
                             planned.at(12), planned.at(12, 1), 1, {planner::ChannelLost{"tv"}});
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.fault().front().is(faults::what_if_channel_unknown));
}

TEST_CASE("a campaign that may come is planned on the channels of its places") {
  Planned planned;
  planned.plan(planned.at(6), planned.at(6));
  planner::CampaignComes comes{planned.station.campaigns[0], 15 * ns_per_s};
  comes.campaign.id = "new";
  comes.campaign.weight = 1'000;
  comes.campaign.targets = {{}};
  comes.campaign.targets[0].airings = 2;
  comes.campaign.targets[0].places = {planned.station.places.all().front().id};
  const auto ask = [&] {
    return what_if(planned.station, planned.durations(), *planned.playlists, planned.at(12),
                   planned.at(12, 1), 1, {comes});
  };
  const auto effect = ask();
  REQUIRE(effect.ok());
  CHECK(effect->campaigns.back().id == "new");
  CHECK(effect->campaigns.back().planned > 0);
  comes.campaign.targets[0].places = {"nowhere"};
  const auto wrong = ask();
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.fault().front().text().find("nowhere") != std::string::npos);
}

TEST_CASE("changes are read as people write them, and every mistake is told") {
  const std::string sample = std::string(CIVICAST_SAMPLE) + "/campaigns.xml";
  const auto read =
      read_changes({"campaign=" + sample, "campaign=" + sample + ":15s", "channel=cable",
                    "break=cable/2026-11-23/190000:lost", "break=a:b:+1m30s", "break=x:-15s"});
  REQUIRE(read.ok());
  REQUIRE(read->size() == 10);  // three campaigns, twice
  CHECK(std::get<planner::CampaignComes>(read->at(0)).assumed_ns == -1);
  CHECK(std::get<planner::CampaignComes>(read->at(3)).assumed_ns == 15 * ns_per_s);
  CHECK(std::get<planner::ChannelLost>(read->at(6)).channel == "cable");
  CHECK(std::get<planner::BreakLost>(read->at(7)).break_id == "cable/2026-11-23/190000");
  CHECK(std::get<planner::BreakResized>(read->at(8)).break_id == "a:b");
  CHECK(std::get<planner::BreakResized>(read->at(8)).by_ns == 90 * ns_per_s);
  CHECK(std::get<planner::BreakResized>(read->at(9)).by_ns == -15 * ns_per_s);
  for (const char *wrong :
       {"", "=", "cable", "channel=", "channel", "break=x", "break=x:", "break=x:15s",
        "break=:lost", "break=x:+", "break=x:+0s", "break=x:+-1s", "break=x:+15", "planet=x"}) {
    INFO(wrong);
    const auto refused = read_changes({wrong});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.fault().front().is(faults::what_if_malformed));
  }
  CHECK_FALSE(read_changes({"campaign=/nowhere/campaigns.xml"}).ok());
  const auto two = read_changes({"planet=x", "channel=cable", "break=x"});
  REQUIRE_FALSE(two.ok());
  CHECK(two.fault().size() == 2);
}
