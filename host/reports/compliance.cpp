// SPDX-License-Identifier: Apache-2.0
#include "host/reports/compliance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "sdk/base/clock.hpp"

namespace civicast::reports {
namespace {

using airings::Evidence;
using rules::Spot;

constexpr std::int64_t day_ns = 86'400 * ns_per_s;

Spot spot_of(const playlists::Item &item, const Zone &zone) {
  return {item.ad_class, zone.second_of_day(item.start_ns), item.end_ns - item.start_ns};
}

/// Complete airings on evidence, each placement's play once.
std::vector<Spot> proven_spots(const AiredDay &day, const Zone &zone) {
  std::set<std::pair<std::string_view, std::uint32_t>> seen;
  std::vector<Spot> spots;
  for (const counts::Final *fact : day.facts) {
    if (!fact->counts() || fact->evidence == Evidence::inferred) continue;
    const auto ad_class = campaigns::ad_class_named(fact->ad_class);
    if (!ad_class || !seen.emplace(fact->placement, fact->play).second) continue;
    spots.push_back({*ad_class, zone.second_of_day(fact->start_ns), fact->end_ns - fact->start_ns});
  }
  return spots;
}

/// What a rule would have had, if everything of a kind had aired.
class Possible {
 public:
  Possible(const AiredDay &day, const rules::Rule &rule, const Zone &zone) {
    for (const Row *row : day.rows) {
      const Spot spot = spot_of(row->planned.item, zone);
      if (!rule.does_count(spot.ad_class) || spot.second_of_day < rule.from_s ||
          spot.second_of_day >= rule.to_s)
        continue;
      const std::int64_t worth = rule.least_airings == 0 ? spot.length_ns : 1;
      if (row->outcome == Outcome::no_word || row->outcome == Outcome::inferred) {
        silent += worth;
        ++silent_rows;
      } else if (is_open(row->outcome)) {
        failed += worth;
        ++reasons[row->outcome];
      }
    }
  }

  Words reasons_words() const {
    Words all;
    for (const auto &[outcome, count] : reasons) {
      const Words each = words(outcome);
      all.zh += fmt::format("{}{} {} 条", all.zh.empty() ? "" : "、", each.zh, count);
      all.en += fmt::format("{}{} {}", all.en.empty() ? "" : ", ", count, each.en);
    }
    return all;
  }

