// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>

#include "host/playlists/compose.hpp"

using namespace civicast;
using namespace civicast::playlists;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t s = 1'000'000'000;
constexpr std::int64_t start_ns = 1'795'363'200 * s;  // a midnight

struct Around {
  int ids = 0;
  Surroundings around;
  explicit Around(std::int64_t from_ns = 0) {
    around.from_ns = from_ns;
    around.title_of = [](const std::string &asset) { return Words{asset, asset}; };
    around.new_id = [this] { return "i" + std::to_string(++ids); };
  }
};

grids::GridDay empty_day() {
  grids::GridDay day;
  day.channel = "cable";
  day.date = 2026y / 11 / 23;
  day.start_ns = start_ns;
  day.end_ns = start_ns + 86'400 * s;
  day.fillers = {"park", "river", "hill"};
  return day;
}

Item placement(std::int64_t from_ns, std::int64_t to_ns) {
  Item item;
  item.id = "p" + std::to_string(from_ns);
  item.start_ns = from_ns;
  item.end_ns = to_ns;
  item.asset = "spot";
  item.campaign = "values";
  return item;
}

/// A day as rough as a grid can be: breaks of any length to the nanosecond, some over midnight,
/// some side by side, some of no length, programmes that fill, overlap or leave gaps.
struct RandomDay {
  grids::GridDay day = empty_day();
  std::vector<Item> placements;

  explicit RandomDay(std::uint64_t seed) : random(seed) {
    for (std::int64_t at_ns = start_ns + below(3) * below(100 * s); at_ns < day.end_ns;) {
      const auto length_ns = below(5) == 0 ? 0 : below(3'000 * s);
      if (below(3) == 0) {
        day.programmes.push_back({"p", at_ns, std::min(at_ns + length_ns, day.end_ns), "news"});
      } else {
        day.breaks.push_back({"b" + std::to_string(at_ns), at_ns, length_ns, 0, {}});
        fill(at_ns, length_ns);
      }
      at_ns += length_ns + below(2) * below(below(4) == 0 ? s / 5 : 1'000 * s);
    }
  }
  void fill(std::int64_t at_ns, std::int64_t length_ns) {
    const auto end_ns = at_ns + length_ns;
    while (below(4) != 0) {
      const auto spot_ns = 1 + below(60 * s);
      if (at_ns + spot_ns > end_ns) return;
      placements.push_back(placement(at_ns, at_ns + spot_ns));
      at_ns += spot_ns;
    }
  }
  std::int64_t below(std::int64_t end) {
    return end == 0 ? 0 : static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(end));
  }
  std::mt19937_64 random;
};

}  // namespace

TEST_CASE("a composed day has no gap, no overlap, and every placement where it was planned") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    INFO("seed " << seed);
    const RandomDay random(seed);
    Around around;
    const auto items = compose(random.day, random.placements, around.around);
    REQUIRE_FALSE(items.empty());
    REQUIRE(items.front().start_ns == random.day.start_ns);
    REQUIRE(items.back().end_ns >= random.day.end_ns);
    std::size_t placements = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      REQUIRE(items[i].end_ns > items[i].start_ns);
      if (i > 0) REQUIRE(items[i].start_ns == items[i - 1].end_ns);
      if (items[i].kind == ItemKind::filler)
        REQUIRE(items[i].end_ns - items[i].start_ns <= max_filler_ns + min_piece_ns);
      if (items[i].kind == ItemKind::placement)
        REQUIRE(items[i] == random.placements[placements++]);
      // Only where placements leave no other choice is a piece shorter than the time grid.
      const bool is_short = items[i].end_ns - items[i].start_ns < min_piece_ns;
      if (is_short && items[i].kind != ItemKind::placement && i > 0)
        REQUIRE(items[i - 1].kind == ItemKind::placement);
    }
    REQUIRE(placements == random.placements.size());
  }
}

TEST_CASE("a day composed from a later instant says the same from there on") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    const RandomDay random(seed);
    Around whole_day;
    const auto whole = compose(random.day, random.placements, whole_day.around);
    const auto &cut = whole[whole.size() / 2];
    std::vector<Item> rest;
    for (const Item &item : random.placements)
      if (item.start_ns >= cut.start_ns) rest.push_back(item);
    Around later(cut.start_ns);
    const auto half = compose(random.day, rest, later.around);
    REQUIRE(half.front().start_ns == cut.start_ns);
    REQUIRE(half.back().end_ns == whole.back().end_ns);
  }
}

