// SPDX-License-Identifier: Apache-2.0
// `civicast channel`: where things are aired, and by which plugin.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "host/library/library.hpp"
#include "host/station/station.hpp"
#include "tools/civicast/commands.hpp"

namespace civicast::cli {
namespace {

void list_channels(Context &context) {
  const auto station = station::load_station(context.station);
  if (!station) return report(station.fault(), context);
  Table table({{"id", "编号 id"},
               {"name_zh", "名称"},
               {"name_en", "name"},
               {"plugin", "插件 plugin"},
               {"format", "成品格式 format"},
               {"places", "点位 places"},
               {"settings", "设置 settings"}});
  for (const auto &channel : station->channels)
    table.add({channel.id, channel.name.zh, channel.name.en, channel.plugin,
               library::name_of(channel.format), fmt::format("{}", fmt::join(channel.places, " ")),
               channel.settings});
  table.print(context);
}

}  // namespace

void add_channel_commands(CLI::App &app, Context &context) {
  auto *channels = app.add_subcommand("channel", "渠道 · Channels");
  channels->require_subcommand(1);
  auto *list = channels->add_subcommand("list", "列出渠道 · List the channels");
  add_format_option(*list, context);
  list->callback([&context] { list_channels(context); });
}

}  // namespace civicast::cli
