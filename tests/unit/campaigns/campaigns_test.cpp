// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/base/faults.hpp"
#include "host/campaigns/campaign.hpp"
#include "host/campaigns/faults.hpp"
#include "tests/unit/folder/folder.hpp"

using namespace civicast;
using namespace civicast::campaigns;

namespace {

Result<std::vector<Campaign>, Faults> read(const std::string &text) {
  const Folder folder;
  return read_campaigns(folder.write("campaigns.xml", text));
}

/// Line 1 is the campaign, what is inside begins in line 2.
std::string campaign(const std::string &attributes, const std::string &inside) {
  return "<campaigns><campaign id='v' title-zh='值' title-en='Values' " + attributes + ">\n" +
         inside + "</campaign></campaigns>";
}
const std::string usual = "class='公益广告' first='2026-01-01' last='2026-12-31'";
const std::string asset = "<asset id='a'/>\n";
const std::string target = "<target channel='cable' airings='10'/>\n";

/// "3 campaign.windows_overlap": the line and the kind of the only fault.
std::string only_fault(const Result<std::vector<Campaign>, Faults> &read) {
  if (read) return "none";
  if (read.fault().size() != 1) return std::to_string(read.fault().size()) + " faults";
  const auto &where = read.fault()[0].where();
  return where.substr(where.find(':') + 1) + " " + std::string(read.fault()[0].kind().name);
}

}  // namespace

TEST_CASE("a campaign is read whole") {
  const auto read_back = read(campaign(
      usual + " topic='civility' weight='3' separation='2m'",
      "<window from='19:00' to='21:00'/><window from='06:00' to='08:30'/>"
      "<asset id='a' weight='2'/><asset id='b'/>"
      "<target channel='cable' airings='16'/><target channel='feed' airings='9' per='campaign'/>"));
  REQUIRE(read_back.ok());
  const Campaign &one = read_back->front();
  CHECK(one.ad_class == AdClass::psa);
  CHECK(one.topic == "civility");
  CHECK(one.weight == 3);
  CHECK(one.separation_s == 120);
  CHECK(date_text(one.first) == "2026-01-01");
  CHECK(date_text(one.last) == "2026-12-31");
  REQUIRE(one.windows.size() == 2);
  CHECK(one.windows[0].from_s == 6 * 3600);
  CHECK(one.windows[1].to_s == 21 * 3600);
  REQUIRE(one.assets.size() == 2);
  CHECK(one.assets[0].weight == 2);
  CHECK(one.assets[1].weight == 1);
  REQUIRE(one.targets.size() == 2);
  CHECK(one.targets[0].per == Target::Per::day);
  CHECK(one.targets[1].per == Target::Per::campaign);
}

TEST_CASE("a target says where and how much in each way, and in one line again") {
  const auto line = [](const std::string &attributes) {
    const auto read_back = read(campaign(usual, asset + "<target " + attributes + "/>"));
    REQUIRE(read_back.ok());
    const Target &target = read_back->front().targets.front();
    return scope_text(target) + ":" + amount_text(target);
  };
  CHECK(line("channel='cable' airings='16'") == "cable:16/day");
  CHECK(line("channels='cable feed' airings='9' per='campaign'") == "cable+feed:9/campaign");
  CHECK(line("places='hall yard' seconds='3600'") == "@hall+yard:3600s/day");
  CHECK(line("all='yes' share='12.5'") == "*:12.5%s");
  CHECK(line("all='yes' share='100' of='airings'") == "*:100%");
  CHECK(line("all='yes' share='0.1' of='seconds'") == "*:0.1%s");
}

TEST_CASE("a campaign without windows may be aired all day") {
  const auto read_back = read(campaign(usual, asset + target));
  REQUIRE(read_back.ok());
  REQUIRE(read_back->front().windows.size() == 1);
  CHECK(read_back->front().windows[0].from_s == 0);
  CHECK(read_back->front().windows[0].to_s == 86400);
}

TEST_CASE("each class has its word in both languages, and both are read") {
  for (const auto ad_class : {AdClass::psa, AdClass::information, AdClass::promo,
                              AdClass::commercial, AdClass::emergency}) {
    CHECK(ad_class_named(word(ad_class)) == ad_class);
    CHECK(ad_class_named(words(ad_class).zh) == ad_class);
  }
  CHECK_FALSE(ad_class_named("广告"));
}

