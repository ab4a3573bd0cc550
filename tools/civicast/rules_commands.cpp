// SPDX-License-Identifier: Apache-2.0
// `civicast rules`: the legal minima that apply to the station, and where they come from.
#include <fmt/format.h>

#include "host/base/time_text.hpp"
#include "host/station/station.hpp"
#include "tools/civicast/commands.hpp"

namespace civicast::cli {
namespace {

std::string media_of(const rules::Rule &rule) {
  std::string all;
  for (const auto medium : rule.media)
    all += (all.empty() ? "" : " ") + std::string(rules::word(medium));
  return all;
}

std::string counts_of(const rules::Rule &rule) {
  std::string all;
  for (const auto ad_class : rule.counts)
    all += (all.empty() ? "" : " ") + std::string(campaigns::word(ad_class));
  return all;
}

void list_rules(Context &context) {
  const auto station = station::load_station(context.station);
  if (!station) return report(station.fault(), context);
  Table table({{"id", "编号 id"},
               {"media", "媒介 media"},
               {"counts", "计入 counts"},
               {"from", "起 from"},
               {"to", "止 to"},
               {"least_airings", "至少次数 airings"},
               {"least_share", "至少占商业广告 share"},
               {"first", "施行 in force"},
               {"source", "出处"},
               {"source_en", "source"},
               {"says", "内容"},
               {"says_en", "what it asks"}});
  for (const rules::Rule &rule : station->rules.rules)
    table.add({rule.id, media_of(rule), counts_of(rule), clock_text(rule.from_s * 1000LL),
               clock_text(rule.to_s * 1000LL), rule.least_airings,
               rule.least_share == 0 ? "" : fmt::format("{:g}%", rule.least_share / 100.0),
               date_text(rule.first), rule.cited.zh, rule.cited.en, rule.says.zh, rule.says.en});
  table.print(context);
}

void list_unverified(Context &context) {
  const auto station = station::load_station(context.station);
  if (!station) return report(station.fault(), context);
  Table table({{"id", "编号 id"},
               {"number", "文号"},
               {"number_en", "number"},
               {"unverified", "未核对"},
               {"unverified_en", "not verified"}});
  for (const rules::Source &source : station->rules.sources)
    for (const Words &open : source.unverified)
      table.add({source.id, source.number.zh, source.number.en, open.zh, open.en});
  table.print(context);
}

}  // namespace

void add_rules_commands(CLI::App &app, Context &context) {
  auto *rules = app.add_subcommand(
      "rules", "本站适用的法定最低播出量 · The legal minima that apply to the station");
  rules->require_subcommand(1);
  auto *list = rules->add_subcommand("list", "列出各条规定 · List them");
  add_format_option(*list, context);
  list->callback([&context] { list_rules(context); });
  auto *unverified = rules->add_subcommand(
      "unverified",
      "列出没有与正式文本核对过的内容 · List what was not compared with the official "
      "text");
  add_format_option(*unverified, context);
  unverified->callback([&context] { list_unverified(context); });
}

}  // namespace civicast::cli
