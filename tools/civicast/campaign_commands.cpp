// SPDX-License-Identifier: Apache-2.0
// `civicast campaign`: what is to be aired, where and how often.
#include <fmt/format.h>

#include "host/base/time_text.hpp"
#include "host/station/station.hpp"
#include "tools/civicast/commands.hpp"

namespace civicast::cli {
namespace {

using campaigns::Campaign;

std::string windows_text(const Campaign &campaign) {
  std::string text;
  for (const auto &window : campaign.windows)
    text += fmt::format("{}{}-{}", text.empty() ? "" : " ", clock_text(window.from_s * 1000LL),
                        clock_text(window.to_s * 1000LL));
  return text;
}

std::string targets_text(const Campaign &campaign) {
  std::string text;
  for (const auto &target : campaign.targets)
    text += fmt::format("{}{}:{}", text.empty() ? "" : " ", campaigns::scope_text(target),
                        campaigns::amount_text(target));
  return text;
}

void list_campaigns(Context &context) {
  const auto station = station::load_station(context.station);
  if (!station) return report(station.fault(), context);
  Table table({{"id", "编号 id"},
               {"title_zh", "名称"},
               {"title_en", "title"},
               {"class", "类别 class"},
               {"first", "首日 first"},
               {"last", "末日 last"},
               {"windows", "时间窗 windows"},
               {"separation_s", "间隔(秒) separation"},
               {"assets", "素材 assets"},
               {"targets", "目标 targets"}});
  for (const Campaign &campaign : station->campaigns) {
    const std::string ad_class(campaigns::word(campaign.ad_class));
    table.add({campaign.id, campaign.title.zh, campaign.title.en,
               context.format == "table" ? campaigns::words(campaign.ad_class).zh + " " + ad_class
                                         : ad_class,
               date_text(campaign.first), date_text(campaign.last), windows_text(campaign),
               campaign.separation_s, campaign.assets.size(), targets_text(campaign)});
  }
  table.print(context);
}

}  // namespace

void add_campaign_commands(CLI::App &app, Context &context) {
  auto *campaigns = app.add_subcommand("campaign", "宣传任务 · Campaigns");
  campaigns->require_subcommand(1);
  auto *list = campaigns->add_subcommand("list", "列出宣传任务 · List the campaigns");
  add_format_option(*list, context);
  list->callback([&context] { list_campaigns(context); });
}

}  // namespace civicast::cli