TEST_CASE("each mistake in a campaign has its fault and its line") {
  const auto row = [](const std::string &attributes, const std::string &inside) {
    return only_fault(read(campaign(attributes, inside)));
  };
  CHECK(row(usual, asset + target) == "none");
  CHECK(row("class='公益' first='2026-01-01' last='2026-12-31'", asset + target) ==
        "1 xml.bad_value");
  CHECK(row("class='psa' first='2026-02-30' last='2026-12-31'", asset + target) ==
        "1 xml.bad_value");
  CHECK(row("class='psa' first='2026-12-31' last='2026-01-01'", asset + target) ==
        "1 campaign.dates_reversed");
  CHECK(row("class='psa' first='2026-01-01' last='2260-01-01'", asset + target) ==
        "1 campaign.date_far");
  CHECK(row("class='psa' first='2026-01-01'", asset + target) == "1 xml.missing_attribute");
  CHECK(row(usual + " position='middle'", asset + target) == "1 xml.bad_value");
  CHECK(row(usual + " position='last'", asset + target) == "none");
  CHECK(row(usual + " weight='0'", asset + target) == "1 xml.bad_value");
  CHECK(row(usual + " separation='-5s'", asset + target) == "1 xml.bad_value");
  CHECK(row(usual + " separation='500ms'", asset + target) == "1 campaign.window_fraction");
  CHECK(row(usual, asset) == "1 xml.missing_element");
  CHECK(row(usual, target) == "1 xml.missing_element");
  CHECK(row(usual, asset + "<asset id='a'/>\n" + target) == "3 campaign.asset_twice");
  CHECK(row(usual, asset + target + target) == "4 campaign.target_twice");
  CHECK(row(usual, asset + "<target channel='cable' airings='0'/>") == "3 xml.bad_value");
  CHECK(row(usual, asset + "<target channel='cable' airings='-3'/>") == "3 xml.bad_value");
  CHECK(row(usual, asset + "<target channel='cable' airings='1e3'/>") == "3 xml.bad_value");
  CHECK(row(usual, asset + "<target channel='cable' airings='86401'/>") == "3 xml.bad_value");
  CHECK(row(usual, asset + "<target channel='cable' airings='99999999999999'/>") ==
        "3 xml.bad_value");
  CHECK(row(usual, asset + "<target channel='cable' airings='1' per='week'/>") ==
        "3 xml.bad_value");
  CHECK(row(usual, asset + target + "<window from='22:00' to='06:00'/>") ==
        "4 campaign.window_reversed");
  CHECK(row(usual, asset + target + "<window from='06:00' to='06:00'/>") ==
        "4 campaign.window_reversed");
  CHECK(row(usual, asset + target + "<window from='6:00' to='08:00'/>") == "4 xml.bad_value");
  CHECK(row(usual, asset + target + "<window from='06:00:00.500' to='08:00'/>") ==
        "4 campaign.window_fraction");
  CHECK(row(usual, asset + target +
                       "<window from='06:00' to='09:00'/>\n<window from='08:00' to='10:00'/>") ==
        "5 campaign.windows_overlap");
  const auto capped = [&](const std::string &attributes) {
    return row(usual, asset + "<target channel='cable' " + attributes + "/>");
  };
  CHECK(capped("airings='9' day-cap='9' channel-day-cap='3'") == "none");
  CHECK(capped("airings='99' per='campaign' day-cap='9'") == "none");
  CHECK(capped("airings='10' day-cap='9'") == "3 campaign.cap_below_target");
  CHECK(capped("airings='1' day-cap='0'") == "3 xml.bad_value");
  CHECK(capped("airings='1' channel-day-cap='many'") == "3 xml.bad_value");
  const auto aimed = [&](const std::string &attributes) {
    return row(usual, asset + "<target " + attributes + "/>");
  };
  CHECK(aimed("airings='1'") == "3 campaign.target_scope");
  CHECK(aimed("channel='a' all='yes' airings='1'") == "3 campaign.target_scope");
  CHECK(aimed("all='no' airings='1'") == "3 xml.bad_value");
  CHECK(aimed("channels='' airings='1'") == "3 xml.missing_attribute");
  CHECK(aimed("channels='a A' airings='1'") == "3 xml.bad_value");
  CHECK(aimed("channels='a a' airings='1'") == "3 campaign.target_twice");
  CHECK(aimed("all='yes'") == "3 campaign.target_amount");
  CHECK(aimed("all='yes' airings='1' seconds='1'") == "3 campaign.target_amount");
  CHECK(aimed("all='yes' seconds='0'") == "3 xml.bad_value");
  for (const char *share : {"0", "100.1", "1.25", "-1", "5%", ".5", "5.", "1e1"})
    CHECK(aimed("all='yes' share='" + std::string(share) + "'") == "3 xml.bad_value");
  CHECK(aimed("all='yes' share='5' per='day'") == "3 campaign.target_field_misplaced");
  CHECK(aimed("all='yes' share='5' of='spots'") == "3 xml.bad_value");
  CHECK(aimed("all='yes' airings='5' of='airings'") == "3 campaign.target_field_misplaced");
  CHECK(row(usual,
            asset + "<target channels='a b' airings='1'/>\n<target channel='b' airings='1'/>") ==
        "4 campaign.target_twice");
  CHECK(row(usual, asset + target + "<not-with/>") == "4 campaign.exclusion_unclear");
  CHECK(row(usual, asset + target + "<not-with campaign='x' topic='y'/>") ==
        "4 campaign.exclusion_unclear");
  CHECK(row(usual, asset + target + "<not-with campaign='x'/>") == "4 campaign.exclusion_unknown");
  CHECK(row(usual, asset + target + "<not-with campaign='v'/>") == "4 campaign.exclusion_itself");
  CHECK(row(usual + " topic='t'", asset + target + "<not-with topic='t'/>") ==
        "4 campaign.exclusion_itself");
  CHECK(row(usual, asset + target + "<not-with campaign='X Y'/>") == "4 xml.bad_value");
  CHECK(row(usual, asset + target + "<not-with topic='nobody has it yet'/>") == "none");
  CHECK(row(usual, asset + target + "<windows from='06:00' to='09:00'/>") ==
        "4 xml.unknown_element");
}
