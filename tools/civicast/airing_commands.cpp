// SPDX-License-Identifier: Apache-2.0
// `civicast airings`: what really happened, line by line.
#include "host/airings/status_words.hpp"
#include "host/counts/index.hpp"
#include "sdk/base/rfc3339.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/station_rooms.hpp"

namespace civicast::cli {
namespace {

struct Wanted {
  std::string channel, campaign, placement, place, from, to;
  std::size_t limit = 100;
  bool all = false;
};

const std::vector<Column> columns = {
    {"entry", "台账号 entry"},     {"start", "开始 start"},           {"end", "结束 end"},
    {"channel", "渠道 channel"},   {"place", "点位 place"},           {"item", "种类 item"},
    {"fact", "事实 fact"},         {"status", "状态 status"},         {"evidence", "证据 evidence"},
    {"counted", "计数 counted"},   {"campaign", "宣传任务 campaign"}, {"asset", "素材 asset"},
    {"title", "标题 title"},       {"placement", "排期 placement"},   {"play", "第几次 play"},
    {"remote", "外部编号 remote"}, {"dispute", "疑点 dispute"}};

counts::Filter filter_of(const Wanted &wanted, const station::Station &station) {
  counts::Filter filter;
  filter.channel = wanted.channel;
  filter.campaign = wanted.campaign;
  filter.placement = wanted.placement;
  if (!wanted.place.empty()) {
    filter.places = station.places.subtree(wanted.place);
    if (filter.places.empty()) filter.places = {wanted.place};
  }
  if (const auto from = day_of(wanted.from)) filter.from_ns = station.zone.instant(*from, 0);
  if (const auto to = day_of(wanted.to)) filter.to_ns = station.zone.instant(next_day(*to), 0);
  filter.only_final = !wanted.all;
  filter.only_placements = !wanted.all;
  filter.limit = wanted.limit;
  return filter;
}

void list(const Wanted &wanted, Context &context) {
  const auto rooms = open_counted_rooms(context);
  if (!rooms) return;
  const bool is_for_people = context.format == "table";
  const auto time = [&](std::int64_t utc_ns) -> Json {
    if (utc_ns == 0) return is_for_people ? Json("") : Json();
    return is_for_people ? rooms->station.zone.local_text(utc_ns) : rfc3339(utc_ns);
  };
  const auto status = [&](const airings::Airing &a) {
    const std::string code(word(a.status));
    const Words words = airings::words(a.status);
    return is_for_people && !words.zh.empty() ? words.zh + " " + code : code;
  };
  Table table(columns);
  for (const counts::Entry &one : counts::list(*rooms->store, filter_of(wanted, rooms->station))) {
    const airings::Airing &a = one.airing;
    table.add({one.entry, time(a.start_ns), time(a.end_ns), a.channel, a.place, a.item,
               std::string(word(a.fact)), status(a), std::string(word(a.evidence)),
               a.counts() ? 1 : 0, a.campaign, a.asset, a.title.zh, a.placement, a.play, a.remote,
               a.dispute ? a.dispute->sentence.zh + " " + a.dispute->sentence.en : ""});
  }
  table.print(context);
}

}  // namespace

void add_airing_commands(CLI::App &app, Context &context) {
  auto wanted = std::make_shared<Wanted>();
  auto *command = app.add_subcommand(
      "airings", "逐条列出实播记录，最新的在前 · List airings one by one, the newest first");
  command->add_option("--channel", wanted->channel, "只看某渠道 · Only this channel")
      ->type_name("ID");
  command->add_option("--campaign", wanted->campaign, "只看某宣传任务 · Only this campaign")
      ->type_name("ID");
  command->add_option("--placement", wanted->placement, "只看某排期 · Only this placement")
      ->type_name("ID");
  command
      ->add_option("--place", wanted->place,
                   "只看某点位及其下属 · Only this place and those below it")
      ->type_name("ID");
  command->add_option("--from", wanted->from, "起始日（含）· First day")->check(is_day());
  command->add_option("--to", wanted->to, "截止日（含）· Last day")->check(is_day());
  command->add_option("--limit", wanted->limit, "最多多少条 · At most so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_flag("--all", wanted->all,
                    "也列出已接收、已开始，以及节目和垫片 · Also what was accepted or started, and "
                    "programmes and fillers");
  add_format_option(*command, context);
  command->callback([wanted, &context] { list(*wanted, context); });
}

}  // namespace civicast::cli
