// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "host/reports/explain.hpp"
#include "host/reports/station_reports.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::reports {
namespace {

using People = std::map<std::string, std::string>;

Json time_cell(const Zone &zone, std::int64_t utc_ns) {
  return utc_ns == 0 ? Json("") : Json(zone.local_text(utc_ns));
}

std::string notes_text(const Desk &desk, const Reconciliation &all, const People &people,
                       const std::vector<std::size_t> &which) {
  std::string out;
  for (const std::size_t i : which) {
    const auto &note = all.notes[i].note;
    const auto name = people.find(note.person);
    out += fmt::format("{}{} {}：{}", out.empty() ? "" : "\n",
                       desk.station.zone.local_text(note.recorded_ns),
                       name == people.end() ? note.person.substr(0, 8) : name->second, note.text);
  }
  return out;
}

std::string campaign_title(const Desk &desk, const std::string &id) {
  const auto *campaign = desk.station.campaign(id);
  return campaign == nullptr ? "" : campaign->title.zh;
}

std::string channel_name(const Desk &desk, const std::string &id) {
  const auto *channel = desk.station.channel(id);
  return channel == nullptr ? "" : channel->name.zh;
}

}  // namespace

Sheet reconciliation_sheet(const Desk &desk, const Reconciliation &all) {
  const Zone &zone = desk.station.zone;
  const People known = people(desk.store);
  Sheet sheet{{"播出对账", "Reconciliation"},
              {{"day", {"日期", "day"}},
               {"channel", {"频道", "channel"}},
               {"channel_name", {"频道名称", "channel name"}},
               {"campaign", {"宣传任务", "campaign"}},
               {"campaign_title", {"任务名称", "campaign title"}},
               {"asset", {"素材", "asset"}},
               {"title", {"标题", "title"}},
               {"planned_start", {"计划开始", "planned start"}},
               {"planned_end", {"计划结束", "planned end"}},
               {"outcome", {"结果代码", "outcome"}},
               {"outcome_zh", {"结果", "outcome in Chinese"}},
               {"start", {"实际开始", "start"}},
               {"end", {"实际结束", "end"}},
               {"evidence", {"证据", "evidence"}},
               {"complete", {"完整次数", "complete airings"}},
               {"made_good_by", {"由何排期补播", "made good by"}},
               {"made_good", {"已补播", "made good"}},
               {"entry", {"台账号", "entry"}},
               {"placement", {"排期", "placement"}},
               {"notes", {"说明", "notes"}}},
              {}};
  sheet.rows.reserve(all.rows.size());
  for (const Row &row : all.rows) {
    const auto &item = row.planned.item;
    const counts::Final *fact = row.airing ? &*row.airing : nullptr;
    sheet.rows.push_back({date_text(row.planned.date),
                          row.planned.channel,
                          channel_name(desk, row.planned.channel),
                          item.campaign,
                          campaign_title(desk, item.campaign),
                          item.asset,
                          item.title.zh,
                          time_cell(zone, item.start_ns),
                          time_cell(zone, item.end_ns),
                          std::string(code(row.outcome)),
                          words(row.outcome).zh,
                          time_cell(zone, fact ? fact->start_ns : 0),
                          time_cell(zone, fact ? fact->end_ns : 0),
                          fact ? std::string(airings::word(fact->evidence)) : "",
                          row.complete,
                          row.made_good_by,
                          row.is_made_good ? 1 : 0,
                          fact ? Json(fact->entry) : Json(),
                          item.id,
                          notes_text(desk, all, known, row.notes)});
  }
  return sheet;
}

