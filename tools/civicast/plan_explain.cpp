// SPDX-License-Identifier: Apache-2.0
// `civicast plan --explain`: what the planner's model says of a placement or a campaign.
#include <algorithm>
#include <iostream>

#include "host/planner/explain_words.hpp"
#include "host/planner/faults.hpp"
#include "tools/civicast/plan_answers.hpp"

namespace civicast::cli {
namespace {

using planner::Account;
using planner::Chance;

constexpr std::size_t most_chances = 3;

const char *legend =
    "变差 1，相当于权重为 1 的任务有一次播出偏离当天的进度。\n"
    "Worse by 1 is as much as one airing of a campaign of weight one beside its day's pace.\n";

Json words_of(const Fault &fault) {
  return {{"why", std::string(fault.kind().name)},
          {"zh", fault.sentence(Lang::zh)},
          {"en", fault.sentence(Lang::en)}};
}

class Explaining {
 public:
  Explaining(const PlannedStation &at, const flow::Standing &standing, Context &context)
      : standing_(standing),
        context_(context),
        explainer_(standing.problem, standing.placements, standing.closed_before_ns),
        words_(standing.problem, standing.placements, at.station.zone, standing.first) {}

  void placement(int index) {
    const auto reasons = explainer_.why(index);
    const Faults sentences = words_.sentences(reasons, explainer_.others_on_day(index));
    if (context_.format != "table") return print_rows(sentences);
    for (const Lang lang : {Lang::zh, Lang::en}) {
      for (const Fault &one : sentences) std::cout << one.sentence(lang) << "\n";
      std::cout << "\n";
    }
    std::cout << legend;
  }

  void campaign(int index) {
    const auto accounts = explainer_.accounts(index, most_chances);
    if (context_.format == "json") return print_json(index, accounts);
    Table table({{"date", "日期 date"},
                 {"channel", "频道 channel"},
                 {"wanted", "目标 wanted"},
                 {"planned", "已编排 planned"},
                 {"short", "缺 short"},
                 {"breaks", "时段 breaks"}});
    bool is_short = false;
    for (const Account &one : accounts) {
      table.add({words_.date(one.day), words_.channels(index, one.target), one.wanted, one.planned,
                 one.missing(), one.all_breaks()});
      is_short |= one.missing() > 0;
    }
    table.print(context_);
    if (context_.format != "table") return;
    std::cout << "\n";
    if (!is_short) return print_met(index, accounts);
    for (const Account &one : accounts)
      if (one.missing() > 0) print(index, one);
    std::cout << legend;
  }

 private:
  void print_rows(const Faults &sentences) const {
    Table table({{"why", "代码 why"}, {"zh", "说明"}, {"en", "meaning"}});
    for (const Fault &one : sentences)
      table.add({std::string(one.kind().name), one.sentence(Lang::zh), one.sentence(Lang::en)});
    table.print(context_);
  }

  void print_met(int campaign, const std::vector<Account> &accounts) const {
    int wanted = 0;
    for (const Account &one : accounts) wanted += one.wanted;
    std::cout << words_.met(campaign, wanted).text() << "\n";
  }

  void print(int campaign, const Account &account) const {
    for (const Lang lang : {Lang::zh, Lang::en}) {
      std::cout << words_.sentence(campaign, account).sentence(lang) << "\n";
      for (const Chance &chance : account.chances) {
        std::string indent = "  ";
        for (const Fault &one : words_.sentences(campaign, chance)) {
          std::cout << indent << one.sentence(lang) << "\n";
          indent = "    ";
        }
      }
    }
    std::cout << "\n";
  }

