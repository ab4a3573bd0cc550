// SPDX-License-Identifier: Apache-2.0
// `civicast schedule`: a day's playlist from and for other systems, as CCMS or BXF.
#include <iostream>

#include "host/playlists/faults.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/exchange_house.hpp"

namespace civicast::cli {
namespace {

using playlists::Change;
using playlists::Item;

constexpr std::size_t most_shown = 100;

Words word(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::added:
      return {"新增", "added"};
    case Change::Kind::removed:
      return {"删除", "removed"};
    case Change::Kind::changed:
      return {"更改", "changed"};
  }
  return {};
}

void print_changes(const exchange::Imported &imported, const Zone &zone, Context &context) {
  Table table({{"change", "变化 change"},
               {"start", "开始 start"},
               {"end", "结束 end"},
               {"kind", "类型 kind"},
               {"asset", "素材 asset"},
               {"campaign", "宣传任务 campaign"},
               {"break", "时段 break"},
               {"was", "原来 was"}});
  // A person reads the first; a program is given all of them.
  const bool is_for_people = context.format == "table";
  std::size_t listed = 0;
  for (const Change &change : imported.changes) {
    if (is_for_people && listed++ == most_shown) break;
    const Item &item = change.kind == Change::Kind::removed ? change.before : change.after;
    const Words kind = word(change.kind);
    std::string was;
    if (change.kind == Change::Kind::changed)
      was = zone.local_text(change.before.start_ns) + " " + change.before.asset;
    table.add({is_for_people ? kind.zh + " " + kind.en : kind.en, zone.local_text(item.start_ns),
               zone.local_text(item.end_ns), std::string(playlists::word(item.kind)), item.asset,
               item.campaign, item.break_id, was});
  }
  table.print(context);
  if (is_for_people && imported.changes.size() > most_shown)
    std::cerr << "只列出前 " << most_shown << " 处变化；--format csv 列出全部\n"
              << "Only the first " << most_shown << " changes are shown; --format csv lists all\n";
}

void sum_up(const exchange::Imported &imported) {
  const auto count = imported.changes.size();
  const std::string where = imported.channel + " " + date_text(imported.date);
  const std::string tail_zh = imported.is_done ? "已更新。" : "未作更改。";
  const std::string tail_en = imported.is_done ? "It is done." : "Nothing was changed.";
  std::cerr << where << "：读取 " << imported.events << " 条，" << imported.over << " 条已过，"
            << count << " 处变化，" << imported.faults.size() << " 处问题。" << tail_zh << "\n"
            << where << ": " << imported.events << " events, " << imported.over << " over, "
            << count << " changes, " << imported.faults.size() << " mistakes. " << tail_en << "\n";
}

void import(const ImportOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const auto upload = read_upload(options.file, context);
  if (!upload) return;
  const auto imported = exchange::import_schedule(house_of(*opened), *upload, options.wish());
  if (!imported) return report(imported.fault(), context);
  print_changes(*imported, opened->station.zone, context);
  report_outcome(imported->faults, imported->remarks, imported->is_done, options.is_trial, context);
  sum_up(*imported);
}

void write(const ExportOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const auto format = exchange::format_named(options.format);
  if (!format) return report(format.fault(), context);
  put_out(exchange::export_schedule(house_of(*opened), options.channel,
                                    date_or(options.date, opened->today()), *format),
          options.out, context);
}

}  // namespace

void add_schedule_commands(CLI::App &app, Context &context) {
  auto *schedule = app.add_subcommand(
      "schedule", "与编播系统、播出服务器交换节目单 · Schedules from and for other systems");
  schedule->require_subcommand(1);

  auto imported = std::make_shared<ImportOptions>();
  auto *import_command =
      schedule->add_subcommand("import",
                               "用 SCTE 118-3（CCMS）的 .SCH 或 BXF "
                               "替换一天中尚未播出的部分；素材按 assets.xml 的 spot 或编号"
                               "对应，空档由节目编排补满 · Replace what is still to come of a day "
                               "by a SCTE 118-3 (CCMS) .SCH "
                               "or a BXF schedule. Assets are found by their spot id or id in "
                               "assets.xml; the grid fills what "
                               "is left");
  add_import_options(*import_command, *imported);
  add_format_option(*import_command, context);
  import_command->callback([imported, &context] { import(*imported, context); });

  auto exported = std::make_shared<ExportOptions>();
  auto *export_command =
      schedule->add_subcommand("export",
                               "把一天的播出单写成 .SCH（仅广告）或 BXF（全部条目） · Write a "
                               "day's playlist as .SCH (the ads) "
                               "or BXF (everything)");
  add_export_options(*export_command, *exported, {"sch", "bxf"});
  export_command->callback([exported, &context] { write(*exported, context); });
}

}  // namespace civicast::cli
