// SPDX-License-Identifier: Apache-2.0
#include "host/counts/rows.hpp"

#include <utility>

namespace civicast::counts {
namespace {

using Poco::Data::RecordSet;

airings::Airing airing_of(RecordSet &rows, std::size_t r) {
  const auto text = [&](std::size_t c) { return rows.value(c, r).convert<std::string>(); };
  const auto number = [&](std::size_t c) { return rows.value(c, r).convert<Poco::Int64>(); };
  airings::Airing a;
  a.channel = text(1);
  a.placement = text(2);
  a.place = text(3);
  a.play = static_cast<std::uint32_t>(number(4));
  a.fact = static_cast<airings::FactKind>(number(5));
  a.status = static_cast<airings::Status>(number(6));
  a.evidence = static_cast<airings::Evidence>(number(7));
  a.start_ns = number(8);
  a.end_ns = number(9);
  a.planned_start_ns = number(10);
  a.planned_end_ns = number(11);
  a.item = text(12);
  a.campaign = text(13);
  a.asset = text(14);
  a.ad_class = text(15);
  a.topic = text(16);
  a.title = {text(17), text(18)};
  a.house_sha256 = text(19);
  a.plugin = text(20);
  a.plugin_version = text(21);
  a.epoch = static_cast<std::uint64_t>(number(22));
  a.remote = text(23);
  a.recorded_ns = number(24);
  if (const std::string code = text(25); !code.empty())
    a.dispute = airings::Dispute{code, {text(26), text(27)}};
  return a;
}

}  // namespace

std::vector<Entry> entries_of(RecordSet rows) {
  std::vector<Entry> entries;
  for (std::size_t r = 0; r < rows.rowCount(); ++r)
    entries.push_back({rows.value(0, r).convert<Poco::UInt64>(), airing_of(rows, r)});
  return entries;
}

}  // namespace civicast::counts
