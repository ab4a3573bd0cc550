// SPDX-License-Identifier: Apache-2.0
// The sample station, planned into a database of its own.
#pragma once

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "host/flow/planning.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::test {

using flow::Durations;
using flow::Summary;

struct Planned {
  std::filesystem::path folder;
  station::Station station;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<playlists::PlaylistStore> playlists;
  std::set<std::string> unready;

  Planned() : folder(make_folder()), station(load()) {
    store = std::move(*store::Store::open(folder / "civicast.db"));
    playlists = std::make_unique<playlists::PlaylistStore>(*store);
  }
  ~Planned() {
    playlists.reset();
    store.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  static std::filesystem::path make_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "civicast-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    return name;
  }
  static station::Station load() {
    auto loaded = station::load_station(CIVICAST_SAMPLE);
    if (!loaded)
      for (const Fault &fault : loaded.fault()) FAIL_CHECK(fault.text());
    REQUIRE(loaded.ok());
    return *std::move(loaded);
  }

  Durations durations() const {
    return [this](const std::string &asset,
                  const channels::Channel &channel) -> std::optional<std::int64_t> {
      if (unready.count(asset) != 0) return {};
      return channel.plugin == "feed" ? 0 : 15 * ns_per_s;
    };
  }
  /// 2026-11-23, a Monday.
  std::int64_t at(int hour, int minute = 0) const {
    return station.zone.instant(
        Date{std::chrono::year{2026}, std::chrono::November, std::chrono::day{23}},
        hour * 3'600 + minute * 60);
  }
  Date today() const { return station.zone.date_at(at(0)); }

  Summary plan(std::int64_t now_ns, std::int64_t from_ns, int days = 1) {
    auto summary = flow::plan_days(station, durations(), *playlists, now_ns, from_ns, days);
    if (!summary)
      for (const Fault &fault : summary.fault()) FAIL_CHECK(fault.text());
    REQUIRE(summary.ok());
    return *std::move(summary);
  }
  void verify(int days = 1) {
    const auto verdict = flow::verify_days(station, durations(), *playlists, today(), days);
    if (!verdict)
      for (const Fault &fault : verdict.fault()) FAIL_CHECK(fault.text());
  }
  void must_cover(const std::string &channel, std::int64_t from_ns, std::int64_t to_ns) {
    const auto items = playlists->between(channel, from_ns, to_ns);
    REQUIRE_FALSE(items.empty());
    CHECK(items.front().start_ns <= from_ns);
    for (std::size_t i = 1; i < items.size(); ++i)
      REQUIRE(items[i].start_ns == items[i - 1].end_ns);
    CHECK(items.back().end_ns >= to_ns);
  }
};

}  // namespace civicast::test
