// SPDX-License-Identifier: Apache-2.0
#include "host/reports/station_reports.hpp"

#include <algorithm>
#include <map>

#include "host/reports/faults.hpp"

namespace civicast::reports {
namespace {

Result<void> check(const Desk &desk, const Period &period) {
  if (period.last < period.first)
    return Fault(faults::days_reversed,
                 {{"from", date_text(period.first)}, {"to", date_text(period.last)}});
  const int days = days_between(period.first, period.last) + 1;
  if (days > max_days)
    return Fault(faults::days_too_many,
                 {{"limit", std::to_string(max_days)}, {"days", std::to_string(days)}});
  if (!period.channel.empty() && desk.station.channel(period.channel) == nullptr)
    return Fault(faults::channel_unknown, {{"id", period.channel}});
  return {};
}

/// Nothing where the grid says nothing.
std::optional<std::int64_t> declared_commercials(const Desk &desk, const std::string &channel,
                                                 Date date) {
  const auto *grid = desk.station.grid(channel);
  if (grid == nullptr) return {};
  const auto day = grid->day(date, desk.station.zone);
  if (day.commercials.empty()) return {};
  std::int64_t total_ns = 0;
  for (const auto &one : day.commercials) total_ns += one.length_ns;
  return total_ns;
}

using ChannelDate = std::pair<std::string, Date>;

}  // namespace

Result<Reconciliation> reconciliation(const Desk &desk, const Period &period) {
  if (auto good = check(desk, period); !good) return good.fault();
  return reconcile(gather(desk.store, desk.playlists, desk.station.zone, period), desk.now_ns);
}

Result<std::vector<Judgement>> compliance(const Desk &desk, const Period &period) {
  if (auto good = check(desk, period); !good) return good.fault();
  if (desk.station.rules.rules.empty()) return Fault(faults::rules_absent);
  const Period whole{period.first, period.last, period.channel, {}};
  const Zone &zone = desk.station.zone;
  Books books = gather(desk.store, desk.playlists, zone, whole);
  const std::vector<counts::Final> finals = books.finals;
  const Reconciliation joined = reconcile(std::move(books), desk.now_ns);
  std::map<ChannelDate, AiredDay> days;
  for (const auto &fact : finals)
    if (fact.start_ns != 0)
      days[{fact.channel, zone.date_at(fact.start_ns)}].facts.push_back(&fact);
  for (const auto &row : joined.rows)
    days[{row.planned.channel, row.planned.date}].rows.push_back(&row);
  std::vector<Judgement> all;
  for (const auto &channel : desk.station.channels) {
    if (!period.channel.empty() && channel.id != period.channel) continue;
    for (Date date = period.first; date <= period.last; date = next_day(date)) {
      AiredDay &day = days[{channel.id, date}];
      day.channel = channel.id;
      day.medium = channel.medium;
      day.date = date;
      day.commercial_ns = declared_commercials(desk, channel.id, date);
      for (auto &one : judge_aired(desk.station.rules.rules, day, zone, desk.now_ns))
        all.push_back(std::move(one));
    }
  }
  return all;
}

}  // namespace civicast::reports