Sheet unplanned_sheet(const Desk &desk, const Reconciliation &all) {
  const Zone &zone = desk.station.zone;
  const People known = people(desk.store);
  Sheet sheet{{"计划外播出", "Unplanned airings"},
              {{"channel", {"频道", "channel"}},
               {"campaign", {"宣传任务", "campaign"}},
               {"asset", {"素材", "asset"}},
               {"start", {"实际开始", "start"}},
               {"end", {"实际结束", "end"}},
               {"fact", {"事实", "fact"}},
               {"evidence", {"证据", "evidence"}},
               {"why", {"原因代码", "why"}},
               {"why_zh", {"原因", "why in Chinese"}},
               {"entry", {"台账号", "entry"}},
               {"placement", {"排期", "placement"}},
               {"notes", {"说明", "notes"}}},
              {}};
  for (const Unplanned &one : all.unplanned) {
    const counts::Final &fact = one.airing;
    sheet.rows.push_back({fact.channel, fact.campaign, fact.asset, time_cell(zone, fact.start_ns),
                          time_cell(zone, fact.end_ns), std::string(airings::word(fact.fact)),
                          std::string(airings::word(fact.evidence)),
                          one.was_planned ? "taken_out" : "never_planned",
                          one.was_planned ? "已从播出单撤下，仍有播出" : "没有人安排过", fact.entry,
                          fact.placement, notes_text(desk, all, known, one.notes)});
  }
  return sheet;
}

Sheet summary_sheet(const Reconciliation &all) {
  Sheet sheet{{"对账汇总", "Summary"},
              {{"outcome", {"结果代码", "outcome"}},
               {"outcome_zh", {"结果", "in Chinese"}},
               {"outcome_en", {"英文", "in English"}},
               {"placements", {"排期数", "placements"}}},
              {}};
  for (std::size_t i = 0; i < outcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    if (all.counts[i] > 0)
      sheet.rows.push_back(
          {std::string(code(outcome)), words(outcome).zh, words(outcome).en, all.counts[i]});
  }
  sheet.rows.push_back({"made_good", "未播成而已补播", "failed and made good", all.made_good});
  sheet.rows.push_back({"unplanned", "计划外播出", "unplanned airings", all.unplanned.size()});
  return sheet;
}

std::string amount_text(const rules::Verdict &verdict, std::int64_t amount) {
  return verdict.is_time ? fmt::format("{:.1f} s", static_cast<double>(amount) / ns_per_s)
                         : std::to_string(amount);
}

Sheet compliance_sheet(const Desk &desk, const std::vector<Judgement> &all) {
  Sheet sheet{{"法定播出量", "Compliance"},
              {{"day", {"日期", "day"}},
               {"channel", {"频道", "channel"}},
               {"channel_name", {"频道名称", "channel name"}},
               {"rule", {"规定代码", "rule"}},
               {"says_zh", {"规定", "what it asks, in Chinese"}},
               {"says_en", {"规定（英文）", "what it asks"}},
               {"source_zh", {"出处", "source, in Chinese"}},
               {"source_en", {"出处（英文）", "source"}},
               {"asked", {"应有", "asked"}},
               {"had", {"实播", "aired"}},
               {"standing", {"结论代码", "standing"}},
               {"standing_zh", {"结论", "standing in Chinese"}},
               {"why_zh", {"原因", "why, in Chinese"}},
               {"why_en", {"原因（英文）", "why"}},
               {"mend_zh", {"如何补救", "what would mend it, in Chinese"}},
               {"mend_en", {"如何补救（英文）", "what would mend it"}}},
              {}};
  for (const Judgement &one : all) {
    const auto &v = one.verdict;
    const bool is_asked_known = one.standing != Standing::unjudged || !v.is_time;
    sheet.rows.push_back({date_text(v.date), v.channel, channel_name(desk, v.channel), v.rule,
                          one.says.zh, one.says.en, v.cited.zh, v.cited.en,
                          is_asked_known ? amount_text(v, v.asked) : "?", amount_text(v, v.had),
                          std::string(word(one.standing)), words(one.standing).zh, one.why.zh,
                          one.why.en, one.mend.zh, one.mend.en});
  }
  return sheet;
}

}  // namespace civicast::reports
