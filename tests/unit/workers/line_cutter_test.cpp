// SPDX-License-Identifier: Apache-2.0
#include "host/workers/line_cutter.hpp"

#include <catch2/catch.hpp>
#include <vector>

using civicast::workers::LineBudget;
using civicast::workers::LineCutter;

namespace {

struct Told {
  std::vector<std::pair<int, std::string>> lines;
  LineCutter cutter{
      [this](int level, const std::string &line) { lines.emplace_back(level, line); }};
};

}  // namespace

TEST_CASE("bytes become lines however they were cut, with their level") {
  Told told;
  told.cutter.feed("one\n<3>t", 0);
  told.cutter.feed("wo\n\nthr", 0);
  told.cutter.feed("ee", 0);
  told.cutter.finish(0);
  CHECK(told.lines ==
        std::vector<std::pair<int, std::string>>{{1, "one"}, {3, "two"}, {1, "three"}});
}

TEST_CASE("a line without end is shortened, and the next one is whole") {
  Told told;
  told.cutter.feed(std::string(100'000, 'x') + "\nnext\n", 0);
  REQUIRE(told.lines.size() == 2);
  CHECK(told.lines[0].second.size() < LineCutter::max_line_bytes + 10);
  CHECK(told.lines[1].second == "next");
}

TEST_CASE("too many lines in a second are counted instead of told, and the last are remembered") {
  Told told;
  for (int i = 0; i < 1000; ++i) told.cutter.feed("line " + std::to_string(i) + "\n", 5);
  CHECK(told.lines.size() == LineBudget::lines_at_once);
  CHECK(told.cutter.last_lines().find("line 999") != std::string::npos);
  told.cutter.feed("later\n", 1500);
  CHECK(told.lines[told.lines.size() - 2].second == "900 lines of output were dropped");
  CHECK(told.lines.back().second == "later");
}
