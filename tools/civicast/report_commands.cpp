// SPDX-License-Identifier: Apache-2.0
// `civicast report`: what was planned against what was aired, and what the law asks.
#include <algorithm>
#include <fstream>
#include <iostream>

#include "host/flow/faults.hpp"
#include "host/flow/rooms.hpp"
#include "host/reports/explain.hpp"
#include "host/reports/monthly.hpp"
#include "host/reports/station_reports.hpp"
#include "sdk/base/disk.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/host_door.hpp"
#include "tools/civicast/station_rooms.hpp"

namespace civicast::cli {
namespace {

struct Wanted {
  std::string from, to, channel, campaign, month, out, format = "table";
  bool only_open = false;
};

/// A station with its counts brought up to the ledger.
struct Opened {
  Rooms rooms;
  playlists::PlaylistStore playlists;
  SystemClock clock;

  explicit Opened(Rooms opened) : rooms(std::move(opened)), playlists(*rooms.store) {}
  reports::Desk desk() { return {rooms.station, *rooms.store, playlists, clock.now_ns()}; }
};

std::unique_ptr<Opened> open(Context &context) {
  auto rooms = open_counted_rooms(context);
  return rooms ? std::make_unique<Opened>(*std::move(rooms)) : nullptr;
}

reports::Period period_of(const Wanted &wanted, const reports::Desk &desk) {
  const Date today = desk.station.zone.date_at(desk.now_ns);
  const auto from = day_of(wanted.from), to = day_of(wanted.to);
  return {from.value_or(to.value_or(today)), to.value_or(from.value_or(today)), wanted.channel,
          wanted.campaign};
}

/// A terminal is narrow: only the columns named, or all where none is.
void print_table(const reports::Sheet &sheet, const std::vector<std::string> &keys,
                 const Context &context) {
  std::vector<std::size_t> which;
  std::vector<Column> columns;
  for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
    const auto &column = sheet.columns[c];
    if (!keys.empty() && std::find(keys.begin(), keys.end(), column.key) == keys.end()) continue;
    which.push_back(c);
    columns.push_back({column.key, column.title.zh + " " + column.title.en});
  }
  Table table(columns);
  for (const auto &row : sheet.rows) {
    std::vector<Json> cells;
    for (const std::size_t c : which) cells.push_back(row[c]);
    table.add(std::move(cells));
  }
  Context as_table = context;
  as_table.format = "table";
  std::cout << sheet.title.zh << " " << sheet.title.en << "\n";
  table.print(as_table);
}

void put_out(const std::string &text, const Wanted &wanted, Context &context) {
  if (wanted.out.empty()) {
    std::cout << text;
    return;
  }
  if (auto done = write_file_atomically(wanted.out, text); !done) report(done.fault(), context);
}

/// One report: its pages, each with the columns that a terminal shows of it.
struct Page {
  reports::Sheet sheet;
  std::vector<std::string> keys;
  std::string name;  ///< in JSON
};

/// As CSV only the first page is written: a file holds one table.
void print(const std::vector<Page> &pages, const Wanted &wanted, Context &context) {
  if (wanted.format == "csv") return put_out(reports::csv(pages.front().sheet), wanted, context);
  if (wanted.format == "json") {
    Json out = Json::object();
    for (const Page &page : pages) out[page.name] = reports::json(page.sheet);
    return put_out(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n", wanted, context);
  }
  if (wanted.format == "xlsx") {
    std::vector<reports::Sheet> sheets;
    for (const Page &page : pages) sheets.push_back(page.sheet);
    const auto bytes = reports::xlsx(sheets);
    if (!bytes) return report(bytes.fault(), context);
    return put_out(*bytes, wanted, context);
  }
  for (const Page &page : pages) {
    print_table(page.sheet, page.keys, context);
    std::cout << "\n";
  }
}

void reconcile(const Wanted &wanted, Context &context) {
  const auto opened = open(context);
  if (!opened) return;
  const auto desk = opened->desk();
  auto all = reports::reconciliation(desk, period_of(wanted, desk));
  if (!all) return report(all.fault(), context);
  if (wanted.only_open)
    std::erase_if(all->rows, [](const auto &row) { return !reports::is_open(row.outcome); });
  print({{reports::reconciliation_sheet(desk, *all),
          {"day", "channel", "campaign", "asset", "planned_start", "outcome_zh", "outcome", "start",
           "evidence", "made_good", "entry", "placement", "notes"},
          "rows"},
         {reports::unplanned_sheet(desk, *all), {}, "unplanned"},
         {reports::summary_sheet(*all), {}, "summary"}},
        wanted, context);
}

void comply(const Wanted &wanted, Context &context) {
  const auto opened = open(context);
  if (!opened) return;
  const auto desk = opened->desk();
  const auto all = reports::compliance(desk, period_of(wanted, desk));
  if (!all) return report(all.fault(), context);
  print({{reports::compliance_sheet(desk, *all),
          {"day", "channel", "rule", "asked", "had", "standing_zh", "standing", "why_zh", "mend_zh",
           "why_en", "mend_en"},
          "rows"}},
        wanted, context);
  if (std::any_of(all->begin(), all->end(),
                  [](const auto &one) { return one.standing == reports::Standing::not_met; }))
    context.exit_code = 1;
}

void monthly(const Wanted &wanted, Context &context) {
  const auto opened = open(context);
  if (!opened) return;
  const auto desk = opened->desk();
  const auto sheets = reports::monthly(desk, wanted.month);
  if (!sheets) return report(sheets.fault(), context);
  std::vector<Page> pages;
  for (const auto &one : *sheets) pages.push_back({one.sheet, {}, one.name});
  print(pages, wanted, context);
}

/// Into the ledger: by ourselves where no host runs, else through it.
void note(const reports::Explanation &explanation, Context &context) {
  SystemClock clock;
  TerminalProgress progress;
  auto rooms = flow::open_rooms(context.station, clock, progress);
  if (!rooms && rooms.fault().size() == 1 && rooms.fault().front().is(faults::station_in_use)) {
    const auto station = station::load_station(context.station);
    if (!station) return report(station.fault(), context);
    const auto answer = post_to_host(
        *station, "/api/v1/notes",
        {{"placement", explanation.placement}, {"by", explanation.by}, {"text", explanation.text}},
        context);
    if (answer) std::cout << answer->value("entry", std::int64_t{-1}) << "\n";
    return;
  }
  if (!rooms) return report(rooms.fault(), context);
  const auto entry = reports::explain(*rooms->store, *rooms->playlists, *rooms->ledger, explanation,
                                      clock.now_ns());
  if (!entry) return report(entry.fault(), context);
  if (auto counted = rooms->index->catch_up(progress); !counted) report(counted.fault(), context);
  if (auto sealed = rooms->ledger->checkpoint(clock.now_ns(), true); !sealed)
    report(sealed.fault(), context);
  std::cout << *entry << "\n";
}

void add_output(CLI::App &command, Wanted &wanted) {
  command
      .add_option(
          "--format", wanted.format,
          "输出格式；csv 为带 BOM 的 UTF-8、中文表头 · How to print: table, csv (UTF-8 with "
          "a BOM, Chinese headers), json or xlsx")
      ->check(CLI::IsMember({"table", "csv", "json", "xlsx"}))
      ->capture_default_str();
  command.add_option("--out", wanted.out, "写入文件而不是屏幕 · Write into a file")
      ->type_name("FILE");
}

void add_period(CLI::App &command, Wanted &wanted) {
  command.add_option("--from", wanted.from, "起始日（含），默认今天 · First day; today")
      ->check(is_day());
  command.add_option("--to", wanted.to, "截止日（含），默认起始日 · Last day; the first")
      ->check(is_day());
  command.add_option("--channel", wanted.channel, "只看某渠道 · Only this channel")
      ->type_name("ID");
}

void add_note(CLI::App &reports, Context &context) {
  auto explanation = std::make_shared<reports::Explanation>();
  auto *command = reports.add_subcommand(
      "note",
      "给对账的一行加说明：记入台账，不改任何事实 · Explain a row of the reconciliation: into the "
      "ledger, changing no fact; prints the entry");
  command->add_option("PLACEMENT", explanation->placement, "排期编号 · The placement's id")
      ->required();
  command->add_option("--by", explanation->by, "何人 · Who says so")->required();
  command->add_option("--text", explanation->text, "原因 · Why")->required();
  command->callback([explanation, &context] { note(*explanation, context); });
}

}  // namespace

void add_report_commands(CLI::App &app, Context &context) {
  auto *reports = app.add_subcommand("report", "报表 · Reports");
  reports->require_subcommand(1);

  auto reconciled = std::make_shared<Wanted>();
  auto *reconciliation =
      reports->add_subcommand("reconciliation",
                              "对账：每条排期对上它的实播，或没有播成的原因；计划外播出另列 · "
                              "Every planned placement meets "
                              "its airing or the reason; unplanned airings apart");
  add_period(*reconciliation, *reconciled);
  reconciliation
      ->add_option("--campaign", reconciled->campaign, "只看某宣传任务 · Only this campaign")
      ->type_name("ID");
  reconciliation->add_flag("--open", reconciled->only_open,
                           "只列没有播成的 · Only what did not air");
  add_output(*reconciliation, *reconciled);
  reconciliation->callback([reconciled, &context] { reconcile(*reconciled, context); });

  auto judged = std::make_shared<Wanted>();
  auto *compliance = reports->add_subcommand(
      "compliance",
      "法定最低播出量按实播逐频道逐日判定；有未达标则退出码 1 · Legal minima held against what "
      "was really aired, per channel and day; exit 1 if any is not met");
  add_period(*compliance, *judged);
  add_output(*compliance, *judged);
  compliance->callback([judged, &context] { comply(*judged, context); });

  auto month = std::make_shared<Wanted>();
  auto *monthly_command = reports->add_subcommand(
      "monthly",
      "月报：条次与时长，按类别、频道、宣传任务；于次月 5 日前上报 · The month's report, as "
      "offices file it by the 5th");
  monthly_command->add_option("--month", month->month, "月份，默认上个月 · 2026-11; the last one")
      ->type_name("YYYY-MM");
  add_output(*monthly_command, *month);
  monthly_command->callback([month, &context] { monthly(*month, context); });

  add_note(*reports, context);
}

}  // namespace civicast::cli
