// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/plan_questions/asked_station.hpp"

using namespace civicast;
using namespace civicast::test;

namespace {

bool says(const Ran &ran, const std::string &what) {
  return ran.output.find(what) != std::string::npos;
}

void must_refuse(const AskedStation &station, const std::vector<std::string> &words,
                 const std::string &zh, const std::string &en) {
  const Ran ran = station.plan(words);
  INFO(ran.output);
  CHECK(ran.status == 1);
  CHECK(says(ran, zh));
  CHECK(says(ran, en));
}

}  // namespace

TEST_CASE("a plan answers what is asked of it, in both languages, and stays as it is") {
  const AskedStation station;
  must_refuse(station, {"--explain", "heavy"}, "还没有播出单", "There is no playlist of");
  REQUIRE(station.plan({}).status == 0);
  const auto show = [&] {
    return station.run({"playlist", "show", "--channel", "feed", "--date", station.tomorrow()})
        .output;
  };
  const std::string before = show();

  const Ran campaign = station.plan({"--explain", "wants-much"});
  INFO(campaign.output);
  CHECK(campaign.status == 0);
  CHECK(says(campaign, "12 of 14 airings are planned, 2 missing. 40 breaks:"));
  CHECK(says(campaign, "目标 14 次，已编排 12 次，缺 2 次。共 40 个时段："));
  CHECK(says(campaign, "16 outside its windows"));
  CHECK(says(campaign, "16 个不在时间窗内"));

  const Json accounts = station.json({"--explain", "wants-much"});
  REQUIRE(accounts.size() == 1);
  CHECK(accounts[0]["planned"] == 12);
  CHECK(accounts[0]["breaks"]["planner.why.here"] == 12);
  CHECK(accounts[0]["breaks"]["planner.why.outside_windows"] == 16);

  const Ran met = station.plan({"--explain", "heavy"});
  INFO(met.output);
  CHECK(says(met, "all 16 airings that these days ask for are planned"));
  CHECK(says(met, "已全部编排"));

  const Json can = station.json({"--can", "wants-much"});
  CHECK(can["answer"] == "planner.can.never");
  CHECK(can["alone"] == can["targets"][0]["alone"]);
  CHECK(can["wanted"].get<int>() > can["alone"].get<int>());
  CHECK(can["reliefs"][0]["relief"] == "planner.relief.all_hours");
  const Ran words = station.plan({"--can", "wants-much"});
  CHECK(says(words, "No: even without any other campaign"));
  CHECK(says(words, "不能：即使没有别的任务"));
  CHECK(says(words, "half the separation"));

  CHECK(show() == before);
  CHECK(station.plan({"--verify"}).status == 0);
}

TEST_CASE("a placement tells why it is where it is, and a stranger what it is not") {
  const AskedStation station;
  REQUIRE(station.plan({}).status == 0);
  const Ran shown = station.run(
      {"playlist", "show", "--channel", "feed", "--date", station.tomorrow(), "--format", "json"});
  const auto items = parse_json(shown.output);
  INFO(shown.output);
  REQUIRE(items.ok());
  REQUIRE_FALSE(items->empty());
  const std::string id = (*items)[0]["id"];
  const Ran told = station.run({"plan", "--explain", id});
  INFO(told.output);
  CHECK(told.status == 0);
  CHECK(says(told, "break feed/" + station.tomorrow()));
  CHECK(says(told, "进度：该任务当天的目标是"));
  CHECK(says(told, "Without this airing the plan would be worse by"));
  CHECK_FALSE(says(told, "{"));
  const Json rows = station.json({"--explain", id});
  CHECK(rows[0]["why"] == "planner.why.spot_stands");

  must_refuse(station, {"--explain", "nobody"}, "没有编号为 nobody 的", "has the id nobody");
  must_refuse(station, {"--can", "nobody"}, "没有编号为 nobody 的", "There is no campaign nobody");
  CHECK(station.plan({"--can", "heavy", "--verify"}).status != 0);
}

TEST_CASE("what if tells the effect before anybody commits, and mistakes with what to do") {
  const AskedStation station;
  REQUIRE(station.plan({}).status == 0);
  const std::string file = station.write("new.xml", R"(<campaigns>
  <campaign id="new" class="psa" weight="100" title-zh="三" title-en="Three"
            first="2026-01-01" last="2099-12-31" separation="0s">
    <window from="00:00" to="24:00"/>
    <asset id="three"/>
    <target channel="feed" airings="20" per="day"/>
  </campaign>
</campaigns>)");
  const auto of = [](const Json &effect, const std::string &id) {
    for (const Json &one : effect["campaigns"])
      if (one["campaign"] == id) return one;
    FAIL(id);
    return Json();
  };
  const Json unmade = station.json({"--what-if", "campaign=" + file});
  CHECK(of(unmade, "new")["planned"] == 0);
  const Json effect = station.json({"--what-if", "campaign=" + file + ":15s"});
  CHECK(of(effect, "new")["is_new"] == true);
  CHECK(of(effect, "new")["planned"].get<int>() >= 20);
  CHECK(effect["cost"].get<double>() > effect["cost_before"].get<double>());
  const Ran table = station.plan({"--what-if", "channel=feed"});
  INFO(table.output);
  CHECK(table.status == 0);
  CHECK(says(table, "没有发布任何更改"));
  CHECK(says(table, "Nothing was published."));

  must_refuse(station, {"--what-if", "weather=bad"}, "看不懂假设 weather=bad",
              "The change weather=bad is not understood");
  must_refuse(station, {"--what-if", "channel=tv"}, "频道 tv 不存在", "no channel tv");
  must_refuse(station, {"--what-if", "break=feed/x:lost"}, "没有时段 feed/x", "no break feed/x");
  must_refuse(station, {"--what-if", "campaign=/nowhere.xml"}, "nowhere.xml", "nowhere.xml");
  CHECK(station.plan({"--verify"}).status == 0);
}