  Json to_json(int campaign, const Chance &chance) const {
    const auto in_break = [&](int index) {
      return standing_.problem.break_ids[static_cast<std::size_t>(index)];
    };
    Json out = words_of(words_.sentence(campaign, chance.verdict, chance.gain));
    out["break"] = in_break(chance.verdict.in_break);
    out["gain"] = chance.gain;
    out["swaps"] = Json::array();
    for (const auto &swap : chance.swaps)
      out["swaps"].push_back(
          {{"campaign", standing_.problem.campaigns[static_cast<std::size_t>(swap.rival)].id},
           {"moves_to", swap.moves ? Json(in_break(*swap.moves)) : Json()},
           {"cost", swap.cost},
           {"net", swap.net}});
    return out;
  }

  void print_json(int campaign, const std::vector<Account> &accounts) const {
    Json out = Json::array();
    for (const Account &one : accounts) {
      Json breaks = Json::object(), chances = Json::array();
      for (std::size_t why = 0; why < planner::why_count; ++why)
        if (one.breaks[why] > 0)
          breaks[std::string(code(static_cast<planner::Why>(why)))] = one.breaks[why];
      for (const Chance &chance : one.chances) chances.push_back(to_json(campaign, chance));
      out.push_back({{"date", words_.date(one.day)},
                     {"channel", words_.channels(campaign, one.target)},
                     {"wanted", one.wanted},
                     {"planned", one.planned},
                     {"breaks", std::move(breaks)},
                     {"chances", std::move(chances)}});
    }
    std::cout << out.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  }

  const flow::Standing &standing_;
  Context &context_;
  planner::Explainer explainer_;
  planner::ExplainWords words_;
};

/// So many of the days in question, from the first on, have a playlist on any channel.
int planned_days(const PlannedStation &at, const AskedDays &asked) {
  Date date = asked.first;
  for (int day = 0; day < asked.days; ++day, date = next_day(date)) {
    const auto &channels = at.station.channels;
    const bool is_planned = std::any_of(channels.begin(), channels.end(), [&](const auto &one) {
      return at.playlists->has_day(one.id, date);
    });
    if (!is_planned) return day;
  }
  return asked.days;
}

}  // namespace

void explain_plan(PlannedStation &at, const std::string &id, AskedDays asked, Context &context) {
  const auto *campaign = at.station.campaign(id);
  if (campaign == nullptr) {
    const auto found = at.playlists->find(id);
    if (!found) return report(Fault(faults::explain_unknown, {{"id", id}}), context);
    if (found->item.kind != playlists::ItemKind::placement)
      return report(Fault(faults::explain_not_planned, {{"id", id}}), context);
    if (!found->is_current)
      return report(
          Fault(faults::explain_taken_out, {{"id", id}, {"campaign", found->item.campaign}}),
          context);
    if (!asked.is_given) asked.first = found->date;
  }
  asked.days = planned_days(at, asked);
  if (asked.days == 0)
    return report(Fault(faults::explain_no_plan, {{"date", date_text(asked.first)}}), context);
  const auto durations = flow::durations_from(*at.library);
  const auto failed = flow::failed_placements(at.station, *at.store, at.now_ns(), asked.first);
  const bool has_failed = std::any_of(failed.begin(), failed.end(),
                                      [&](const auto &one) { return one.placement == id; });
  if (has_failed)
    return report(Fault(faults::explain_failed,
                        {{"id", id}, {"campaign", at.playlists->find(id)->item.campaign}}),
                  context);
  const auto standing = flow::standing_of(at.station, durations, *at.playlists, at.now_ns(),
                                          at.now_ns() + frozen_ns, asked.first, asked.days, failed);
  for (const Fault &one : standing.unknown) std::cerr << one.text() << "\n";
  for (const Fault &one : standing.warnings) std::cerr << one.text() << "\n";
  Explaining explaining(at, standing, context);
  if (campaign != nullptr)
    return explaining.campaign(static_cast<int>(campaign - at.station.campaigns.data()));
  const auto spot = std::find(standing.ids.begin(), standing.ids.end(), id);
  if (spot == standing.ids.end())
    return report(Fault(faults::explain_not_among, {{"id", id}}), context);
  explaining.placement(static_cast<int>(spot - standing.ids.begin()));
}

}  // namespace civicast::cli
