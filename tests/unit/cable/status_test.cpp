// SPDX-License-Identifier: Apache-2.0
// What the channel says of itself is what sdk/wire/PROTOCOL.md describes.
#include <catch2/catch.hpp>

#include <algorithm>

#include "plugins/cable/status.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kNoon = 1'800'000'000'250'000'000;

Json page_of(StatusPage &page, const ChannelState &channel) {
  return Json::parse(page.write(channel));
}

const Json &check_named(const Json &page, const std::string &id) {
  const Json &checks = page.at("checks");
  const auto found = std::find_if(checks.begin(), checks.end(),
                                  [&](const Json &check) { return check.at("id") == id; });
  REQUIRE(found != checks.end());
  return *found;
}

}  // namespace

TEST_CASE("An error of an output is dated when it is first seen, and keeps its date") {
  StatusPage page;
  ChannelState channel;
  channel.now_ns = kNoon;
  OutputState output;
  output.rel = "udp";
  output.href = "udp://127.0.0.1:5500";
  output.sent = 10;
  channel.outputs = {output};
  Json said = page_of(page, channel)["outputs"][0];
  CHECK(said["sent"] == 70);
  CHECK_FALSE(said.contains("error_at"));
  CHECK_FALSE(said.contains("receivers"));

  channel.outputs[0].errors = 2;
  channel.outputs[0].last_error = "网络不可达。 · the network is unreachable. (ENETUNREACH)";
  const std::string first = page_of(page, channel)["outputs"][0]["error_at"];
  CHECK(first == "2027-01-15T08:00:00.250Z");
  channel.now_ns += 5'000'000'000;
  said = page_of(page, channel)["outputs"][0];
  CHECK(said["error_at"] == first);
  CHECK(said["last_error"]["zh"] == "网络不可达。 (ENETUNREACH)");
  CHECK(said["last_error"]["en"] == "the network is unreachable. (ENETUNREACH)");
  channel.outputs[0].errors = 3;
  CHECK(page_of(page, channel)["outputs"][0]["error_at"] == "2027-01-15T08:00:05.250Z");
}

TEST_CASE("Each check stands there with its limit, what was measured, and its violations") {
  StatusPage page;
  ChannelState channel;
  channel.engine.check.pcr_late = 4;
  channel.engine.worst.pcr_interval_max_us = 61'800;
  const Json said = page_of(page, channel);
  CHECK(said["checks"].size() == kViolations.size());
  const Json &pcr = check_named(said, "pcr_interval");
  CHECK(pcr["limit"] == 40);
  CHECK(pcr["worst"] == 61.8);
  CHECK(pcr["unit"] == "ms");
  CHECK(pcr["violations"] == 4);
  CHECK(pcr.contains("violated_at"));
  const Json &lead = check_named(said, "lead");
  CHECK(lead["is_least"] == true);
  CHECK_FALSE(lead.contains("worst"));  // nothing was read yet
  CHECK_FALSE(check_named(said, "continuity").contains("limit"));
  for (const Json &check : said["checks"]) {
    CHECK_FALSE(check["name"]["zh"].get<std::string>().empty());
    CHECK_FALSE(check["name"]["en"].get<std::string>().empty());
  }
}

TEST_CASE("A live input is on air, stands by, or is away and says why") {
  StatusPage page;
  ChannelState channel;
  LiveInput::State state;
  state.losses = 2;
  state.trouble = "直播输入中断。 · The live input is lost.";
  channel.engine.live["srt://a:1"] = state;
  state = {};
  state.is_coming = true;
  channel.engine.live["srt://b:1"] = state;
  state.is_on_air = true;
  channel.engine.live["srt://c:1"] = state;
  const Json inputs = page_of(page, channel)["inputs"];
  CHECK(inputs[0]["state"] == "away");
  CHECK(inputs[0]["says"]["en"] == "The live input is lost.");
  CHECK(inputs[0]["losses"] == 2);
  CHECK(inputs[1]["state"] == "standby");
  CHECK(inputs[2]["state"] == "on_air");
  CHECK_FALSE(inputs[2].contains("says"));
}

TEST_CASE("The breaks ahead are told, and which of them have been announced") {
  Rig rig({the_house(), {}, {}, CueSettings{}});
  for (int i = 0; i < 7; ++i) rig.plan("p" + std::to_string(i), spot_file(), 6000 + i * 9000, 75);
  rig.run_for_ms(1000);
  StatusPage page;
  const Json cues = page_of(page, {rig.engine->status(), {}, {}, rig.clock.utc_ns})["cues"];
  INFO(cues.dump());
  REQUIRE(cues["next"].size() == BreakCues::kMostAhead);
  CHECK(cues["next"][0]["break"] == "p0");
  CHECK(cues["next"][0]["is_announced"] == true);
  CHECK(cues["next"][1]["is_announced"] == false);
  CHECK(cues["next"][0]["start"].get<std::string>().size() == 24);
}

TEST_CASE("The slate on air is told at once, and taken back when something is on air again") {
  Rig rig;
  rig.plan("p", spot_file(), 2000, 75);
  StatusPage page;
  const auto said = [&] { return page_of(page, {rig.engine->status(), {}, {}, rig.clock.utc_ns}); };
  rig.run_for_ms(1000);
  CHECK(said()["notice"]["en"].get<std::string>().find("slate") != std::string::npos);
  CHECK(said()["on_air"].is_null());
  rig.run_for_ms(2500);
  CHECK_FALSE(said().contains("notice"));
  CHECK(said()["on_air"]["placement"] == "p");
  CHECK(said()["on_air"]["frames"] == 75);
}

}  // namespace civicast::cable
