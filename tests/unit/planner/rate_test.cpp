// SPDX-License-Identifier: Apache-2.0
// Rates in a simulated channel: each hour has so many slots, of which some are shown.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>

#include "host/planner/rate.hpp"

using namespace civicast::planner;

namespace {

std::uint64_t first_seed() {
  const char *given = std::getenv("CIVICAST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
}

/// A channel and what its campaigns had of it, hour by hour.
struct Channel {
  Pacing pacing;
  std::vector<Claim> claims;
  int hours = 30 * 24, slots = 60, late_h = 0;
  /// Airings of one slot in that hour.
  std::function<int(int)> shown = [](int) { return 1; };
  std::vector<std::vector<int>> had;  ///< by claim and hour
  std::vector<int> given;             ///< slots, by hour

  void run() {
    Memory memory;
    had.assign(claims.size(), std::vector<int>(static_cast<std::size_t>(hours), 0));
    std::vector<std::vector<int>> planned = had;
    for (Claim &one : claims) one.hours_left = hours;
    for (int hour = 0; hour < hours; ++hour) {
      report(hour - late_h - 1, planned, memory);
      const auto rates = next_hour(pacing, claims, slots, memory);
      given.push_back(0);
      for (std::size_t i = 0; i < claims.size(); ++i) {
        planned[i][static_cast<std::size_t>(hour)] = rates[i].slots;
        given.back() += rates[i].slots;
        claims[i].pending += rates[i].slots;
        for (int slot = 0; slot < rates[i].slots; ++slot)
          had[i][static_cast<std::size_t>(hour)] += shown(hour);
        claims[i].hours_gone += 1;
        claims[i].hours_left -= 1;
      }
    }
  }

  void report(int hour, const std::vector<std::vector<int>> &planned, Memory &memory) {
    if (hour < 0) return;
    const auto at = static_cast<std::size_t>(hour);
    int all = 0;
    double airings = 0;
    for (std::size_t i = 0; i < claims.size(); ++i) {
      claims[i].pending -= planned[i][at];
      claims[i].aired += had[i][at];
      all += planned[i][at];
      airings += had[i][at];
    }
    see(pacing, all, airings, slots, memory);
  }

  int total(std::size_t claim, int from, int to) const {
    int sum = 0;
    for (int hour = from; hour < to; ++hour) sum += had[claim][static_cast<std::size_t>(hour)];
    return sum;
  }
  int total(std::size_t claim) const { return total(claim, 0, hours); }
};

Claim claim(int wanted, double weight = 1) {
  Claim one;
  one.wanted = wanted;
  one.weight = weight;
  return one;
}

}  // namespace

TEST_CASE("at a steady supply each campaign keeps its pace, and has what it wants at the end") {
  Channel channel;
  for (const int wanted : {30, 31, 100, 720, 5'000, 10'000})
    channel.claims.push_back(claim(wanted));
  channel.run();
  for (std::size_t i = 0; i < channel.claims.size(); ++i) {
    const int wanted = channel.claims[i].wanted;
    INFO(wanted);
    CHECK(std::abs(channel.total(i) - wanted) <= 1);
    int had = 0;
    for (int day = 0; day < 30; ++day) {
      had += channel.total(i, day * 24, day * 24 + 24);
      CHECK(std::abs(had - wanted * (day + 1) / 30.0) <= 1.5);
    }
  }
  for (int day = 0; day < 30; ++day) CHECK(channel.total(0, day * 24, day * 24 + 24) == 1);
}

TEST_CASE("an uneven supply does not make the pace uneven, and every wish is met") {
  for (std::uint64_t seed = first_seed(); seed < first_seed() + 10; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    Channel channel;
    channel.pacing.usual_yield = 10;  // as many screens
    // Some of the screens are off, by night more of them, and some report late.
    channel.late_h = static_cast<int>(seed % 4);
    channel.shown = [&](int hour) {
      int shown = 0;
      for (int screen = 0; screen < 10; ++screen)
        shown += random() % 100 < (hour % 24 < 7 ? 60U : 90U) ? 1 : 0;
      return shown;
    };
    for (const int wanted : {3'000, 9'000, 60'000}) channel.claims.push_back(claim(wanted));
    channel.run();
    for (std::size_t i = 0; i < channel.claims.size(); ++i) {
      const double wanted = channel.claims[i].wanted;
      INFO(wanted);
      CHECK(std::abs(channel.total(i) - wanted) <= std::max(0.01 * wanted, 20.0));
      double off = 0;
      for (int day = 0; day < 30; ++day)
        off += std::abs(channel.total(i, day * 24, day * 24 + 24) - wanted / 30);
      // A slot is ten airings: of a hundred a day a tenth.
      CHECK(off / wanted <= (wanted >= 9'000 ? 0.05 : 0.07));
    }
  }
}

TEST_CASE("after an outage what is behind is made up, never faster than the cap") {
  for (const int outage_h : {5, 24, 72}) {
    INFO(outage_h << " hours");
    Channel channel;
    const int from = 10 * 24;
    channel.shown = [&](int hour) { return hour >= from && hour < from + outage_h ? 0 : 1; };
    for (const int wanted : {720, 7'200}) channel.claims.push_back(claim(wanted));
    channel.run();
    for (std::size_t i = 0; i < 2; ++i) {
      const double pace = channel.claims[i].wanted / 720.0;
      CHECK(std::abs(channel.total(i) - channel.claims[i].wanted) <= 1);
      for (int hour = from + outage_h; hour + 6 <= 720; ++hour)
        CHECK(channel.total(i, hour, hour + 6) <= 6 * pace * channel.pacing.most_paces + 1);
      // It is really made up: ten days later nothing is behind.
      const int later = std::min(720, from + outage_h + 10 * 24);
      CHECK(channel.total(i, 0, later) >= pace * later - 1.5);
    }
  }
}

TEST_CASE("a disturbance dies away without swinging, also when reports come late") {
  for (const int late_h : {0, 3, 6}) {
    INFO(late_h << " hours late");
    Channel channel;
    channel.late_h = late_h;
    channel.claims = {claim(14'400)};  // 20 an hour
    channel.shown = [](int hour) { return hour >= 200 && hour < 210 ? 0 : 1; };
    channel.run();
    // Below the pace while it is off, above it thereafter; never below it again by more than a
    // slot.
    for (int hour = 212 + late_h; hour < 719; ++hour) {
      const int had = channel.total(0, hour, hour + 1);
      INFO("hour " << hour);
      CHECK(had >= 19);
      CHECK(had <= 30);
    }
    // Nor is the whole ever ahead by more.
    for (int hour = 212; hour < 720; ++hour) CHECK(channel.total(0, 0, hour) <= 20 * hour + 2);
  }
}

TEST_CASE("where there is not room for all, equals get the same part and heavier ones more") {
  Channel channel;
  channel.slots = 30;
  channel.claims = {claim(14'400), claim(14'400), claim(7'200), claim(7'200, 3)};
  channel.run();
  std::vector<double> part;
  for (std::size_t i = 0; i < 4; ++i)
    part.push_back(channel.total(i) / (1.0 * channel.claims[i].wanted));
  CHECK(part[0] == Approx(part[1]).margin(0.005));
  CHECK(part[0] == Approx(part[2]).margin(0.01));
  CHECK(part[3] > part[0] + 0.05);
  for (const int given : channel.given) CHECK(given <= 30);
  CHECK(channel.total(0) + channel.total(1) + channel.total(2) + channel.total(3) >= 30 * 720 - 60);
}

TEST_CASE("random channels: no more slots than there are, no more airings than are wanted") {
  for (std::uint64_t seed = first_seed(); seed < first_seed() + 60; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    Channel channel;
    channel.hours = 24 * (1 + static_cast<int>(random() % 20));
    channel.slots = static_cast<int>(random() % 40);
    channel.late_h = static_cast<int>(random() % 8);
    for (int i = static_cast<int>(random() % 12); i > 0; --i)
      channel.claims.push_back(
          claim(static_cast<int>(random() % 4'000), 1 + static_cast<double>(random() % 5)));
    const int off = static_cast<int>(random() % 400), on = off + static_cast<int>(random() % 100);
    channel.shown = [&](int hour) {
      return (hour >= off && hour < on) || random() % 5 == 0 ? 0 : 1;
    };
    channel.run();
    for (const int given : channel.given) CHECK(given <= channel.slots);
    for (std::size_t i = 0; i < channel.claims.size(); ++i) {
      const double wanted = channel.claims[i].wanted;
      // What is pending is counted at the yield that is usual: it can come out a little above.
      CHECK(channel.total(i) <= wanted + 2 + 0.02 * wanted);
    }
  }
}

TEST_CASE("who may not be aired in an hour gets none of it, and what nobody asked for is nothing") {
  Pacing pacing;
  Memory memory;
  Claim closed = claim(100);
  closed.hours_left = 10;
  closed.is_open = false;
  Claim over = claim(100);
  over.hours_gone = 10;
  Claim none = claim(0);
  none.hours_left = 10;
  const auto rates = next_hour(pacing, {closed, over, none}, 60, memory);
  for (const Rate &one : rates) {
    CHECK(one.slots == 0);
    CHECK(one.share == 0);
  }
  CHECK(next_hour(pacing, {}, 60, memory).empty());
  Claim open = claim(100);
  open.hours_left = 10;
  Memory fresh;
  CHECK(next_hour(pacing, {open}, 0, fresh).at(0).slots == 0);
}
