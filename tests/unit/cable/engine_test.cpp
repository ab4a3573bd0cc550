// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

std::string spot_file() {
  return house_file({.frames = 75});
}
std::string filler_file() {
  return house_file({.frames = 150, .picture = "smptebars", .tone_hz = 880});
}

nlohmann::json proof(const Fact &fact) {
  return nlohmann::json::parse(fact.proof);
}

}  // namespace

TEST_CASE("With nothing to air the slate is a clean signal") {
  Rig rig;
  rig.run_for_ms(10'000);
  const tests::TsReport report = rig.output.check.report();
  INFO(report.json());
  CHECK(report.is_clean());
  CHECK(report.video.units >= 248);
  CHECK(report.bit_rate == Approx(4'000'000).epsilon(1e-6));
}

TEST_CASE("A placement starts at its planned frame and airs whole") {
  Rig rig;
  rig.plan("p", spot_file(), 3000, 75);
  rig.run_for_ms(8000);
  const Fact fact = rig.facts.final_of("p");
  CHECK(fact.fact == CIV_AIRED);
  CHECK(fact.status == CIV_AIRED_WITHOUT_DISCREPANCY);
  CHECK(rig.facts.count("p", CIV_STARTED) == 1);
  CHECK(proof(fact).at("frames_sent") == 75);
  CHECK(proof(fact).at("frames_expected") == 75);
  CHECK(fact.start_ns >= rig.start_ns + 3'000'000'000);
  CHECK(fact.start_ns <= rig.start_ns + 3'040'000'000);
  CHECK(fact.end_ns - rig.start_ns == Approx(6'000'000'000).margin(60'000'000));
  const tests::TsReport report = rig.output.check.report();
  INFO(report.json());
  CHECK(report.is_clean());
}


TEST_CASE("A filler is looped, cut by a placement, and gives way to the frame") {
  Rig rig;
  rig.plan("f", filler_file(), 1000, 1000, Kind::filler, 150);
  rig.plan("p", spot_file(), 9000, 75);
  rig.run_for_ms(45'000);
  CHECK(rig.facts.final_of("p").fact == CIV_AIRED);
  const Fact filler = rig.facts.final_of("f");
  CHECK(filler.fact == CIV_MISSED);
  CHECK(proof(filler).at("frames_sent") == 1000 - 75);
  CHECK(rig.output.check.report().is_clean());
}

}  // namespace civicast::cable
