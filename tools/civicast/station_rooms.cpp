// SPDX-License-Identifier: Apache-2.0
#include "tools/civicast/station_rooms.hpp"

#include "host/counts/index.hpp"

namespace civicast::cli {

std::filesystem::path ledger_folder(const Context &context) {
  return context.station / "ledger";
}

std::optional<Rooms> open_rooms(Context &context) {
  auto station = station::load_station(context.station);
  if (!station) return report(station.fault(), context), std::nullopt;
  auto ledger = ledger::Reader::open(ledger_folder(context));
  if (!ledger) return report(ledger.fault(), context), std::nullopt;
  auto store = store::Store::open(context.station / "civicast.db");
  if (!store) return report(store.fault(), context), std::nullopt;
  return Rooms{std::move(*station), std::move(*store), std::move(*ledger)};
}

std::optional<Rooms> open_counted_rooms(Context &context) {
  auto rooms = open_rooms(context);
  if (!rooms) return {};
  TerminalProgress progress;
  counts::Index index(*rooms->store, *rooms->ledger, rooms->station.zone);
  if (auto done = index.catch_up(progress); !done)
    return report(done.fault(), context), std::nullopt;
  return rooms;
}

std::optional<Date> day_of(const std::string &text) {
  return parse_date(text);
}

CLI::Validator is_day() {
  return CLI::Validator(
      [](std::string &text) {
        return parse_date(text) ? std::string()
                                : "日期应如 2026-11-23 · a day is written 2026-11-23";
      },
      "YYYY-MM-DD");
}

}  // namespace civicast::cli
