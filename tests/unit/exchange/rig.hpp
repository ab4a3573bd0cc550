// SPDX-License-Identifier: Apache-2.0
// The sample station, planned, with a ledger of its own and a clock that the test sets. Every asset
// has a house file of 15 s; no media is made.
#pragma once

#include <memory>
#include <string>

#include "host/counts/index.hpp"
#include "host/exchange/exchange.hpp"
#include "host/ledger/ledger.hpp"
#include "sdk/base/clock.hpp"
#include "tests/unit/folder/folder.hpp"

namespace civicast::exchange::test {

class Rig {
 public:
  /// 2026-11-23 is a Monday; it is 06:00.
  Rig();

  Date monday() const {
    return Date{std::chrono::year{2026}, std::chrono::November, std::chrono::day{23}};
  }
  std::int64_t at(int hour, int minute = 0, int second = 0) const;
  void set_time(std::int64_t now_ns) { clock.set(now_ns); }

  House house(std::int64_t frozen_ns = 60 * ns_per_s);
  /// Plans today, from now on.
  void plan();
  std::vector<playlists::Item> placements() const;
  /// Items of the day, taken as they are.
  void put(const std::vector<playlists::Item> &items);

  std::string schedule(Format format);
  std::string as_run(Format format);
  Imported import(const std::string &name, const std::string &text, Wish wish = {});
  Reported report(const std::string &name, const std::string &text, Wish wish = {});
  /// Complete airings of the channel, and those seen in part.
  counts::Row counted();
  std::uint64_t entries() const { return ledger->size(); }

  Folder folder;
  ManualClock clock;
  station::Station station;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<playlists::PlaylistStore> playlists;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<airings::Intake> intake;
  std::unique_ptr<counts::Index> index;
  std::string channel = "cable";
};

}  // namespace civicast::exchange::test
