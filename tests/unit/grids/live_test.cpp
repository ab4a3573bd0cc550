// SPDX-License-Identifier: Apache-2.0
// Live programmes in a grid.
#include "host/grids/faults.hpp"
#include "host/grids/live_source.hpp"
#include "host/grids/pattern.hpp"
#include "tests/unit/grids/read.hpp"

using namespace civicast;
using namespace civicast::grids;

namespace {

std::string live(const std::string &url, const std::string &more = "") {
  return daily("<programme at='19:00' length='1h' live='" + url + "' " + more + "/>\n");
}

/// The only fault, which must stand in line 2.
std::string only_fault(const std::string &text) {
  const auto grid = read(text);
  if (grid) return "none";
  CHECK(grid.fault().size() == 1);
  CHECK(grid.fault()[0].where() == "grids/cable.xml:2");
  return std::string(grid.fault()[0].kind().name);
}

}  // namespace

TEST_CASE("a live programme has an address, and if it likes a standby and a title") {
  const auto grid =
      read(live("udp://239.1.1.7:5500", "standby='film' title-zh='直播' title-en='L'"));
  REQUIRE(grid.ok());
  const Slot &slot = grid->patterns()[0].slots[0];
  CHECK(slot.live == "udp://239.1.1.7:5500");
  CHECK(slot.asset == "film");
  CHECK(slot.title == Words{"直播", "L"});
  CHECK(grid->assets() == std::vector<std::string>{"film"});
  const auto bare = read(live("https://example.org/live/1.m3u8?token=a"));
  REQUIRE(bare.ok());
  CHECK(bare->assets().empty());
}

TEST_CASE("an address that no channel can open is refused with its line and what it should be") {
  for (const char *good :
       {"udp://239.1.1.7:5500", "udp://[ff3e::7]:5500", "udp://10.0.0.5:1?fifo_size=5",
        "srt://head-end.local:9000", "srt://10.0.0.5:9000?mode=caller&amp;latency=200",
        "http://10.0.0.5/a.m3u8", "https://example.org:8443/x/y.m3u8?k=v"}) {
    INFO(good);
    CHECK(only_fault(live(good)) == "none");
  }
  for (const char *bad :
       {"239.1.1.7:5500", "rtmp://x/y", "file:///etc/passwd", "udp://239.1.1.7", "udp://:5500",
        "udp://239.1.1.7:", "udp://239.1.1.7:0", "udp://239.1.1.7:65536", "udp://239.1.1.7:55x",
        "udp://@239.1.1.7:5500", "srt://user:secret@10.0.0.5:9000", "udp://239.1.1.7:5500/a",
        "http://example.org/", "http://example.org/a.mp4", "http:///a.m3u8",
        "http://example.org/a.mp4?x=.m3u8", "udp://a b:5500", "srt://10.0.0.5"}) {
    INFO(bad);
    CHECK(only_fault(live(bad)) == "grid.live_malformed");
  }
  CHECK(only_fault(live("udp://239.1.1.7:5500?" + std::string(600, 'x'))) == "xml.bad_value");
  CHECK(live_misfit(std::string(600, 'x')));
}

TEST_CASE("a programme has live or asset, and only a live one a standby") {
  CHECK(only_fault(live("udp://239.1.1.7:5500", "asset='film'")) == "grid.live_with_asset");
  CHECK(only_fault(daily("<programme at='19:00' length='1h' asset='film' standby='f'/>\n")) ==
        "grid.only_of_live");
  CHECK(only_fault(daily("<programme at='19:00' length='1h'/>\n")) == "xml.missing_attribute");
}

TEST_CASE("breaks are cut into a live programme, which goes on behind them") {
  const auto grid =
      read(daily("<programme at='19:00' length='1h' live='udp://239.1.1.7:5500'/>\n"
                 "<break at='19:20' length='2m'/>\n<break at='19:40' length='1m'/>\n"
                 "<break at='19:59' length='2m'/>\n"));
  REQUIRE(grid.ok());
  std::vector<std::pair<std::int64_t, std::int64_t>> pieces;  // in minutes
  for (const Slot &slot : grid->patterns()[0].slots)
    if (!slot.live.empty())
      pieces.emplace_back(slot.start_ms / 60'000, (slot.start_ms + slot.length_ms) / 60'000);
  CHECK(pieces == std::vector<std::pair<std::int64_t, std::int64_t>>{
                      {1140, 1160}, {1162, 1180}, {1181, 1199}});
  const auto day =
      grid->day(Date{std::chrono::year{2026}, std::chrono::November, std::chrono::day{23}},
                Zone::find("Asia/Shanghai").value());
  REQUIRE(day.programmes.size() == 3);
  CHECK(day.programmes[1].live == "udp://239.1.1.7:5500");
  CHECK(day.programmes[1].id == "cable/2026-11-23/192200p");
}

TEST_CASE("a break that covers a live programme leaves nothing of it, and two live ones overlap") {
  const auto covered =
      read(daily("<programme at='19:00' length='1m' live='udp://239.1.1.7:5500'/>\n"
                 "<break at='18:59' length='3m'/>\n"));
  REQUIRE(covered.ok());
  CHECK(covered->patterns()[0].slots.size() == 1);
  const auto twice =
      read(daily("<programme at='19:00' length='2m' live='udp://239.1.1.7:5500'/>\n"
                 "<programme at='19:01' length='2m' live='udp://239.1.1.8:5500'/>\n"));
  REQUIRE_FALSE(twice.ok());
  CHECK(twice.fault()[0].is(faults::slots_overlap));
}
