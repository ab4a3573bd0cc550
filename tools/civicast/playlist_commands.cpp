// SPDX-License-Identifier: Apache-2.0
// `civicast playlist`: shows a channel's playlists, writes them to files, and takes them from
// files.
#include <iostream>
#include <limits>
#include <memory>

#include "host/base/id.hpp"
#include "host/base/time_text.hpp"
#include "host/playlists/faults.hpp"
#include "host/playlists/import.hpp"
#include "host/playlists/xml.hpp"
#include "sdk/base/disk.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/planned_station.hpp"

namespace civicast::cli {
namespace {

using playlists::Item;

struct PlaylistOptions {
  std::string channel, date, from = "00:00", to = "24:00";
  std::filesystem::path file;
};

Fault unknown_channel(const station::Station &station, const std::string &channel) {
  std::string known;
  for (const auto &one : station.channels) known += (known.empty() ? "" : ", ") + one.id;
  return Fault(faults::playlist_channel_unknown, {{"channel", channel}, {"known", known}});
}

void show(const PlaylistOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const auto &zone = opened->station.zone;
  if (opened->station.channel(options.channel) == nullptr)
    return report(unknown_channel(opened->station, options.channel), context);
  const Date date = date_or(options.date, opened->today());
  const auto instant = [&](const std::string &clock) {
    return zone.instant(date, 0) + *parse_clock_ms(clock) * ns_per_ms;
  };
  Table table({{"start", "开始 start"},
               {"end", "结束 end"},
               {"kind", "类型 kind"},
               {"asset", "素材 asset"},
               {"title_zh", "标题"},
               {"title_en", "title"},
               {"campaign", "宣传任务 campaign"},
               {"class", "类别 class"},
               {"break", "时段 break"},
               {"id", "编号 id"},
               {"makes_good", "补播 makes good"}});
  for (const Item &item :
       opened->playlists->between(options.channel, instant(options.from), instant(options.to))) {
    const bool is_placement = item.kind == playlists::ItemKind::placement;
    table.add({zone.local_text(item.start_ns), zone.local_text(item.end_ns),
               std::string(playlists::word(item.kind)), item.asset, item.title.zh, item.title.en,
               item.campaign, is_placement ? std::string(campaigns::word(item.ad_class)) : "",
               item.break_id, item.id, item.makes_good});
  }
  table.print(context);
}

void write(const PlaylistOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  if (opened->station.channel(options.channel) == nullptr)
    return report(unknown_channel(opened->station, options.channel), context);
  const Date date = date_or(options.date, opened->today());
  if (!opened->playlists->has_day(options.channel, date))
    return report(
        Fault(faults::playlist_absent, {{"channel", options.channel}, {"date", date_text(date)}}),
        context);
  const auto text = playlists::write_xml(
      {options.channel, date, opened->playlists->day(options.channel, date)}, opened->station.zone);
  if (options.file.empty()) {
    std::cout << text;
  } else if (auto written = write_file_atomically(options.file, text); !written) {
    report(written.fault(), context);
  }
}

playlists::ImportRules rules_of(PlannedStation &at, const playlists::Playlist &playlist) {
  const auto now_ns = at.now_ns();
  playlists::ImportRules rules;
  for (const auto &channel : at.station.channels) rules.channels.push_back(channel.id);
  for (const auto &campaign : at.station.campaigns) rules.campaigns.push_back(campaign.id);
  rules.from_ns = now_ns + frozen_ns;
  rules.day_start_ns = at.station.zone.instant(playlist.date, 0);
  rules.day_end_ns = at.station.zone.instant(next_day(playlist.date), 0);
  rules.duration_ns = [&at, durations = flow::durations_from(*at.library),
                       id = playlist.channel](const std::string &asset) {
    return durations(asset, *at.station.channel(id));
  };
  rules.find = [&at](const std::string &id) { return at.playlists->find(id); };
  rules.new_id = [now_ns] { return new_id(now_ns); };
  rules.zone = &at.station.zone;
  for (const auto instant_ns : {rules.from_ns, rules.day_end_ns})
    for (Item &item : at.playlists->between(playlist.channel, instant_ns, instant_ns + 1))
      if (item.start_ns < rules.from_ns || item.start_ns >= rules.day_end_ns)
        rules.standing.push_back(std::move(item));
  return rules;
}

void import(const PlaylistOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const auto reading = playlists::read_xml(options.file);
  if (!reading) return report(reading.fault(), context);
  const auto rules = rules_of(*opened, reading->playlist);
  const auto items = playlists::accept(*reading, rules);
  if (!items) return report(items.fault(), context);
  const auto &[channel, date, all] = reading->playlist;
  opened->playlists->replace_from(channel, date, *items, rules.from_ns);
  Table table({{"channel", "频道 channel"},
               {"date", "日期 date"},
               {"items", "条目 items"},
               {"over", "已过 over"}});
  table.add({channel, date_text(date), items->size(), all.size() - items->size()});
  table.print(context);
}

const CLI::Validator is_clock(
    [](std::string &text) {
      return parse_clock_ms(text)
                 ? std::string()
                 : text + " 不是时刻，应当像 19:00 · is not a time of day such as 19:00";
    },
    "HH:MM");

void add_day_options(CLI::App &command, PlaylistOptions &options) {
  command.add_option("--channel", options.channel, "频道编号 · The channel's id")
      ->required()
      ->type_name("ID");
  command.add_option("--date", options.date, "日期，默认今天 · The day; today if left out")
      ->check(is_date);
}

}  // namespace

void add_playlist_commands(CLI::App &app, Context &context) {
  auto *playlist = app.add_subcommand("playlist", "播出单 · A channel's playlists");
  playlist->require_subcommand(1);
  auto options = std::make_shared<PlaylistOptions>();

  auto *show_command =
      playlist->add_subcommand("show", "按时间列出一天的条目 · List a day's items in order");
  add_day_options(*show_command, *options);
  show_command->add_option("--from", options->from, "从几点 · From this time of the day")
      ->check(is_clock)
      ->capture_default_str();
  show_command->add_option("--to", options->to, "到几点 · Up to this time of the day")
      ->check(is_clock)
      ->capture_default_str();
  add_format_option(*show_command, context);
  show_command->callback([options, &context] { show(*options, context); });

  auto *export_command = playlist->add_subcommand(
      "export", "把一天的播出单写成 XML · Write a day as XML (playlists/schema/playlist.xsd)");
  add_day_options(*export_command, *options);
  export_command
      ->add_option("--out", options->file, "文件；默认打印到屏幕 · The file; printed if left out")
      ->type_name("FILE");
  export_command->callback([options, &context] { write(*options, context); });

  auto *import_command = playlist->add_subcommand(
      "import",
      "用 XML 文件替换一天中尚未播出的部分；全部采用或全部拒绝 · Replace what is still to come of "
      "a day "
      "by a file: all of it, or, with a sentence for each mistake, nothing");
  import_command->add_option("file", options->file, "播出单文件 · The playlist")
      ->required()
      ->check(CLI::ExistingFile)
      ->type_name("FILE");
  add_format_option(*import_command, context);
  import_command->callback([options, &context] { import(*options, context); });
}

}  // namespace civicast::cli
