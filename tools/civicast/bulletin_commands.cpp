// SPDX-License-Identifier: Apache-2.0
// `civicast bulletin`: issues an emergency message, shows how far it has come, takes it back. A
// running host takes it up within a second.
#include <pwd.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "host/base/id.hpp"
#include "host/base/time_text.hpp"
#include "host/bulletins/issue.hpp"
#include "host/bulletins/stage.hpp"
#include "host/flow/lock.hpp"
#include "sdk/base/rfc3339.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/planned_station.hpp"

namespace civicast::cli {
namespace {

using bulletins::Bulletin;
using bulletins::Showing;

struct BulletinOptions {
  bulletins::Order order;
  std::string start = "now", length, every, id, reason;
  std::size_t limit = 20;
  bool trial = false;
};

std::string who() {
  const passwd *user = ::getpwuid(::getuid());
  return std::string("cli:") + (user ? user->pw_name : std::to_string(::getuid()));
}

/// "now", "19:30" or "19:30:15" of today, or an instant with its offset.
std::optional<std::int64_t> start_ns(const std::string &text, const PlannedStation &at) {
  if (text == "now") return {};
  if (const auto ms = parse_clock_ms(text)) {
    const auto second = static_cast<int>(*ms / 1000);
    return at.station.zone.instant(at.today(), second) + *ms % 1000 * ns_per_ms;
  }
  return parse_rfc3339(text);
}

std::int64_t length_ns(const std::string &text) {
  return text.empty() ? 0 : parse_length_ms(text).value_or(0) * ns_per_ms;
}

void warn_if_nobody_airs(const Context &context) {
  if (flow::is_host_running(context.station)) return;
  std::cerr << "注意：站点 " << context.station.string()
            << " 的 civicastd 没有运行，应急信息要等它启动后才会交出。\n"
            << "Note: no civicastd runs on the station " << context.station.string()
            << "; the bulletin is handed over once it does.\n";
}

bulletins::Order order_of(const BulletinOptions &options, const PlannedStation &at) {
  bulletins::Order order = options.order;
  if (order.token.empty()) order.token = new_id(at.now_ns());
  order.start_ns = start_ns(options.start, at);
  order.length_ns = length_ns(options.length);
  order.every_ns = length_ns(options.every);
  return order;
}

/// What it becomes on each channel, and what it lies over.
void print(const bulletins::Draft &draft, const PlannedStation &at, const Context &context) {
  Table table({{"channel", "频道 channel"},
               {"start", "开始 start"},
               {"end", "结束 end"},
               {"what", "内容 what"},
               {"asset", "素材 asset"},
               {"title_zh", "标题"},
               {"title_en", "title"}});
  const auto add = [&](const Showing &showing, const char *what) {
    const auto &item = showing.item;
    table.add({showing.channel, at.station.zone.local_text(item.start_ns),
               at.station.zone.local_text(item.end_ns), what, item.asset, item.title.zh,
               item.title.en});
  };
  for (const Showing &showing : draft.showings) add(showing, "应急信息 bulletin");
  for (const Showing &showing : draft.preempted) add(showing, "被替换 pre-empted");
  table.print(context);
}

/// One line per showing: where it stands now.
void print(const std::vector<Bulletin> &all, PlannedStation &at, const Context &context) {
  const channels::ChannelStore standings(*at.store);
  Table table({{"id", "编号 id"},
               {"channel", "频道 channel"},
               {"start", "开始 start"},
               {"end", "结束 end"},
               {"stage", "状态 stage"},
               {"asset", "素材 asset"},
               {"title_zh", "标题"},
               {"title_en", "title"},
               {"issued", "发布 issued"},
               {"by", "发布人 by"},
               {"reason", "原因 reason"},
               {"recalled", "撤回 recalled"},
               {"item", "条目 item"},
               {"sentence", "说明 sentence"}});
  for (const Bulletin &one : all)
    for (const std::string &id : one.items) {
      const auto found = at.playlists->find(id);
      if (!found) continue;
      const auto progress =
          bulletins::progress_of(found->is_current, standings.find(id), at.now_ns());
      const Words stage = bulletins::words(progress.stage);
      const bool is_table = context.format == "table";
      const auto &said = progress.sentence;
      table.add({one.id, found->channel, at.station.zone.local_text(found->item.start_ns),
                 at.station.zone.local_text(found->item.end_ns),
                 is_table ? stage.zh + " " + stage.en : std::string(word(progress.stage)),
                 one.asset, one.title.zh, one.title.en,
                 at.station.zone.local_text(one.acts.front().at_ns), one.acts.front().by,
                 one.acts.front().reason,
                 one.is_recalled() ? at.station.zone.local_text(one.acts.back().at_ns) + " " +
                                         one.acts.back().by + " " + one.acts.back().reason
                                   : "",
                 id, said.zh == said.en ? said.zh : said.zh + " · " + said.en});
    }
  table.print(context);
}

void issue(const BulletinOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const bulletins::Durations durations = flow::durations_from(*opened->library);
  const bulletins::Known known{opened->station, durations, *opened->playlists};
  const bulletins::Order order = order_of(options, *opened);
  if (options.trial) {
    const auto drafted = bulletins::draft(order, known, opened->now_ns());
    if (!drafted) return report(drafted.fault(), context);
    return print(*drafted, *opened, context);
  }
  const auto issued = bulletins::issue(*opened->store, order, known, who(), opened->now_ns());
  if (!issued) return report(issued.fault(), context);
  print(std::vector<Bulletin>{*issued}, *opened, context);
  warn_if_nobody_airs(context);
}

void list(const BulletinOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  print(bulletins::BulletinStore(*opened->store).list(options.limit), *opened, context);
}

void recall(const BulletinOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const auto recalled =
      bulletins::recall(*opened->store, options.id, options.reason, who(), opened->now_ns());
  if (!recalled) return report(recalled.fault(), context);
  print(std::vector<Bulletin>{*recalled}, *opened, context);
}

const CLI::Validator is_start(
    [](std::string &text) {
      return text == "now" || parse_clock_ms(text) || parse_rfc3339(text)
                 ? std::string()
                 : text +
                       " 不是开始时间，应当像 now、19:30 或 2026-11-23T19:30:00+08:00 · is not a "
                       "start such as now, 19:30 or 2026-11-23T19:30:00+08:00";
    },
    "TIME");

const CLI::Validator is_length(
    [](std::string &text) {
      return parse_length_ms(text)
                 ? std::string()
                 : text + " 不是时长，应当像 30s、5m · is not a length such as 30s or 5m";
    },
    "DUR");

void add_issue(CLI::App &bulletin, const std::shared_ptr<BulletinOptions> &options,
               Context &context) {
  auto *command = bulletin.add_subcommand(
      "issue",
      "发布应急信息，覆盖正在播出的内容 · Issue a bulletin: it pre-empts what is on the air");
  auto &order = options->order;
  command->add_option("--asset", order.asset, "素材编号 · The asset's id")
      ->required()
      ->type_name("ID");
  auto *channels =
      command->add_option("--channel", order.channels, "频道，可写多个 · Channels, one or more")
          ->type_name("ID");
  command
      ->add_option("--place", order.place,
                   "点位：其下的全部频道和屏 · A place: every channel and screen below it")
      ->type_name("ID")
      ->excludes(channels);
  command
      ->add_option("--start", options->start,
                   "开始时间：now、今天的时刻，或带时差的时间 · now, a time of today, or an "
                   "instant with its offset")
      ->check(is_start)
      ->capture_default_str();
  command
      ->add_option("--length", options->length,
                   "持续多久：反复完整播出，直到播满；默认播一遍 · For so long, shown whole again "
                   "and again; once if left out")
      ->check(is_length);
  command
      ->add_option("--repeat", order.times,
                   "共播几次；发布到图文渠道的只发一次 · So many times in "
                   "all; a post is posted once")
      ->check(CLI::Range(1, bulletins::max_times))
      ->capture_default_str();
  command->add_option("--every", options->every, "每隔多久一次 · From one beginning to the next")
      ->check(is_length);
  command->add_option("--reason", order.reason, "原因，会记录在案 · Why; it is kept")
      ->required()
      ->type_name("TEXT");
  command
      ->add_option("--token", order.token,
                   "请求标记：同一标记、同一内容只发布一次 · A token: the same request with it is "
                   "one bulletin, however often it is made")
      ->type_name("TEXT");
  command->add_flag("--trial", options->trial,
                    "只列出会播什么、替换什么，不发布 · Only list what would air and what it would "
                    "pre-empt");
  add_format_option(*command, context);
  command->callback([options, &context] { issue(*options, context); });
}

}  // namespace

void add_bulletin_commands(CLI::App &app, Context &context) {
  auto options = std::make_shared<BulletinOptions>();
  auto *bulletin = app.add_subcommand("bulletin", "应急信息 · Emergency messages");
  bulletin->require_subcommand(1);
  add_issue(*bulletin, options, context);

  auto *list_command = bulletin->add_subcommand(
      "list",
      "列出应急信息及其在各频道的状态，最新的在前 · List bulletins and how far they have "
      "come, the newest first");
  list_command->add_option("--limit", options->limit, "最多多少条 · At most so many bulletins")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  add_format_option(*list_command, context);
  list_command->callback([options, &context] { list(*options, context); });

  auto *recall_command = bulletin->add_subcommand(
      "recall",
      "撤回应急信息中尚未播出的部分；正在播出的，频道做得到就切断 · Take back what has "
      "not aired; what is on air is cut where the channel can");
  recall_command->add_option("id", options->id, "编号 · The bulletin's id")
      ->required()
      ->type_name("ID");
  recall_command->add_option("--reason", options->reason, "原因，会记录在案 · Why; it is kept")
      ->required()
      ->type_name("TEXT");
  add_format_option(*recall_command, context);
  recall_command->callback([options, &context] { recall(*options, context); });
}

}  // namespace civicast::cli
