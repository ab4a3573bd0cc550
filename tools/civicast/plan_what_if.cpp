// SPDX-License-Identifier: Apache-2.0
// `civicast plan --what-if`: what would become of the plan if something changed.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "host/flow/changes.hpp"
#include "host/planner/explain_words.hpp"
#include "tools/civicast/plan_answers.hpp"

namespace civicast::cli {
namespace {

using planner::CampaignEffect;
using planner::Effect;

void print_table(const Effect &effect, const Context &context) {
  Table table({{"campaign", "宣传任务 campaign"},
               {"wanted_before", "原目标 wanted before"},
               {"planned_before", "原编排 planned before"},
               {"wanted", "目标 wanted"},
               {"planned", "编排 planned"},
               {"more", "增减 more"},
               {"moved", "移动 moved"}});
  for (const CampaignEffect &one : effect.campaigns)
    table.add({one.id, one.wanted_before, one.planned_before, one.wanted, one.planned,
               one.planned - one.planned_before, one.moved});
  table.print(context);
}

Words words_of(const planner::MinimaShort &missing) {
  const auto airings = std::to_string(missing.airings);
  if (missing.ns == 0) return {airings + " 次", airings + " airings"};
  const auto seconds = fmt::format("{:.1f}", static_cast<double>(missing.ns) / ns_per_s);
  return {airings + " 次、" + seconds + " 秒", airings + " airings and " + seconds + " s"};
}

void print(const Effect &effect, const Context &context) {
  print_table(effect, context);
  if (context.format != "table") return;
  const auto moved = std::to_string(effect.moved);
  const Words plan = planner::plan_with(effect.cost - effect.cost_before);
  const Words before = words_of(effect.minima_short_before);
  const Words after = words_of(effect.minima_short);
  std::cout << "\n对已有的任务而言，编排" << plan.zh << "；移动 " << moved
            << " 次播出；距法定最低播出量还缺：" << before.zh << " → " << after.zh;
  if (effect.minima_gone > 0)
    std::cout << "（失去的频道上的 " << effect.minima_gone << " 项不再适用，不算达到）";
  std::cout << "。没有发布任何更改。\n"
            << "To the campaigns that are there already the plan would be " << plan.en
            << "; airings moved: " << moved << "; short of legal minima: " << before.en << " → "
            << after.en;
  if (effect.minima_gone > 0)
    std::cout << " (" << effect.minima_gone
              << " of lost channels no longer apply, and are not met)";
  std::cout << ". Nothing was published.\n";
}

Json to_json(const planner::MinimaShort &missing) {
  return {{"airings", missing.airings}, {"seconds", static_cast<double>(missing.ns) / ns_per_s}};
}

void print_json(const Effect &effect) {
  Json campaigns = Json::array();
  for (const CampaignEffect &one : effect.campaigns)
    campaigns.push_back({{"campaign", one.id},
                         {"is_new", one.is_new},
                         {"wanted_before", one.wanted_before},
                         {"planned_before", one.planned_before},
                         {"wanted", one.wanted},
                         {"planned", one.planned},
                         {"moved", one.moved}});
  const Json out = {{"campaigns", std::move(campaigns)},
                    {"cost_before", effect.cost_before},
                    {"cost", effect.cost},
                    {"moved", effect.moved},
                    {"minima_short_before", to_json(effect.minima_short_before)},
                    {"minima_short", to_json(effect.minima_short)},
                    {"minima_gone", effect.minima_gone}};
  std::cout << out.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace

void answer_what_if(PlannedStation &at, const std::vector<std::string> &changes,
                    const AskedDays &asked, Context &context) {
  const auto read = flow::read_changes(changes);
  if (!read) return report(read.fault(), context);
  const auto durations = flow::durations_from(*at.library);
  const auto now_ns = at.now_ns();
  const auto from_ns = std::max(now_ns + frozen_ns, at.station.zone.instant(asked.first, 0));
  const int days = asked.days + std::max(0, days_between(at.today(), asked.first));
  const auto failed = flow::failed_placements(at.station, *at.store, now_ns);
  const auto effect =
      flow::what_if(at.station, durations, *at.playlists, now_ns, from_ns, days, *read, failed);
  if (!effect) return report(effect.fault(), context);
  for (const Fault &one : effect->warnings) std::cerr << one.text() << "\n";
  if (context.format == "json")
    print_json(*effect);
  else
    print(*effect, context);
}

}  // namespace civicast::cli
