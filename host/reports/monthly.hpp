// SPDX-License-Identifier: Apache-2.0
// The monthly report 月报: airings 条次 and time 时长, as offices file them by the 5th.
#pragma once

#include <string>
#include <vector>

#include "host/reports/station_reports.hpp"

namespace civicast::reports {

struct NamedSheet {
  std::string name;  ///< in JSON: "by_channel"
  Sheet sheet;
};

/// `month` is "2026-11"; empty: the one before this. Totals by class, by channel, by campaign and
/// channel, by day; then what was planned and not aired, and compliance in days.
Result<std::vector<NamedSheet>> monthly(const Desk &desk, const std::string &month);

}  // namespace civicast::reports