TEST_CASE("fillers take turns and end where a break starts or ends") {
  auto day = empty_day();
  day.end_ns = start_ns + 120 * s;
  day.breaks = {{"a", start_ns + 30 * s, 30 * s, 0, {}}, {"b", start_ns + 90 * s, 30 * s, 0, {}}};
  Around around;
  const auto items = compose(day, {placement(start_ns + 30 * s, start_ns + 45 * s)}, around.around);
  std::vector<std::string> assets;
  std::vector<std::int64_t> starts;
  for (const Item &item : items) {
    assets.push_back(item.asset);
    starts.push_back((item.start_ns - start_ns) / s);
  }
  CHECK(assets == std::vector<std::string>{"park", "spot", "river", "hill", "park"});
  CHECK(starts == std::vector<std::int64_t>{0, 30, 45, 60, 90});
}

TEST_CASE("a filler takes the rest that is too short to stand alone") {
  auto day = empty_day();
  day.end_ns = start_ns + 60 * s;
  day.breaks = {{"a", start_ns, 15 * s + 40'000'000, 0, {}}};
  Around around;
  const auto items = compose(day, {placement(start_ns, start_ns + 15 * s)}, around.around);
  REQUIRE(items.size() == 2);
  CHECK(items[1].start_ns == start_ns + 15 * s);
  CHECK(items[1].end_ns == day.end_ns);
}

TEST_CASE("a feed is posts and nothing else") {
  auto day = empty_day();
  day.fillers.clear();
  day.breaks = {{"a", start_ns + 30 * s, 0, 0, {}}};
  Around around;
  const auto items = compose(day, {placement(start_ns + 30 * s, start_ns + 30 * s)}, around.around);
  REQUIRE(items.size() == 1);
  CHECK(items[0].start_ns == items[0].end_ns);
}

TEST_CASE("a break that runs over midnight is composed to its end, and the next day begins there") {
  auto day = empty_day();
  day.breaks = {{"a", day.end_ns - 20 * s, 40 * s, 0, {}}};
  Around around;
  const auto items =
      compose(day, {placement(day.end_ns - 20 * s, day.end_ns + 10 * s)}, around.around);
  CHECK(items.back().end_ns == day.end_ns + 20 * s);
  auto next = empty_day();
  next.start_ns = day.end_ns;
  next.end_ns = day.end_ns + 86'400 * s;
  Around after(items.back().end_ns);
  CHECK(compose(next, {}, after.around).front().start_ns == items.back().end_ns);
}

TEST_CASE("a programme that a placement or the present cuts is shortened") {
  auto day = empty_day();
  day.end_ns = start_ns + 100 * s;
  day.programmes = {{"p", start_ns, start_ns + 50 * s, "news"}};
  Around around(start_ns + 10 * s);
  const auto items = compose(day, {placement(start_ns + 40 * s, start_ns + 60 * s)}, around.around);
  REQUIRE(items.size() == 3);
  CHECK(items[0].kind == ItemKind::programme);
  CHECK(items[0].start_ns == start_ns + 10 * s);
  CHECK(items[0].end_ns == start_ns + 40 * s);
}

TEST_CASE("a live programme is an item with its address, its standby and its own title") {
  grids::GridDay day = empty_day();
  day.end_ns = start_ns + 100 * s;
  day.programmes = {{"a",
                     start_ns,
                     start_ns + 40 * s,
                     "standby",
                     "udp://239.1.1.7:5500",
                     {"新闻联播", "The news"}},
                    {"b", start_ns + 60 * s, day.end_ns, "", "srt://10.0.0.5:9000", {}}};
  Around around;
  const auto items = compose(day, {placement(start_ns + 40 * s, start_ns + 60 * s)}, around.around);
  REQUIRE(items.size() == 3);
  CHECK(items[0].kind == ItemKind::programme);
  CHECK(items[0].live == "udp://239.1.1.7:5500");
  CHECK(items[0].asset == "standby");
  CHECK(items[0].title == Words{"新闻联播", "The news"});
  CHECK(items[1].kind == ItemKind::placement);
  CHECK(items[1].live.empty());
  CHECK(items[2].live == "srt://10.0.0.5:9000");
  CHECK(items[2].asset.empty());
  CHECK(items[2].title == Words{"直播", "Live"});
}
