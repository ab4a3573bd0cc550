// SPDX-License-Identifier: Apache-2.0
// `civicast plan`: makes the playlists of the coming days, judges those that are there, or answers
// questions about them.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <limits>
#include <memory>

#include "tools/civicast/commands.hpp"
#include "tools/civicast/minima_table.hpp"
#include "tools/civicast/plan_answers.hpp"
#include "tools/civicast/plan_watch.hpp"
#include "tools/civicast/planned_station.hpp"

namespace civicast::cli {
namespace {

struct PlanOptions {
  std::string from;
  int days = 2;
  double seconds = 0;
  bool whole = false;
  bool verify = false;
  bool minima = false;
  std::string explain, can;
  std::vector<std::string> what_if;
};

constexpr int max_days = 62;

void print_promises(const flow::Summary &summary, const Context &context) {
  Table table({{"channel", "频道 channel"},
               {"campaign", "宣传任务 campaign"},
               {"from", "起 from"},
               {"days", "天数 days"},
               {"wanted", "目标 wanted"},
               {"planned", "已编排 planned"},
               {"short", "缺 short"},
               {"seconds", "秒数 seconds"},
               {"share", "占比 share"},
               {"in_position", "首末位 in position"}});
  for (const auto &promise : summary.promises)
    table.add({promise.channel, promise.campaign, date_text(summary.first), summary.days,
               promise.wanted, promise.planned, std::max(0, promise.wanted - promise.planned),
               promise.wanted_s > 0 ? fmt::format("{}/{}", promise.planned_s, promise.wanted_s)
                                    : std::to_string(promise.planned_s),
               promise.is_share ? fmt::format("{:.1f}%", promise.planned_permille / 10.0) : "",
               promise.has_position ? std::to_string(promise.in_position) : ""});
  table.print(context);
}

void print(const flow::Summary &summary, const PlanOptions &options, const Context &context) {
  if (options.minima)
    print_minima(summary.minima, context);
  else
    print_promises(summary, context);
  for (const Fault &warning : summary.warnings) std::cerr << warning.text() << "\n";
}

Result<flow::Summary, Faults> run(PlannedStation &at, const PlanOptions &options) {
  const auto durations = flow::durations_from(*at.library);
  const Date today = at.today();
  const Date first = std::max(today, date_or(options.from, today));
  const auto failed =
      flow::failed_placements(at.station, *at.store, at.now_ns(), date_or(options.from, today));
  if (options.verify)
    return flow::verify_days(at.station, durations, *at.playlists, date_or(options.from, today),
                             options.days, failed);
  const auto now_ns = at.now_ns();
  const auto from_ns = std::max(now_ns + frozen_ns, at.station.zone.instant(first, 0));
  const int days = std::min(max_days, days_between(today, first)) + options.days;
  PlanWatch watch(options.seconds);
  const auto planner = [&](const planner::Problem &problem, planner::Options how) {
    how.mends = !options.whole;
    return watch.planner()(problem, how);
  };
  return flow::plan_days(at.station, durations, *at.playlists, now_ns, from_ns, days,
                         flow::Kept::nothing, failed, planner);
}

void plan(const PlanOptions &options, Context &context) {
  const auto opened = open_planned_station(context);
  if (!opened) return;
  const AskedDays asked{date_or(options.from, opened->today()), options.days,
                        !options.from.empty()};
  if (!options.explain.empty()) return explain_plan(*opened, options.explain, asked, context);
  if (!options.can.empty()) return answer_can(*opened, options.can, asked, context);
  if (!options.what_if.empty()) return answer_what_if(*opened, options.what_if, asked, context);
  const auto summary = run(*opened, options);
  if (!summary) return report(summary.fault(), context);
  print(*summary, options, context);
}

/// They change nothing, and one is asked at a time.
void add_questions(CLI::App &command, PlanOptions &options, CLI::Option *verify) {
  auto *explain =
      command
          .add_option("--explain", options.explain,
                      "不作更改，只说明一条排期为什么在那里，或一个宣传任务为什么没有更多播出 · "
                      "Change nothing; say why a placement stands where it does, or why a campaign "
                      "gets no more airings and what would have to give")
          ->type_name("PLACEMENT|CAMPAIGN")
          ->excludes(verify);
  auto *can = command
                  .add_option("--can", options.can,
                              "不作更改，只回答一个宣传任务的目标能否达到、受什么限制 · Change "
                              "nothing; say whether a campaign's targets can be met, and what "
                              "stands in the way")
                  ->type_name("CAMPAIGN")
                  ->excludes(verify)
                  ->excludes(explain);
  command
      .add_option(
          "--what-if", options.what_if,
          "不作更改，只推算变化的影响；可以写多个 · Change nothing; say what a change would "
          "do to the plan. May be given more than once: campaign=FILE.xml (a new campaign; "
          "campaign=FILE.xml:15s if its assets are still to be made), channel=ID (it is "
          "lost), break=ID:+30s, break=ID:-15s, break=ID:lost")
      ->type_name("CHANGE")
      ->excludes(verify)
      ->excludes(explain)
      ->excludes(can);
}

}  // namespace

void add_plan_commands(CLI::App &app, Context &context) {
  auto options = std::make_shared<PlanOptions>();
  auto *command = app.add_subcommand("plan",
                                     "编排今后几天的播出单，打印每个任务的目标与结果；主机运行时也"
                                     "可使用 · Plan the coming days and "
                                     "print what each campaign wants and gets; also while the host "
                                     "runs. What starts within a minute "
                                     "stays as it is");
  command
      ->add_option(
          "--from", options->from,
          "从哪一天起重新编排，默认今天；之前尚未编排的日子也会补上 · The first day to plan anew; "
          "today if left out. Days before it that were never planned are planned too")
      ->check(is_date);
  command->add_option("--days", options->days, "编排几天 · How many days")
      ->check(CLI::Range(1, max_days))
      ->capture_default_str();
  command
      ->add_option(
          "--seconds", options->seconds,
          "最多搜索几秒，到时采用已有的最好编排；按 Ctrl-C 亦然 · Search for so many seconds "
          "at most and take the best plan until then, as Ctrl-C does; as long as it takes "
          "if left out")
      ->check(CLI::Range(0.1, 86'400.0));
  command->add_flag(
      "--whole", options->whole,
      "全部重新搜索，而不只处理与已发布编排相比缺少或变动之处 · Search the whole plan "
      "again, not only what is missing from the published one or has changed in it");
  auto *verify = command->add_flag(
      "--verify", options->verify,
      "只按现行规则检查已发布的播出单，不作更改；有违反之处则退出码为 1 · Only judge what is "
      "published by the rules as they are now; exit status 1 if a rule is broken");
  add_questions(*command, *options, verify);
  command->add_flag(
      "--minima", options->minima,
      "改为打印法定最低播出量的对照表 · Print what legal minima ask for and what there "
      "is, instead of the campaigns");
  add_format_option(*command, context);
  command->callback([options, &context] { plan(*options, context); });
}

}  // namespace civicast::cli
