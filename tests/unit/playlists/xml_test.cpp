// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "host/playlists/xml.hpp"

using namespace civicast;
using namespace civicast::playlists;
using namespace std::chrono_literals;

namespace {

Playlist random_playlist(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t end) { return random() % end; };
  const std::vector<std::string> words = {
      "",           "富强",        "a \"quoted\" <tag> & more", "两行\n文字", "tab\there",
      "It's; fine", "é–ü 🙂"};
  Playlist playlist{"cable", 2026y / 11 / 23, {}};
  std::int64_t at_ns = 1'795'363'200'000'000'000;
  for (std::uint64_t i = below(40); i > 0; --i) {
    Item item;
    item.kind = static_cast<ItemKind>(below(4));
    item.id = below(5) == 0 ? "" : "id-" + std::to_string(i);
    item.start_ns = at_ns;
    if (below(4) != 0) at_ns += static_cast<std::int64_t>(below(3'000'000'000'000));
    if (below(2) == 0) at_ns = at_ns / 1'000'000'000 * 1'000'000'000 + 1'000'000'000;
    item.end_ns = at_ns;
    item.asset = "asset-" + std::to_string(below(9));
    item.title = {words[below(words.size())], words[below(words.size())]};
    if (item.kind == ItemKind::placement) {
      item.campaign = "values";
      item.ad_class = static_cast<campaigns::AdClass>(below(5));
      item.topic = words[below(2)];
      item.break_id = below(2) == 0 ? "" : "cable/2026-11-23/190000";
      item.makes_good = below(4) == 0 ? "lost-" + std::to_string(i) : "";
    }
    if (item.kind == ItemKind::programme && below(2) == 0) {
      item.live = "https://live.example.org/a/b.m3u8?key=1&x=2";
      if (below(2) == 0) item.asset.clear();
    }
    if (item.kind == ItemKind::bulletin && below(2) == 0) item.places = {"screen-a", "screen-b"};
    playlist.items.push_back(item);
  }
  return playlist;
}

std::string with_item(const std::string &attributes) {
  return "<playlist channel=\"cable\" date=\"2026-11-23\">\n<item " + attributes +
         "/>\n</playlist>";
}

const std::string good =
    "kind=\"placement\" start=\"2026-11-23T19:00:00+08:00\" end=\"2026-11-23T19:00:15+08:00\" "
    "asset=\"a\" campaign=\"c\" class=\"psa\"";

}  // namespace

TEST_CASE("a playlist survives writing and reading, to the nanosecond") {
  for (const char *name : {"Asia/Shanghai", "America/New_York", "UTC"}) {
    const Zone zone = *Zone::find(name);
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      INFO(name << " seed " << seed);
      const Playlist playlist = random_playlist(seed);
      const auto read = parse_playlist(write_xml(playlist, zone), "p.xml");
      if (!read)
        for (const Fault &fault : read.fault()) FAIL_CHECK(fault.text());
      REQUIRE(read.ok());
      REQUIRE(read->playlist == playlist);
      REQUIRE(read->items_at.size() == playlist.items.size());
    }
  }
}

TEST_CASE("a good item is read, with and without an id") {
  CHECK(parse_playlist(with_item(good), "p.xml").ok());
  const auto read = parse_playlist(with_item("id=\"x\" " + good), "p.xml");
  REQUIRE(read.ok());
  CHECK(read->playlist.items[0].id == "x");
  CHECK(read->items_at[0] == "p.xml:2");
}

TEST_CASE("every malformed playlist is refused, with its line and a sentence in both languages") {
  const auto swap = [](std::string text, const std::string &from, const std::string &to) {
    return text.replace(text.find(from), from.size(), to);
  };
  const std::vector<std::pair<std::string, std::string>> table = {
      {"not XML at all", "<playlist"},
      {"nothing", ""},
      {"another root", "<grid channel=\"cable\"/>"},
      {"no date", "<playlist channel=\"cable\"/>"},
      {"a date that is none", "<playlist channel=\"cable\" date=\"2026-02-30\"/>"},
      {"no channel", "<playlist date=\"2026-11-23\"/>"},
      {"an element that is not known",
       "<playlist channel=\"cable\" date=\"2026-11-23\"><break/></playlist>"},
      {"stray text", "<playlist channel=\"cable\" date=\"2026-11-23\">x</playlist>"},
      {"a DOCTYPE", "<!DOCTYPE x><playlist channel=\"cable\" date=\"2026-11-23\"/>"},
      {"bytes that are not UTF-8",
       "<playlist channel=\"cable\" date=\"2026-11-23\"><item asset=\"\xFF\"/></playlist>"},
      {"no kind", with_item(swap(good, "kind=\"placement\" ", ""))},
      {"a kind that is not known", with_item(swap(good, "\"placement\"", "\"spot\""))},
      {"a time without an offset", with_item(swap(good, "00+08:00", "00"))},
      {"a time that is none", with_item(swap(good, "T19:00:00", "T25:00:00"))},
      {"an end before the start", with_item(swap(good, "T19:00:15", "T18:00:15"))},
      {"no asset", with_item(swap(good, "asset=\"a\"", ""))},
      {"an asset that is no id", with_item(swap(good, "asset=\"a\"", "asset=\"../a\""))},
      {"a placement without a campaign", with_item(swap(good, "campaign=\"c\"", ""))},
      {"a class that is not known", with_item(swap(good, "\"psa\"", "\"spam\""))},
      {"a filler with a campaign", with_item(swap(good, "\"placement\"", "\"filler\""))},
      {"a filler that makes good",
       with_item("kind=\"filler\" start=\"2026-11-23T19:00:00+08:00\" "
                 "end=\"2026-11-23T19:00:15+08:00\" asset=\"a\" makes-good=\"x\"")},
      {"a placement that makes itself good", with_item("id=\"x\" makes-good=\"x\" " + good)},
      {"what it makes good is no id", with_item("makes-good=\"A B\" " + good)},
      {"an attribute that is not known", with_item(good + " volume=\"11\"")},
      {"an attribute twice", with_item(good + " asset=\"a\"")},
      {"an id that is none", with_item("id=\"A B\" " + good)},
      {"an id twice", "<playlist channel=\"cable\" date=\"2026-11-23\"><item id=\"x\" " + good +
                          "/><item id=\"x\" " +
                          swap(swap(good, "19:00:00", "19:01:00"), "19:00:15", "19:01:15") +
                          "/></playlist>"},
      {"an overlap", "<playlist channel=\"cable\" date=\"2026-11-23\"><item " + good + "/><item " +
                         swap(good, "19:00:00", "19:00:14") + "/></playlist>"},
  };
  for (const auto &[what, text] : table) {
    INFO(what);
    const auto read = parse_playlist(text, "p.xml");
    REQUIRE_FALSE(read.ok());
    REQUIRE_FALSE(read.fault().empty());
    for (const Fault &fault : read.fault()) {
      CHECK(fault.where().rfind("p.xml:", 0) == 0);
      CHECK(fault.sentence(Lang::zh).find('{') == std::string::npos);
      CHECK(fault.sentence(Lang::en).find('{') == std::string::npos);
    }
  }
}
