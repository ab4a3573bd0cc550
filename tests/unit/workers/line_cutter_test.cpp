// SPDX-License-Identifier: Apache-2.0
#include "host/workers/line_cutter.hpp"

#include "host/workers/backtrace.hpp"
#include "host/workers/printable.hpp"

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

TEST_CASE("a channel may say a hundred lines at once and then ten a second, for ever") {
  LineBudget budget;
  int told = 0;
  for (std::int64_t now_ms = 1'000'000; now_ms < 1'060'000; ++now_ms) told += budget.take(now_ms);
  CHECK(told == LineBudget::lines_at_once + 60 * LineBudget::lines_per_second - 1);
  CHECK(budget.forget_dropped() == 60'000 - told);
  CHECK(budget.forget_dropped() == 0);
}

TEST_CASE("what is no text becomes text: no control characters, nothing that is not UTF-8") {
  using civicast::workers::printable;
  using namespace std::string_literals;
  CHECK(printable("中文 is text\t") == "中文 is text\t");
  CHECK(printable("a\0b\x1b[2J\r\x7f"s) == "a b [2J  ");
  CHECK(printable("\xff|\xe4\xb8") == "\xef\xbf\xbd|\xef\xbf\xbd");
  Told told;
  told.cutter.feed(std::string(2047, 'x') + "中\n", 0);
  REQUIRE(told.lines.size() == 1);
  CHECK(told.lines[0].second == std::string(2047, 'x') + "\xef\xbf\xbd …");
}

TEST_CASE("the words of one life are not those of the next") {
  Told told;
  told.cutter.feed("an old word\nhalf a", 0);
  told.cutter.forget();
  CHECK(told.cutter.last_lines().empty());
  told.cutter.feed(" new one\n", 0);
  CHECK(told.cutter.last_lines() == " new one");
}

TEST_CASE("the names in a backtrace are written out, and everything else stays") {
  using civicast::workers::demangled;
  CHECK(demangled("a.so(_ZN4Echo7publishEv+0x1f)[0x7f]\nb.so(main+0x2)[0x8]\n(_Zz)") ==
        "a.so(Echo::publish()+0x1f)[0x7f]\nb.so(main+0x2)[0x8]\n(_Zz)");
  CHECK(demangled("").empty());
}
