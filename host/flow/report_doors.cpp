// SPDX-License-Identifier: Apache-2.0
#include "host/flow/report_doors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/reports/explain.hpp"
#include "host/reports/monthly.hpp"
#include "host/reports/station_reports.hpp"

namespace civicast::flow {
namespace {

reports::Desk desk_of(Flow &flow) {
  Rooms &rooms = flow.rooms();
  return {rooms.station, *rooms.store, *rooms.playlists, flow.clock().now_ns()};
}

reports::Period period_of(const api::ReportQuery &query, const reports::Desk &desk) {
  const Date today = desk.station.zone.date_at(desk.now_ns);
  return {query.from.value_or(query.to.value_or(today)),
          query.to.value_or(query.from.value_or(today)), query.channel, query.campaign};
}

/// The report's pages; the first is what a CSV file holds.
Result<std::vector<reports::NamedSheet>, Faults> pages_of(const reports::Desk &desk,
                                                          const api::ReportQuery &query) {
  using Pages = std::vector<reports::NamedSheet>;
  if (query.report == "monthly") {
    auto pages = reports::monthly(desk, query.month);
    if (!pages) return Faults{pages.fault()};
    return *std::move(pages);
  }
  const auto period = period_of(query, desk);
  if (query.report == "compliance") {
    const auto all = reports::compliance(desk, period);
    if (!all) return Faults{all.fault()};
    return Pages{{"rows", reports::compliance_sheet(desk, *all)}};
  }
  auto all = reports::reconciliation(desk, period);
  if (!all) return Faults{all.fault()};
  const auto summary = reports::summary_sheet(*all);
  if (query.only_open)
    std::erase_if(all->rows, [](const auto &row) { return !reports::is_open(row.outcome); });
  return Pages{{"rows", reports::reconciliation_sheet(desk, *all)},
               {"unplanned", reports::unplanned_sheet(desk, *all)},
               {"summary", summary}};
}

Result<Json, Faults> document(const reports::Desk &desk, const api::ReportQuery &query) {
  auto pages = pages_of(desk, query);
  if (!pages) return pages.fault();
  const auto period = period_of(query, desk);
  Json out = {{"report", query.report}};
  if (query.report != "monthly") {
    out["from"] = date_text(period.first);
    out["to"] = date_text(period.last);
  }
  auto &first = pages->front().sheet.rows;
  out["total"] = first.size();
  if (query.report != "monthly") {
    const auto skipped = std::min(static_cast<std::size_t>(query.offset), first.size());
    first.erase(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(skipped));
    first.resize(std::min(first.size(), static_cast<std::size_t>(query.limit)));
  }
  for (const auto &page : *pages) out[page.name] = reports::json(page.sheet);
  return out;
}

Result<api::Download, Faults> file(const reports::Desk &desk, const api::ReportQuery &query) {
  const auto pages = pages_of(desk, query);
  if (!pages) return pages.fault();
  const auto period = period_of(query, desk);
  const std::string stem = query.report == "monthly"
                               ? fmt::format("{}-monthly{}{}", desk.station.id,
                                             query.month.empty() ? "" : "-", query.month)
                               : fmt::format("{}-{}-{}-{}", desk.station.id, query.report,
                                             date_text(period.first), date_text(period.last));
  if (query.format == "csv")
    return api::Download{stem + ".csv", "text/csv; charset=utf-8",
                         reports::csv(pages->front().sheet)};
  std::vector<reports::Sheet> sheets;
  for (const auto &page : *pages) sheets.push_back(page.sheet);
  auto bytes = reports::xlsx(sheets);
  if (!bytes) return Faults{bytes.fault()};
  return api::Download{stem + ".xlsx",
                       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                       *std::move(bytes)};
}

/// Between two turns of the flow, which alone brings the index up to the ledger.
Result<Json, Faults> note(Flow &flow, const api::NoteOrder &order) {
  return flow.run([&flow, order]() -> Result<Json, Faults> {
    Rooms &rooms = flow.rooms();
    const auto entry =
        reports::explain(*rooms.store, *rooms.playlists, *rooms.ledger,
                         {order.placement, order.by, order.text}, flow.clock().now_ns());
    if (!entry) return Faults{entry.fault()};
    NoProgress progress;
    if (auto counted = rooms.index->catch_up(progress); !counted) return Faults{counted.fault()};
    return Json{{"entry", *entry}};
  });
}

}  // namespace

void add_reports(api::Sources &sources, Flow &flow) {
  sources.report = [&flow](const auto &query) { return document(desk_of(flow), query); };
  sources.report_file = [&flow](const auto &query) { return file(desk_of(flow), query); };
  sources.write_note = [&flow](const auto &order) { return note(flow, order); };
}

}  // namespace civicast::flow
