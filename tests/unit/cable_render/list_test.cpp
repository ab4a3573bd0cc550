// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "tests/tools/ts/spot_count.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tools/cable/air.hpp"

using namespace civicast;
using namespace civicast::cable;
using cable_render::Refusal;

namespace {

std::string list_of(const TempFolder &folder, const std::string &text) {
  std::ofstream(folder / "list.txt") << text;
  return folder / "list.txt";
}

std::vector<std::string> refusal_of(const std::string &list, const std::string &format = "") {
  try {
    cable_render::list_plan(list, format);
  } catch (const Refusal &refusal) {
    return refusal.sentences;
  }
  return {};
}

}  // namespace

TEST_CASE("Every line of a list that names no house file is told with its number") {
  const TempFolder folder;
  const std::string good = house_file({.frames = 75});
  std::ofstream(folder / "text.ts") << "no video\n";
  const auto wrong = refusal_of(list_of(folder, "# spots\n" + good + "\nmissing.ts\ntext.ts\n"));
  REQUIRE(wrong.size() == 2);
  CHECK(wrong[0].find("list.txt:3: ") != std::string::npos);
  CHECK(wrong[1].find("list.txt:4: ") != std::string::npos);
}

TEST_CASE("A list that names nothing, and a format that is none, are refused with what to do") {
  const TempFolder folder;
  CHECK(refusal_of(list_of(folder, "# nothing\n\n")).size() == 1);
  const auto wrong = refusal_of(list_of(folder, house_file({.frames = 75}) + "\n"), "ts_9000p");
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].find("ts_720p25") != std::string::npos);
}

TEST_CASE("A list takes the format of its first file, whichever it is") {
  const TempFolder folder;
  for (const formats::HouseFormat &house : formats::all()) {
    const auto plan =
        cable_render::list_plan(list_of(folder, house_file_of(house.id, 75) + "\r\n"), "");
    CHECK(plan.house->id == house.id);
    REQUIRE(plan.items.size() == 1);
    CHECK(plan.items[0].clip_frames == 75);
  }
}

TEST_CASE("What is rendered shows each clip as often as its airings say") {
  const TempFolder folder;
  const std::string bars = house_file({.frames = 75, .picture = "smptebars"});
  const std::string colours = house_file({.frames = 75, .picture = "rgbtestsrc"});
  const auto plan = cable_render::list_plan(list_of(folder, bars + "\n" + colours + "\n"), "");
  const int file = ::open((folder / "air.ts").c_str(), O_WRONLY | O_CREAT, 0600);
  REQUIRE(file >= 0);
  const auto summary = cable_render::air(plan, {.duration_ns = 61'000'000'000, .to = file});
  ::close(file);
  CHECK(summary.aired == 20);
  CHECK(summary.violations == 0);
  const tests::SpotCount seen =
      tests::count_spots(folder / "air.ts", {{"bars", bars}, {"colours", colours}});
  INFO(seen.json());
  CHECK(seen.complete.at("bars") == 10);
  CHECK(seen.complete.at("colours") == 10);
}

TEST_CASE("When nobody reads any more the rendering ends") {
  const TempFolder folder;
  const auto plan = cable_render::list_plan(list_of(folder, house_file({.frames = 75}) + "\n"), "");
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  std::signal(SIGPIPE, SIG_IGN);
  CHECK_THROWS_AS(cable_render::air(plan, {.duration_ns = 10'000'000'000, .to = ends[1]}),
                  cable_render::HungUp);
  ::close(ends[1]);
}
