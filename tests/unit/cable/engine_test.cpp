// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
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

TEST_CASE("Thousands of joins leave no trace in the signal") {
  const std::vector<std::string> clips{house_file({.frames = 15}),
                                       house_file({.frames = 18, .picture = "smptebars"}),
                                       house_file({.frames = 30, .picture = "testsrc"})};
  const std::int64_t lengths[] = {15, 18, 30};
  Rig rig;
  constexpr std::int64_t kJoins = 3000;
  std::int64_t at_ms = 1000;
  for (std::int64_t i = 0; i < kJoins; ++i) {
    const auto which = static_cast<std::size_t>(i * i % 3);
    rig.plan("p" + std::to_string(i), clips[which], at_ms, lengths[which]);
    at_ms += lengths[which] * 40;
    // Now and then a gap, so that the slate comes in between.
    if (i % 50 == 49) at_ms += 400;
  }
  rig.run_for_ms(at_ms + 2000);
  const tests::TsReport report = rig.output.check.report();
  INFO(report.json());
  CHECK(report.is_clean());
  CHECK(report.audio.steps ==
        std::map<std::int64_t, std::int64_t>{{10'800, report.audio.units - 1}});
  std::int64_t aired = 0;
  for (const Fact &fact : rig.facts.facts) aired += fact.fact == CIV_AIRED;
  CHECK(aired == kJoins);
}

TEST_CASE("The 33-bit clock wraps without a trace") {
  Rig rig({.house = the_house(), .first_dts = kClockWrap - 10 * 90'000});
  rig.plan("p", spot_file(), 8000, 75);
  rig.plan("q", spot_file(), 11'000, 75);
  rig.run_for_ms(20'000);
  const tests::TsReport report = rig.output.check.report();
  INFO(report.json());
  CHECK(report.is_clean());
  CHECK(rig.facts.final_of("p").fact == CIV_AIRED);
  CHECK(rig.facts.final_of("q").fact == CIV_AIRED);
}

TEST_CASE("A file that is missing at its time gives the slate and no airing") {
  Rig rig;
  rig.plan("p", "/no/such/file.ts", 3000, 75);
  rig.run_for_ms(8000);
  const Fact fact = rig.facts.final_of("p");
  CHECK(fact.fact == CIV_MISSED);
  CHECK(fact.status == CIV_MISSING_CONTENT);
  CHECK(proof(fact).at("frames_sent") == 0);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("A file that ends early gives the slate for the rest, and says how far it came") {
  Rig rig;
  rig.plan("p", spot_file(), 3000, 100);
  rig.run_for_ms(9000);
  const Fact fact = rig.facts.final_of("p");
  CHECK(fact.fact == CIV_MISSED);
  CHECK(fact.status == CIV_TECHNICAL_DIFFICULTY);
  CHECK(proof(fact).at("frames_sent") == 75);
  CHECK(proof(fact).at("frames_expected") == 100);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("A send error is counted, ends nothing, and takes the airing away") {
  Rig rig;
  rig.plan("p", spot_file(), 3000, 75);
  rig.plan("q", spot_file(), 6000, 75);
  rig.run_for_ms(4000);
  rig.output.failing = 1;
  rig.run_for_ms(7000);
  const Fact fact = rig.facts.final_of("p");
  CHECK(fact.fact == CIV_MISSED);
  CHECK(proof(fact).at("send_errors") == 1);
  CHECK(proof(fact).at("frames_sent") == 75);
  CHECK(rig.facts.final_of("q").fact == CIV_AIRED);
  CHECK(rig.engine->status().send_errors == 1);
}

TEST_CASE("A placement that is handed over after its start did not air") {
  Rig rig;
  rig.run_for_ms(5000);
  rig.plan("p", spot_file(), 4000, 75);
  rig.run_for_ms(5000);
  CHECK(rig.facts.final_of("p").status == CIV_DID_NOT_AIR);
  CHECK(rig.facts.count("p", CIV_STARTED) == 0);
}

TEST_CASE("A programme is joined in progress at the frame where it would have been") {
  Rig rig;
  rig.plan("g", filler_file(), -2000, 150, Kind::programme);
  rig.run_for_ms(8000);
  const Fact fact = rig.facts.final_of("g");
  CHECK(fact.status == CIV_JOINED_IN_PROGRESS);
  CHECK(proof(fact).at("frames_sent") == 100);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("A stall costs the placement on air its airing, and the next one nothing") {
  Rig rig;
  rig.plan("p", spot_file(), 3000, 75);
  rig.plan("q", spot_file(), 6000, 75);
  rig.run_for_ms(4000);
  rig.clock.pass(800'000'000);
  rig.run_for_ms(8000);
  CHECK(rig.facts.final_of("p").status == CIV_TECHNICAL_DIFFICULTY);
  const Fact next = rig.facts.final_of("q");
  CHECK(next.fact == CIV_AIRED);
  CHECK(next.start_ns - (rig.start_ns + 6'000'000'000) == Approx(0).margin(40'000'000));
  const tests::TsReport report = rig.output.check.report();
  INFO(report.json());
  CHECK(report.is_clean());  // late packets, but no hole in the signal
}

TEST_CASE("A step of the house clock moves the plan, not the signal") {
  Rig rig;
  rig.plan("p", spot_file(), 3000, 75);
  rig.plan("q", spot_file(), 20'000, 75);
  rig.run_for_ms(4000);
  rig.clock.utc_ns += 14'000'000'000;
  rig.run_for_ms(7000);
  CHECK(rig.facts.final_of("p").fact == CIV_MISSED);
  CHECK(rig.facts.final_of("q").fact == CIV_AIRED);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("A channel that closes tells the truth about what is on air") {
  Rig rig;
  rig.plan("p", spot_file(), 3000, 75);
  rig.run_for_ms(4000);
  rig.engine->stop();
  const Fact fact = rig.facts.final_of("p");
  CHECK(fact.status == CIV_TECHNICAL_DIFFICULTY);
  CHECK(proof(fact).at("frames_sent") > 20);
  CHECK(proof(fact).at("frames_sent") < 30);
}

TEST_CASE("An airing's proof has the worst values of its own time, not of the signal's life") {
  Rig rig;
  rig.plan("a", spot_file(), 2000, 75);
  rig.plan("b", spot_file(), 9000, 75);
  rig.run_for_ms(6000);
  // What is far too late: between the two, and in nobody's proof.
  rig.clock.pass(600'000'000);
  rig.run_for_ms(8000);
  for (const char *id : {"a", "b"}) {
    const nlohmann::json said = proof(rig.facts.final_of(id));
    INFO(said.dump());
    CHECK(said["pcr_interval_max_us"] > 10'000);
    CHECK(said["pcr_interval_max_us"] <= 40'000);
    CHECK(said["pcr_accuracy_max_ns"] <= 500);
    CHECK(said["pat_interval_max_us"] > 50'000);
    CHECK(said["pat_interval_max_us"] <= 100'000);
    CHECK(said["pmt_interval_max_us"] <= 100'000);
    CHECK(said["pts_interval_max_us"] <= 700'000);
    CHECK(said["lead_min_us"] >= 0);
  }
}

}  // namespace civicast::cable
