// SPDX-License-Identifier: Apache-2.0
// `civicast count`: how often, from the ledger and nothing else.
#include <iostream>

#include "host/counts/faults.hpp"
#include "host/counts/index.hpp"
#include "tools/civicast/commands.hpp"
#include "tools/civicast/recount.hpp"
#include "tools/civicast/station_rooms.hpp"

namespace civicast::cli {
namespace {

struct Wanted {
  std::vector<std::string> by;
  std::string campaign, channel, place, from, to;
  bool verify = false;
};

std::string title(counts::By by) {
  switch (by) {
    case counts::By::campaign:
      return "宣传任务 campaign";
    case counts::By::asset:
      return "素材 asset";
    case counts::By::ad_class:
      return "类别 class";
    case counts::By::channel:
      return "渠道 channel";
    case counts::By::place:
      return "点位 place";
    case counts::By::evidence:
      return "证据 evidence";
    case counts::By::hour:
      return "时 hour";
    case counts::By::day:
      return "日 day";
    case counts::By::week:
      return "周 week";
    case counts::By::month:
      return "月 month";
    case counts::By::year:
      return "年 year";
  }
  return {};
}

void count(const Wanted &wanted, Context &context) {
  const auto rooms = open_counted_rooms(context);
  if (!rooms) return;
  counts::Question question;
  std::vector<Column> columns;
  for (const std::string &name : wanted.by) {
    question.by.push_back(*counts::by(name));
    columns.push_back({name, title(question.by.back())});
  }
  question.campaign = wanted.campaign;
  question.channel = wanted.channel;
  question.from = day_of(wanted.from);
  question.to = day_of(wanted.to);
  if (!wanted.place.empty()) {
    question.places = rooms->station.places.subtree(wanted.place);
    // An unknown place has no subtree, which must not mean "everywhere".
    if (question.places.empty()) question.places = {wanted.place};
  }
  for (const Column &column : std::vector<Column>{{"airings", "播出次数 airings"},
                                                  {"seconds", "秒 seconds"},
                                                  {"measured", "实测 measured"},
                                                  {"reported", "上报 reported"},
                                                  {"inferred", "推断 inferred"},
                                                  {"incomplete", "未播完 incomplete"}})
    columns.push_back(column);
  Table table(columns);
  for (const counts::Row &row : counts::count(*rooms->store, question)) {
    std::vector<Json> cells(row.keys.begin(), row.keys.end());
    for (const std::int64_t value :
         {row.airings, row.seconds, row.measured, row.reported, row.inferred, row.incomplete})
      cells.push_back(value);
    table.add(std::move(cells));
  }
  table.print(context);
}

/// What the index says, in the shape of the recount.
Tally indexed(store::Store &store) {
  counts::Question question;
  question.by = {counts::By::campaign, counts::By::channel};
  Tally tally;
  for (const counts::Row &row : counts::count(store, question))
    if (row.airings > 0) tally[{row.keys[0], row.keys[1]}] = row.airings;
  return tally;
}

/// Counts the ledger again, line by line, and holds the sums against the index. A host that is
/// running adds to both, so it is tried until both speak of the same number of entries.
void verify(Context &context) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    const auto rooms = open_counted_rooms(context);
    if (!rooms) return;
    const auto size = rooms->ledger->size();
    const auto again = recount(*rooms->ledger);
    if (!again) return report(again.fault(), context);
    const auto before = counts::covered(*rooms->store);
    const auto counted = indexed(*rooms->store);
    if (before != size || counts::covered(*rooms->store) != size) continue;
    std::int64_t airings = 0;
    for (const auto &[key, count] : *again) airings += count;
    if (counted != *again)
      return report(Fault(counts::faults::counts_differ, {{"entries", std::to_string(size)}}),
                    context);
    std::cout << "统计与台账一致：" << size << " 条台账记录，" << airings << " 次完整播出\n"
              << "The counts agree with the ledger: " << size << " entries, " << airings
              << " complete airings\n";
    return;
  }
  report(Fault(counts::faults::counts_moving), context);
}

}  // namespace

void add_count_commands(CLI::App &app, Context &context) {
  auto wanted = std::make_shared<Wanted>();
  auto *command = app.add_subcommand(
      "count", "统计完整播出的次数，由台账得出 · Count complete airings, from the ledger");
  command
      ->add_option(
          "--by", wanted->by,
          "分组，逗号分隔 · Group by, separated by commas: campaign, asset, class, channel, "
          "place, evidence, hour, day, week, month, year")
      ->delimiter(',')
      ->check([](const std::string &name) {
        return counts::by(name) ? std::string()
                                : "没有这种分组 · there is no such grouping: " + name;
      });
  command->add_option("--campaign", wanted->campaign, "只看某宣传任务 · Only this campaign")
      ->type_name("ID");
  command->add_option("--channel", wanted->channel, "只看某渠道 · Only this channel")
      ->type_name("ID");
  command
      ->add_option("--place", wanted->place,
                   "只看某点位及其下属 · Only this place and those below it")
      ->type_name("ID");
  command->add_option("--from", wanted->from, "起始日（含）· First day")->check(is_day());
  command->add_option("--to", wanted->to, "截止日（含）· Last day")->check(is_day());
  command->add_flag("--verify", wanted->verify,
                    "逐条重读台账，核对统计 · Read the ledger again, entry by entry, and hold the "
                    "counts against it");
  add_format_option(*command, context);
  command->callback(
      [wanted, &context] { wanted->verify ? verify(context) : count(*wanted, context); });
}

}  // namespace civicast::cli
