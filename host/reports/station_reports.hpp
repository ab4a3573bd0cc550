// SPDX-License-Identifier: Apache-2.0
// The reports of a station, the same for the command line and for the console.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/reports/compliance.hpp"
#include "host/reports/gather.hpp"
#include "host/reports/sheet.hpp"
#include "host/station/station.hpp"

namespace civicast::reports {

/// A report is of at most so many days.
inline constexpr int max_days = 366;

/// What the reports are made from. The index of counts must have caught up with the ledger.
struct Desk {
  const station::Station &station;
  store::Store &store;
  playlists::PlaylistStore &playlists;
  std::int64_t now_ns = 0;
};

Result<Reconciliation> reconciliation(const Desk &desk, const Period &period);
/// Channels in the station's order, each with its days.
Result<std::vector<Judgement>> compliance(const Desk &desk, const Period &period);

Sheet reconciliation_sheet(const Desk &desk, const Reconciliation &all);
Sheet unplanned_sheet(const Desk &desk, const Reconciliation &all);
/// Outcomes and how many rows have them.
Sheet summary_sheet(const Reconciliation &all);
Sheet compliance_sheet(const Desk &desk, const std::vector<Judgement> &all);

/// The words of one cell of compliance: "3", "12.5 s".
std::string amount_text(const rules::Verdict &verdict, std::int64_t amount);

}  // namespace civicast::reports
