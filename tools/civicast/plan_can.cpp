// SPDX-License-Identifier: Apache-2.0
// `civicast plan --can`: whether a campaign's targets can be met, and what stands in the way.
#include <algorithm>
#include <iostream>

#include "host/planner/faults.hpp"
#include "host/planner/reach_words.hpp"
#include "tools/civicast/plan_answers.hpp"

namespace civicast::cli {
namespace {

using planner::Reach;
using planner::Relief;

std::string channels_of(const flow::Standing &open, int campaign, int target) {
  const auto &of = open.problem.campaigns[static_cast<std::size_t>(campaign)];
  std::string out;
  for (const int channel : of.targets[static_cast<std::size_t>(target)].channels)
    out += (out.empty() ? "" : "+") + open.problem.channels[static_cast<std::size_t>(channel)];
  return out;
}

void print(const flow::Standing &open, const Faults &sentences, const Reach &reach, int campaign,
           const Context &context) {
  for (const Lang lang : {Lang::zh, Lang::en})
    for (const Fault &one : sentences) std::cout << one.sentence(lang) << "\n";
  std::cout << "\n";
  Table targets({{"channel", "频道 channel"},
                 {"wanted", "目标 wanted"},
                 {"planned", "已编排 planned"},
                 {"beside", "他人不动 beside the others"},
                 {"alone", "只有它 alone"}});
  for (const planner::TargetReach &one : reach.targets)
    targets.add(
        {channels_of(open, campaign, one.target), one.wanted, one.planned, one.beside, one.alone});
  targets.print(context);
  if (reach.reliefs.empty()) return;
  std::cout << "\n若只放宽一项 · With one thing alone relaxed:\n";
  Table table({{"relief", "放宽"},
               {"meaning", "relaxed"},
               {"beside", "他人不动 beside the others"},
               {"more", "多 more"},
               {"alone", "只有它 alone"}});
  for (const Relief &one : reach.reliefs) {
    const Fault name = name_of(open.problem, one);
    table.add({name.sentence(Lang::zh), name.sentence(Lang::en), one.beside,
               one.beside - reach.beside, one.alone});
  }
  table.print(context);
}

void print_json(const flow::Standing &open, const Faults &sentences, const Reach &reach,
                const planner::Replanned &replanned, int campaign) {
  Json reliefs = Json::array(), targets = Json::array();
  for (const planner::TargetReach &one : reach.targets)
    targets.push_back({{"channel", channels_of(open, campaign, one.target)},
                       {"wanted", one.wanted},
                       {"planned", one.planned},
                       {"alone", one.alone},
                       {"beside", one.beside}});
  for (const Relief &one : reach.reliefs) {
    const Fault name = name_of(open.problem, one);
    reliefs.push_back({{"relief", std::string(name.kind().name)},
                       {"zh", name.sentence(Lang::zh)},
                       {"en", name.sentence(Lang::en)},
                       {"alone", one.alone},
                       {"beside", one.beside}});
  }
  const Json out = {{"campaign", open.problem.campaigns[static_cast<std::size_t>(campaign)].id},
                    {"answer", std::string(sentences.back().kind().name)},
                    {"zh", sentences.back().sentence(Lang::zh)},
                    {"en", sentences.back().sentence(Lang::en)},
                    {"wanted", reach.wanted},
                    {"planned", reach.planned},
                    {"alone", reach.alone},
                    {"beside", reach.beside},
                    {"replanned", planned_in(replanned.equal, campaign)},
                    {"before_all_others", planned_in(replanned.first, campaign)},
                    {"targets", std::move(targets)},
                    {"reliefs", std::move(reliefs)}};
  std::cout << out.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace

void answer_can(PlannedStation &at, const std::string &campaign, const AskedDays &asked,
                Context &context) {
  const auto *wanted = at.station.campaign(campaign);
  if (wanted == nullptr)
    return report(Fault(faults::campaign_unknown, {{"campaign", campaign}}), context);
  const int index = static_cast<int>(wanted - at.station.campaigns.data());
  const auto durations = flow::durations_from(*at.library);
  const auto now_ns = at.now_ns();
  const auto from_ns = std::max(now_ns + frozen_ns, at.station.zone.instant(asked.first, 0));
  const int days = asked.days + std::max(0, days_between(at.today(), asked.first));
  const auto failed = flow::failed_placements(at.station, *at.store, now_ns);
  const auto open =
      flow::open_of(at.station, durations, *at.playlists, now_ns, from_ns, days, failed);
  for (const Fault &one : open.warnings) std::cerr << one.text() << "\n";
  const Reach reach = planner::reach_of(open.problem, open.placements, index);
  const auto replanned = planner::replanned_for(open.problem, index, flow::options_for(days));
  const Faults sentences = planner::sentences(open.problem, index, reach, replanned);
  if (context.format == "json")
    print_json(open, sentences, reach, replanned, index);
  else
    print(open, sentences, reach, index, context);
}

}  // namespace civicast::cli