  std::int64_t silent = 0, failed = 0;
  int silent_rows = 0;
  std::map<Outcome, int> reasons;
};

/// "12.5 秒", "12.5 s", or the number of airings.
std::string amount(const rules::Verdict &verdict, std::int64_t amount) {
  return verdict.is_time ? fmt::format("{:.1f}", static_cast<double>(amount) / ns_per_s)
                         : std::to_string(amount);
}

Words lack(const rules::Verdict &verdict) {
  const std::string had = amount(verdict, verdict.had), asked = amount(verdict, verdict.asked),
                    missing = amount(verdict, verdict.missing());
  const char *zh = verdict.is_time ? "秒" : "次", *en = verdict.is_time ? "s" : "airings";
  return {fmt::format("完整播出 {} {}，应有 {} {}，差 {} {}（{}）", had, zh, asked, zh, missing, zh,
                      verdict.cited.zh),
          fmt::format("{} {} aired whole of {} {} that are asked for, {} {} short ({})", had, en,
                      asked, en, missing, en, verdict.cited.en)};
}

bool has_commercials(const std::vector<Spot> &spots) {
  return std::any_of(spots.begin(), spots.end(), [](const Spot &spot) {
    return spot.ad_class == campaigns::AdClass::commercial;
  });
}

void say_nothing_known(Judgement &out) {
  out.standing = Standing::unjudged;
  out.why = {"这个频道这一天既没有播出单，台账里也没有任何记录",
             "there is neither a playlist for that channel and day nor anything in the ledger"};
  out.mend = {"若由其他系统播出，请用 civicast asrun import 导入当天的播出记录",
              "if another system was on air, import its as-run of that day: civicast asrun import"};
}

void say_commercials_unknown(Judgement &out) {
  out.standing = Standing::unjudged;
  out.why = {"商业广告不在台账里，编排也没有写明当天有多少商业广告，无法计算比例",
             "commercials are not in the ledger and the grid does not say how much of them the day "
             "had, so there is nothing to take a share of"};
  out.mend = {"请在 grids/ 里该频道的 <day> 写上 <commercials length=\"…\"/>",
              "write <commercials length=\"…\"/> into the <day> of the channel's file in grids/"};
}

void say_silent(Judgement &out, const Possible &possible) {
  out.standing = Standing::unjudged;
  out.why = {
      fmt::format("有 {} 条排期没有回报，或仅按计划推断；若都播出了便已达标", possible.silent_rows),
      fmt::format("of {} placements nothing was reported, or only the schedule says that they "
                  "aired; with them it would be met",
                  possible.silent_rows)};
  out.mend = {"请导入当天的播出记录（civicast asrun import），或核实后加说明",
              "import the as-run of that day (civicast asrun import), or find out and write notes"};
}

void say_not_met(Judgement &out, const Possible &possible) {
  out.standing = Standing::not_met;
  out.why = lack(out.verdict);
  if (possible.failed == 0) return;
  const Words reasons = possible.reasons_words();
  const bool is_enough = out.verdict.had + possible.silent + possible.failed >= out.verdict.asked;
  out.mend = {fmt::format("该时段有排期没有播成（{}）{}", reasons.zh,
                          is_enough ? "，播成即可达标" : "，即使播成也不够，还需增加排期"),
              fmt::format("placements of those hours failed ({}); {}", reasons.en,
                          is_enough ? "had they aired it would be met"
                                    : "even with them there would be too little: plan more")};
}

void say_not_met_by_plan(Judgement &out) {
  if (!out.mend.zh.empty()) return;
  out.mend = {"排期本身不够：请提高宣传任务的目标，或放宽其播出时间，使这个时段有更多排期",
              "the plan itself has too little: raise targets of campaigns, or widen their hours, "
              "so that these hours have more"};
}

}  // namespace

std::string_view word(Standing standing) {
  switch (standing) {
    case Standing::met:
      return "met";
    case Standing::not_met:
      return "not_met";
    case Standing::unjudged:
      return "unjudged";
    case Standing::running:
      return "running";
  }
  return "";
}

Words words(Standing standing) {
  switch (standing) {
    case Standing::met:
      return {"达标", "met"};
    case Standing::not_met:
      return {"未达标", "not met"};
    case Standing::unjudged:
      return {"无法判定", "cannot be judged"};
    case Standing::running:
      return {"时段未完", "not over yet"};
  }
  return {};
}

std::vector<Judgement> judge_aired(const std::vector<rules::Rule> &rules, const AiredDay &day,
                                   const Zone &zone, std::int64_t now_ns) {
  const rules::ChannelDay aired{day.channel, day.medium, day.date, day.commercial_ns.value_or(0),
                                proven_spots(day, zone)};
  std::vector<Judgement> all;
  for (auto &verdict : rules::judge(rules, aired)) {
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [&](const auto &one) { return one.id == verdict.rule; });
    Judgement out{verdict, rule->says, Standing::met, {}, {}};
    const Possible possible(day, *rule, zone);
    const bool is_share_of_unknown =
        verdict.is_time && !day.commercial_ns && !has_commercials(aired.spots);
    if (day.facts.empty() && day.rows.empty()) {
      say_nothing_known(out);
    } else if (is_share_of_unknown && verdict.had < rules::least_ns(*rule, day_ns)) {
      say_commercials_unknown(out);
    } else if (verdict.is_met()) {
      out.standing = Standing::met;
    } else if (now_ns < zone.instant(day.date, rule->to_s)) {
      out.standing = Standing::running;
      out.why = lack(verdict);
    } else if (verdict.had + possible.silent >= verdict.asked) {
      say_silent(out, possible);
    } else {
      say_not_met(out, possible);
      say_not_met_by_plan(out);
    }
    all.push_back(std::move(out));
  }
  return all;
}

}  // namespace civicast::reports
