// SPDX-License-Identifier: Apache-2.0
// A signal longer than the 33-bit clock, judged packet by packet while it is made.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/tools/ts/ts_check.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tools/cable/air.hpp"

using namespace civicast;
using namespace civicast::cable;

namespace {

constexpr std::int64_t hour_ns = 3600'000'000'000;

/// What an analyser says of the signal, which never lies on a disk.
tests::TsReport judged(const cable_render::Plan &plan, cable_render::Order order) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  tests::TsCheck check;
  std::thread analyser([&] {
    std::vector<std::uint8_t> bytes(1 << 16);
    for (ssize_t size; (size = ::read(ends[0], bytes.data(), bytes.size())) > 0;)
      check.feed(bytes.data(), static_cast<std::size_t>(size));
  });
  order.to = ends[1];
  std::string trouble;
  try {
    cable_render::air(plan, order);
  } catch (const std::exception &breakdown) {
    trouble = breakdown.what();
  }
  ::close(ends[1]);
  analyser.join();
  ::close(ends[0]);
  CHECK(trouble == "");
  return check.report();
}

std::string list_of(const TempFolder &folder, const std::vector<std::string> &files) {
  std::ofstream out(folder / "list.txt");
  for (const std::string &file : files) out << file << '\n';
  return folder / "list.txt";
}

}  // namespace

TEST_CASE(
    "Twenty-seven hours and ten thousand joins are one clean signal, across the clock's wrap") {
  const TempFolder folder;
  // Together 28.92 s: the joins wander over all places of a second.
  const auto plan = cable_render::list_plan(
      list_of(folder, {house_file({.frames = 375}), house_file({.frames = 123}),
                       house_file({.frames = 225, .picture = "smptebars"})}),
      "");
  std::ostringstream airings;
  const tests::TsReport report = judged(plan, {.duration_ns = 27 * hour_ns, .airings = &airings});
  INFO(report.json());
  CHECK(report.is_clean());
  CHECK(report.sessions == 1);
  CHECK(report.video.units >= 27 * 3600 * 25 - 1);
  CHECK(report.video.steps ==
        std::map<std::int64_t, std::int64_t>{{kVideoTicks, report.video.units - 1}});
  CHECK(report.audio.steps ==
        std::map<std::int64_t, std::int64_t>{{10'800, report.audio.units - 1}});
  // Each placement ended once; all but the one that the end of the test cut was aired.
  std::istringstream lines(airings.str());
  std::int64_t aired = 0, others = 0;
  for (std::string line; std::getline(lines, line);)
    ++(line.find(R"("fact":"aired")") != line.npos ? aired : others);
  CHECK(aired > 10'000);
  CHECK(others <= 1);
}
