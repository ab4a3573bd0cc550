// SPDX-License-Identifier: Apache-2.0
// Plans and facts that tests of reports are made from.
#pragma once

#include <string>

#include "host/reports/reconcile.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::test {

inline const std::int64_t eight = *parse_rfc3339("2026-11-28T08:00:00+08:00");
inline const std::int64_t midnight_after = *parse_rfc3339("2026-11-29T00:00:00+08:00");

inline playlists::Found planned(const std::string &id, std::int64_t start_ns = eight) {
  playlists::Found found;
  found.channel = "cable";
  found.date = *parse_date("2026-11-28");
  found.item.id = id;
  found.item.start_ns = start_ns;
  found.item.end_ns = start_ns + 15 * ns_per_s;
  found.item.campaign = "values";
  found.item.asset = "values-1";
  return found;
}

inline counts::Final aired(std::uint64_t entry, const std::string &placement,
                           std::int64_t start_ns = eight) {
  counts::Final fact;
  fact.entry = entry;
  fact.channel = "cable";
  fact.placement = placement;
  fact.place = "centre";
  fact.start_ns = fact.planned_start_ns = start_ns;
  fact.end_ns = start_ns + 15 * ns_per_s;
  fact.item = "placement";
  fact.campaign = "values";
  fact.ad_class = "psa";
  return fact;
}

inline counts::Final missed(std::uint64_t entry, const std::string &placement,
                            airings::Status status) {
  auto fact = aired(entry, placement);
  fact.fact = airings::FactKind::missed;
  fact.status = status;
  fact.start_ns = fact.end_ns = 0;
  return fact;
}

}  // namespace civicast::test
