// SPDX-License-Identifier: Apache-2.0
// What is shown when what was planned cannot be, and what a bulletin does to everything else.
#include <catch2/catch.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/tools/ts/access_units.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

std::int64_t frames_sent(const Fact &fact) {
  return proof(fact).at("frames_sent").get<std::int64_t>();
}

}  // namespace

TEST_CASE("Where a file is missing the filler below goes on, and no black is seen") {
  Rig rig;
  rig.plan("f", filler_file(), 1000, 500, Kind::filler, 150);
  rig.plan("p", "/no/such/file.ts", 5480, 75);
  rig.run_for_ms(24'000);
  CHECK(rig.facts.final_of("p").status == CIV_MISSING_CONTENT);
  CHECK(frames_sent(rig.facts.final_of("f")) == 500);
  const Engine::Status status = rig.engine->status();
  CHECK(status.standby_frames > 0);  // behind the filler's end
  CHECK(status.slate_frames <= 27);  // in front of its beginning
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE(
    "What cannot be shown is tried again and again, and the filler below does not jump for it") {
  const std::string filler = house_file({.frames = 150, .tone_hz = 700});
  tests::KnownFrames known;
  REQUIRE(known.add("f", filler) == 150);
  std::vector<std::uint8_t> bytes;
  Rig rig;
  rig.output.bytes = &bytes;
  rig.plan("f", filler, 1000, 500, Kind::filler, 150);
  rig.plan("p", "/no/such/file.ts", 5480, 250);
  rig.run_for_ms(18'000);
  std::vector<std::int64_t> frames;
  tests::UnitReader reader([&](const tests::AccessUnit &unit) {
    if (const tests::FrameName *name = known.name_of(unit)) frames.push_back(name->frame);
  });
  reader.feed(bytes.data(), bytes.size());
  REQUIRE(frames.size() > 400);
  for (std::size_t i = 1; i < frames.size(); ++i)
    if (frames[i] != (frames[i - 1] + 1) % 150) FAIL("picture " << i << ": frame " << frames[i]);
}

TEST_CASE("Where nothing is planned the filler that was good last stands by, and then the slate") {
  const TempFolder folder;
  std::filesystem::copy_file(filler_file(), folder / "filler.ts");
  Rig rig;
  rig.plan("f", folder / "filler.ts", 1000, 100, Kind::filler, 150);
  rig.run_for_ms(10'000);
  const std::int64_t standby = rig.engine->status().standby_frames;
  CHECK(standby >= 115);
  CHECK(rig.engine->status().slate_frames <= 27);
  std::filesystem::remove(folder / "filler.ts");
  rig.run_for_ms(20'000);
  CHECK(rig.engine->status().slate_frames > 100);
  CHECK(rig.engine->status().standby_frames >= standby);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE(
    "A filler that was cut goes on with a whole group of pictures, without a frame of black") {
  Rig rig;
  rig.plan("f", filler_file(), 1000, 1000, Kind::filler, 150);
  rig.plan("p", house_file({.frames = 18}), 5000, 18);  // not a whole number of groups
  rig.plan("q", house_file({.frames = 18}), 9320, 18);
  rig.run_for_ms(45'000);
  CHECK(rig.facts.final_of("p").fact == CIV_AIRED);
  CHECK(rig.facts.final_of("q").fact == CIV_AIRED);
  CHECK(frames_sent(rig.facts.final_of("f")) == 1000 - 36);
  CHECK(rig.engine->status().slate_frames <= 27);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("A bulletin begins at once, and what it pre-empts is never counted") {
  Rig rig;
  rig.plan("f", filler_file(), 1000, 1000, Kind::filler, 150);
  rig.plan("before", spot_file(), 2000, 75);
  rig.plan("amid", spot_file(), 6000, 75);
  rig.plan("under", spot_file(), 9000, 50);
  rig.plan("after", spot_file(), 12'000, 75);
  rig.run_for_ms(7000);
  // Planned for an instant that has passed by the time it is here.
  rig.plan("b", house_file({.frames = 75, .picture = "rgbtestsrc"}), 6500, 75, Kind::bulletin);
  rig.run_for_ms(35'000);
  CHECK(rig.facts.final_of("before").fact == CIV_AIRED);
  CHECK(rig.facts.final_of("b").status == CIV_AIRED_WITHOUT_DISCREPANCY);
  CHECK(rig.facts.final_of("b").start_ns - rig.start_ns <= 7'000'000'000 + 9 * kFrameNs);
  const Fact amid = rig.facts.final_of("amid");
  CHECK(amid.fact == CIV_MISSED);
  CHECK(amid.status == CIV_PREEMPTED);
  CHECK(frames_sent(amid) < 75);
  const Fact under = rig.facts.final_of("under");
  CHECK(under.status == CIV_PREEMPTED);
  CHECK(rig.facts.count("under", CIV_STARTED) == 0);
  CHECK(rig.facts.final_of("after").fact == CIV_AIRED);
  CHECK(rig.engine->status().slate_frames <= 27);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("A second bulletin waits for the first, and both are whole") {
  Rig rig;
  rig.plan("a", spot_file(), 2000, 75, Kind::bulletin);
  rig.plan("b", spot_file(), 3000, 75, Kind::bulletin);
  rig.run_for_ms(12'000);
  CHECK(rig.facts.final_of("a").fact == CIV_AIRED);
  const Fact second = rig.facts.final_of("b");
  CHECK(second.fact == CIV_AIRED);
  CHECK(second.start_ns - rig.start_ns == Approx(5'000'000'000).margin(80'000'000));
  CHECK(rig.output.check.report().is_clean());
}

}  // namespace civicast::cable
