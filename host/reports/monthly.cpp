// SPDX-License-Identifier: Apache-2.0
#include "host/reports/monthly.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

#include "host/counts/index.hpp"
#include "host/reports/faults.hpp"

namespace civicast::reports {
namespace {

using counts::By;

struct Month {
  Date first{}, last{};
};

Result<Month> month_of(const Desk &desk, const std::string &text) {
  using namespace std::chrono;
  const Date today = desk.station.zone.date_at(desk.now_ns);
  year_month month = year_month(today.year(), today.month()) - months(1);
  if (!text.empty()) {
    const auto first = parse_date(text + "-01");
    if (!first) return Fault(faults::month_malformed, {{"text", text}});
    month = year_month(first->year(), first->month());
  }
  return Month{month / 1, Date(sys_days(month / last))};
}

std::string minutes(std::int64_t seconds) {
  return fmt::format("{:.1f}", static_cast<double>(seconds) / 60);
}

/// 类别, 频道 … as people call them; the id where nobody named it.
std::string name_of(const Desk &desk, By by, const std::string &key) {
  if (by == By::channel)
    if (const auto *channel = desk.station.channel(key)) return channel->name.zh;
  if (by == By::campaign)
    if (const auto *campaign = desk.station.campaign(key)) return campaign->title.zh;
  if (by == By::ad_class)
    if (const auto ad_class = campaigns::ad_class_named(key)) return campaigns::words(*ad_class).zh;
  return key;
}

SheetColumn column_of(By by) {
  switch (by) {
    case By::channel:
      return {"channel", {"频道", "channel"}};
    case By::campaign:
      return {"campaign", {"宣传任务", "campaign"}};
    case By::ad_class:
      return {"class", {"类别", "class"}};
    default:
      return {"day", {"日期", "day"}};
  }
}

Sheet counted(const Desk &desk, const Month &month, const std::vector<By> &by, Words title) {
  Sheet sheet{std::move(title), {}, {}};
  for (const By one : by) {
    const SheetColumn column = column_of(one);
    sheet.columns.push_back(column);
    if (one != By::day)
      sheet.columns.push_back(
          {column.key + "_name", {column.title.zh + "名称", column.title.en + " name"}});
  }
  for (const SheetColumn &column :
       std::vector<SheetColumn>{{"airings", {"条次", "airings"}},
                                {"minutes", {"时长（分钟）", "minutes"}},
                                {"measured", {"其中实测", "measured"}},
                                {"reported", {"其中上报", "reported"}},
                                {"inferred", {"其中推断", "inferred"}},
                                {"incomplete", {"未播完（不计入）", "incomplete, not counted"}}})
    sheet.columns.push_back(column);
  counts::Question question;
  question.by = by;
  question.from = month.first;
  question.to = month.last;
  for (const auto &row : counts::count(desk.store, question)) {
    std::vector<Json> cells;
    for (std::size_t i = 0; i < by.size(); ++i) {
      cells.push_back(row.keys[i]);
      if (by[i] != By::day) cells.push_back(name_of(desk, by[i], row.keys[i]));
    }
    cells.push_back(row.airings);
    cells.push_back(minutes(row.seconds));
    for (const auto value : {row.measured, row.reported, row.inferred, row.incomplete})
      cells.push_back(value);
    sheet.rows.push_back(std::move(cells));
  }
  return sheet;
}

/// Days of each channel and rule, by how they stand.
Result<Sheet> days_of_compliance(const Desk &desk, const Month &month) {
  Sheet sheet{{"法定播出量", "Compliance"},
              {{"channel", {"频道", "channel"}},
               {"rule", {"规定", "rule"}},
               {"met", {"达标天数", "days met"}},
               {"not_met", {"未达标天数", "days not met"}},
               {"unjudged", {"无法判定天数", "days that cannot be judged"}},
               {"running", {"未完天数", "days not over"}}},
              {}};
  if (desk.station.rules.rules.empty()) return sheet;
  const auto judged = compliance(desk, {month.first, month.last, {}, {}});
  if (!judged) return judged.fault();
  std::map<std::pair<std::string, std::string>, std::array<int, 4>> days;
  for (const auto &one : *judged)
    ++days[{one.verdict.channel, one.verdict.rule}][static_cast<std::size_t>(one.standing)];
  for (const auto &[key, counts] : days)
    sheet.rows.push_back({key.first, key.second, counts[0], counts[1], counts[2], counts[3]});
  return sheet;
}

}  // namespace

Result<std::vector<NamedSheet>> monthly(const Desk &desk, const std::string &text) {
  const auto month = month_of(desk, text);
  if (!month) return month.fault();
  const auto joined = reconciliation(desk, {month->first, month->last, {}, {}});
  if (!joined) return joined.fault();
  auto judged = days_of_compliance(desk, *month);
  if (!judged) return judged.fault();
  return std::vector<NamedSheet>{
      {"total", counted(desk, *month, {}, {"合计", "Total"})},
      {"by_class", counted(desk, *month, {By::ad_class}, {"按类别", "By class"})},
      {"by_channel", counted(desk, *month, {By::channel}, {"按频道", "By channel"})},
      {"by_campaign",
       counted(desk, *month, {By::campaign, By::channel}, {"按宣传任务", "By campaign"})},
      {"by_day", counted(desk, *month, {By::day}, {"按日", "By day"})},
      {"outcomes", summary_sheet(*joined)},
      {"compliance", *std::move(judged)}};
}

}  // namespace civicast::reports
