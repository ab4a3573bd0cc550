// SPDX-License-Identifier: Apache-2.0
// What a clock that is set back does to what is on air.
#include <catch2/catch.hpp>

#include <filesystem>
#include <vector>

#include "tests/tools/ts/access_units.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// A signal whose pictures are known by their bytes.
struct Seen {
  Seen() { rig.output.bytes = &bytes; }
  std::string know(const std::string &id, const ClipRecipe &recipe) {
    const std::string path = house_file(recipe);
    known.add(id, path);
    return path;
  }
  /// In the order of the signal: of all pictures, those of known files by name.
  std::vector<tests::FrameName> pictures() {
    std::vector<tests::FrameName> out;
    tests::UnitReader reader([&](const tests::AccessUnit &unit) {
      const tests::FrameName *name = known.name_of(unit);
      out.push_back(name ? *name : tests::FrameName{});
    });
    reader.feed(bytes.data(), bytes.size());
    return out;
  }
  Rig rig;
  tests::KnownFrames known;
  std::vector<std::uint8_t> bytes;
};

}  // namespace

TEST_CASE("A placement that the clock is set back into is cut, and no picture of it comes later") {
  // By every whole frame from the least step to beyond the placement's first picture: one of them
  // lands on that, and one puts the plan where the cut one would go on when it is tried again.
  for (std::int64_t by = 13; by <= 55; ++by) {
    CAPTURE(by);
    Seen seen;
    seen.rig.plan("p", seen.know("p", {.frames = 75}), 3000, 75);
    seen.rig.run_for_ms(4500);
    seen.rig.clock.utc_ns -= frame_ns(by);
    seen.rig.run_for_ms(6500);
    std::vector<std::int64_t> frames;
    for (const tests::FrameName &name : seen.pictures())
      if (name.id == "p") frames.push_back(name.frame);
    REQUIRE_FALSE(frames.empty());
    for (std::size_t i = 0; i < frames.size(); ++i)
      REQUIRE(frames[i] == static_cast<std::int64_t>(i));
    const Fact fact = seen.rig.facts.final_of("p");
    CHECK(frames.size() < 75);
    CHECK(fact.fact == CIV_MISSED);
    CHECK(fact.status == CIV_TECHNICAL_DIFFICULTY);
    CHECK(proof(fact).at("frames_sent") == frames.size());
    CHECK(seen.rig.output.check.report().is_clean());
  }
}

TEST_CASE("What something else was shown in between goes on only with a whole group of pictures") {
  const TempFolder folder;
  Seen seen;
  std::filesystem::copy_file(seen.know("f", {.frames = 150, .tone_hz = 700}), folder / "f.ts");
  seen.rig.plan("f", folder / "f.ts", 1000, 1000, Kind::filler, 150);
  seen.rig.run_for_ms(4480);
  // It cannot be entered where the plan is now, and then the plan is where it was left.
  std::filesystem::rename(folder / "f.ts", folder / "away.ts");
  seen.rig.clock.utc_ns -= kSecond;
  seen.rig.run_for_ms(6000);
  std::filesystem::rename(folder / "away.ts", folder / "f.ts");
  seen.rig.run_for_ms(4000);
  const std::vector<tests::FrameName> pictures = seen.pictures();
  REQUIRE(pictures.back().id == "f");
  std::int64_t entries = 0;
  for (std::size_t i = 1; i < pictures.size(); ++i) {
    const tests::FrameName &now = pictures[i], &before = pictures[i - 1];
    if (now.id.empty() || (before.id == now.id && now.frame == (before.frame + 1) % 150)) continue;
    CAPTURE(i, before.id, before.frame, now.frame);
    REQUIRE(now.frame % the_house().video.gop_pictures == 0);
    ++entries;
  }
  CHECK(entries == 2);
}

TEST_CASE("What could not be shown is tried again at once although the clock was set back far") {
  const TempFolder folder;
  std::filesystem::copy_file(filler_file(), folder / "f.ts");
  Rig rig;
  rig.plan("f", folder / "f.ts", 1000, 1500, Kind::filler, 150);
  rig.plan("p", spot_file(), 40'000, 75);
  rig.run_for_ms(41'000);
  std::filesystem::rename(folder / "f.ts", folder / "away.ts");
  rig.run_for_ms(3000);
  REQUIRE(rig.engine->status().placement.empty());
  rig.clock.utc_ns -= 30 * kSecond;
  std::filesystem::rename(folder / "away.ts", folder / "f.ts");
  rig.run_for_ms(2000);
  CHECK(rig.engine->status().placement == "f");
}

}  // namespace civicast::cable
