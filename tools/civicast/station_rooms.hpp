// SPDX-License-Identifier: Apache-2.0
// What the commands about airings read of a station: its zone, its database, its ledger.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "host/ledger/reader.hpp"
#include "host/station/station.hpp"
#include "host/store/store.hpp"
#include "tools/civicast/context.hpp"

namespace civicast::cli {

struct Rooms {
  station::Station station;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<ledger::Reader> ledger;
};

std::filesystem::path ledger_folder(const Context &context);

/// Nothing after reporting why.
std::optional<Rooms> open_rooms(Context &context);

/// The same, with the counts brought up to the ledger: a host that was killed leaves them behind.
std::optional<Rooms> open_counted_rooms(Context &context);

/// A day that a person typed, checked by CLI11 already; nothing if it was left out.
std::optional<Date> day_of(const std::string &text);
/// Accepts what parse_date accepts.
CLI::Validator is_day();

}  // namespace civicast::cli
