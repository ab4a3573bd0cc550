// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exchange/rig.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "host/flow/planning.hpp"

namespace civicast::exchange::test {
namespace {

station::Station sample() {
  auto loaded = station::load_station(CIVICAST_SAMPLE);
  if (!loaded)
    for (const Fault &fault : loaded.fault()) FAIL_CHECK(fault.text());
  REQUIRE(loaded.ok());
  return *std::move(loaded);
}

template <class T>
T must(Result<T, Faults> result) {
  if (!result)
    for (const Fault &fault : result.fault()) FAIL_CHECK(fault.text());
  REQUIRE(result.ok());
  return *std::move(result);
}

std::optional<std::int64_t> fifteen_seconds(const std::string &asset, const channels::Channel &) {
  if (asset == "unready") return {};
  return 15 * ns_per_s;
}

}  // namespace

Rig::Rig() : clock(0), station(sample()) {
  clock.set(at(6));
  store = std::move(*store::Store::open(folder.path() / "civicast.db"));
  playlists = std::make_unique<playlists::PlaylistStore>(*store);
  REQUIRE(ledger::create(folder.path() / "ledger", folder.path() / "keys", "test/airings").ok());
  ledger = std::move(*ledger::Ledger::open(folder.path() / "ledger", folder.path() / "keys"));
  intake = std::make_unique<airings::Intake>(*store, *ledger, clock);
  index = std::make_unique<counts::Index>(*store, *ledger, station.zone);
}

std::int64_t Rig::at(int hour, int minute, int second) const {
  return station.zone.instant(monday(), (hour * 60 + minute) * 60 + second);
}

House Rig::house(std::int64_t frozen_ns) {
  return {station, *playlists, *store, fifteen_seconds, clock.now_ns(), frozen_ns};
}

void Rig::plan() {
  const auto now_ns = clock.now_ns();
  must(flow::plan_days(station, fifteen_seconds, *playlists, now_ns, now_ns, 1));
}

std::vector<playlists::Item> Rig::placements() const {
  auto items = playlists->day(channel, monday());
  std::erase_if(items,
                [](const auto &item) { return item.kind != playlists::ItemKind::placement; });
  return items;
}

void Rig::put(const std::vector<playlists::Item> &items) {
  playlists->replace_from(channel, monday(), items, at(0));
}

std::string Rig::schedule(Format format) {
  return must(export_schedule(house(), channel, monday(), format)).text;
}

std::string Rig::as_run(Format format) {
  NoProgress nobody;
  REQUIRE(index->catch_up(nobody).ok());
  return must(export_as_run(house(), channel, monday(), format)).text;
}

Imported Rig::import(const std::string &name, const std::string &text, Wish wish) {
  if (wish.channel.empty()) wish.channel = channel;
  return must(import_schedule(house(), {name, text}, wish));
}

Reported Rig::report(const std::string &name, const std::string &text, Wish wish) {
  if (wish.channel.empty()) wish.channel = channel;
  return must(import_as_run(house(), {name, text}, wish, intake.get()));
}

counts::Row Rig::counted() {
  NoProgress nobody;
  REQUIRE(index->catch_up(nobody).ok());
  counts::Question question;
  question.channel = channel;
  const auto rows = counts::count(*store, question);
  return rows.empty() ? counts::Row{} : rows.front();
}

}  // namespace civicast::exchange::test
