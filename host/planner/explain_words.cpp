// SPDX-License-Identifier: Apache-2.0
#include "host/planner/explain_words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <utility>

#include "host/base/time_text.hpp"
#include "host/planner/reasons.hpp"

namespace civicast::planner {
namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

struct Naming {
  const FaultKind *kind;
  const char *zh, *en;  ///< for a count of breaks
};

/// In the order of Why.
constexpr std::array<Naming, why_count> namings = {{
    {&reasons::why_closed, "已播出或即将播出", "sent already or about to be"},
    {&reasons::why_no_target, "频道无目标", "without a target"},
    {&reasons::why_outside_dates, "不在日期内", "outside its dates"},
    {&reasons::why_class_refused, "不播此类", "not carrying its class"},
    {&reasons::why_no_house_file, "无成品文件", "without a house file"},
    {&reasons::why_too_long, "比素材短", "shorter than its assets"},
    {&reasons::why_outside_windows, "不在时间窗内", "outside its windows"},
    {&reasons::why_here, "已有本任务", "with an airing of it"},
    {&reasons::why_too_near, "离本任务的播出太近", "too near to its own airings"},
    {&reasons::why_topic, "已有同一主题或互斥的任务",
     "with its topic, or one kept apart from it, in them"},
    {&reasons::why_items_full, "条数已满", "with as many items as they may hold"},
    {&reasons::why_full, "已满", "full"},
    {&reasons::why_pushed_out, "前面内容过长", "where it would start after its window"},
    {&reasons::why_target_met, "总目标已满", "not needed: its target is met"},
    {&reasons::why_day_met, "当天目标已满", "not needed: the day's target is met"},
    {&reasons::why_day_capped, "当天次数已到上限", "at the most that a day may see"},
    {&reasons::why_no_margin, "位置无余地", "without a margin"},
    {&reasons::why_pace_met, "进度已满", "left for later days"},
    {&reasons::why_open, "可用", "open"},
}};

const Naming &naming(Why why) {
  return namings.at(static_cast<std::size_t>(why));
}

std::string span_text(std::int64_t ns) {
  return length_text(std::llabs(ns) / ns_per_ms);
}

std::string text(int number) {
  return std::to_string(number);
}

}  // namespace

std::string_view code(Why why) {
  return naming(why).kind->name;
}

Words plan_with(double cost) {
  char digits[64];
  std::snprintf(digits, sizeof digits, "%.2f", std::fabs(cost));
  if (std::string_view(digits) == "0.00") return {"一样好", "as good as it is"};
  return cost < 0 ? Words{"变好 " + std::string(digits), "better by " + std::string(digits)}
                  : Words{"变差 " + std::string(digits), "worse by " + std::string(digits)};
}

std::string ExplainWords::date(int day) const {
  return date_text(std::chrono::sys_days(first_) + std::chrono::days(day));
}

std::string ExplainWords::time(std::int64_t ns) const {
  return zone_.local_text(ns).substr(11, 8);
}

std::string ExplainWords::channels(int campaign, int target) const {
  std::string out;
  for (const int channel :
       problem_.campaigns[at_index(campaign)].targets[at_index(target)].channels)
    out += (out.empty() ? "" : "+") + problem_.channels[at_index(channel)];
  return out;
}

/// A break, with what of its day and channel is not the same as there where one looks from.
std::string ExplainWords::place(int in_break, int seen_from) const {
  const Break &here = problem_.breaks[at_index(in_break)];
  const Break &there = problem_.breaks[at_index(seen_from)];
  std::string out = time(here.start_ns);
  if (here.day != there.day) out = date(here.day) + " " + out;
  if (here.channel != there.channel) out += " " + problem_.channels[at_index(here.channel)];
  return out;
}

std::string ExplainWords::beside(int in_break, int but) const {
  std::string out;
  for (std::size_t i = 0; i < placements_.size(); ++i) {
    const Placement &one = placements_[i];
    if (one.in_break != in_break || static_cast<int>(i) == but) continue;
    out += (out.empty() ? "" : ", ") + problem_.campaigns[at_index(one.campaign)].id + " " +
           span_text(one.end_ns - one.start_ns);
  }
  return out.empty() ? "–" : out;
}

Fault ExplainWords::sentence(int campaign, const Verdict &verdict, double gain) const {
  const Campaign &of = problem_.campaigns[at_index(campaign)];
  const Break &here = problem_.breaks[at_index(verdict.in_break)];
  const std::string other = verdict.other < 0 ? "" : problem_.campaigns[at_index(verdict.other)].id;
  return Fault(*naming(verdict.why).kind, {{"campaign", of.id},
                                           {"channel", problem_.channels[at_index(here.channel)]},
                                           {"lacks", span_text(verdict.lacks_ns)},
                                           {"separation", span_text(of.separation_ns)},
                                           {"at", time(verdict.at_ns)},
                                           {"other", other},
                                           {"limit", text(here.max_items)},
                                           {"beside", beside(verdict.in_break, -1)},
                                           {"net_zh", plan_with(-gain).zh},
                                           {"net_en", plan_with(-gain).en}})
      .at(time(here.start_ns));
}

Faults ExplainWords::sentences(int campaign, const Chance &chance) const {
  const Verdict &verdict = chance.verdict;
  Faults out = {sentence(campaign, verdict, chance.gain)};
  for (const Swap &swap : chance.swaps)
    out.push_back(Fault(swap.moves ? reasons::swap_moves : reasons::swap_loses,
                        {{"rival", problem_.campaigns[at_index(swap.rival)].id},
                         {"to", swap.moves ? place(*swap.moves, verdict.in_break) : std::string()},
                         {"cost_zh", plan_with(swap.cost).zh},
                         {"cost_en", plan_with(swap.cost).en},
                         {"net_zh", plan_with(swap.net).zh},
                         {"net_en", plan_with(swap.net).en}}));
  const bool needs_several = verdict.why == Why::full && chance.swaps.empty();
  if (needs_several) out.push_back(Fault(reasons::swap_several));
  return out;
}

Words ExplainWords::counts(const std::array<int, why_count> &breaks) const {
  std::vector<std::pair<int, const Naming *>> all;
  for (std::size_t i = 0; i < why_count; ++i)
    if (breaks[i] > 0) all.emplace_back(breaks[i], &namings[i]);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto &a, const auto &b) { return a.first > b.first; });
  Words out;
  for (const auto &[number, naming] : all) {
    out.zh += (out.zh.empty() ? "" : "，") + text(number) + " 个" + naming->zh;
    out.en += (out.en.empty() ? "" : ", ") + text(number) + " " + naming->en;
  }
  return out;
}

namespace {

int number_of(const std::array<int, why_count> &breaks) {
  return std::accumulate(breaks.begin(), breaks.end(), 0);
}

std::string clock(int second_of_day) {
  return clock_text(second_of_day * 1'000LL);
}

}  // namespace

Fault ExplainWords::sentence(int campaign, const Account &account) const {
  const Words words = counts(account.breaks);
  return Fault(reasons::account_short, {{"date", date(account.day)},
                                        {"channel", channels(campaign, account.target)},
                                        {"wanted", text(account.wanted)},
                                        {"planned", text(account.planned)},
                                        {"missing", text(account.missing())},
                                        {"breaks", text(account.all_breaks())},
                                        {"counts_zh", words.zh},
                                        {"counts_en", words.en}});
}

Fault ExplainWords::met(int campaign, int wanted) const {
  return Fault(reasons::account_met,
               {{"campaign", problem_.campaigns[at_index(campaign)].id}, {"wanted", text(wanted)}});
}

Faults ExplainWords::sentences(const Reasons &found,
                               const std::array<int, why_count> &breaks) const {
  Faults out = where_it_stands(found);
  for (const int minimum : found.minima) {
    const Minimum &of = problem_.minima[at_index(minimum)];
    const bool is_time = of.least_ns > 0;
    out.push_back(Fault(is_time ? reasons::spot_minimum_time : reasons::spot_minimum,
                        {{"from", clock(of.from_s)},
                         {"to", clock(of.to_s)},
                         {"least", is_time ? span_text(of.least_ns) : text(of.least)}}));
  }
  if (!found.is_weighed) {
    out.push_back(Fault(reasons::spot_unweighed));
    return out;
  }
  out.push_back(Fault(reasons::spot_worth, {{"worth_zh", plan_with(found.worth).zh},
                                            {"worth_en", plan_with(found.worth).en}}));
  if (found.next_best) {
    const int in_break = placements_[at_index(found.placement)].in_break;
    out.push_back(
        Fault(reasons::spot_next_best, {{"to", place(found.next_best->in_break, in_break)},
                                        {"cost_zh", plan_with(found.next_best->cost).zh},
                                        {"cost_en", plan_with(found.next_best->cost).en}}));
  } else {
    const Words words = counts(breaks);
    out.push_back(Fault(
        reasons::spot_nowhere_else,
        {{"breaks", text(number_of(breaks))}, {"counts_zh", words.zh}, {"counts_en", words.en}}));
  }
  return out;
}

/// What anybody sees: the break, the pace, the neighbours, the window.
Faults ExplainWords::where_it_stands(const Reasons &found) const {
  const Placement &of = placements_[at_index(found.placement)];
  const Campaign &campaign = problem_.campaigns[at_index(of.campaign)];
  const Break &here = problem_.breaks[at_index(of.in_break)];
  Faults out = {Fault(reasons::spot_stands, {{"campaign", campaign.id},
                                             {"asset", campaign.assets[at_index(of.asset)].id},
                                             {"date", date(here.day)},
                                             {"from", time(of.start_ns)},
                                             {"channel", problem_.channels[at_index(here.channel)]},
                                             {"break", problem_.break_ids[at_index(of.in_break)]},
                                             {"length", span_text(of.end_ns - of.start_ns)}})};
  if (!found.beside.empty())
    out.push_back(Fault(reasons::spot_beside, {{"beside", beside(of.in_break, found.placement)}}));
  out.push_back(Fault(reasons::spot_pace,
                      {{"wanted", text(found.wanted)}, {"planned", text(found.planned)}}));
  const auto start_ns = problem_.measures_breaks ? here.start_ns : of.start_ns;
  const auto neighbour = [&](std::optional<std::int64_t> at_ns) {
    return at_ns ? time(*at_ns) + " (" + span_text(*at_ns - start_ns) + ")" : std::string("–");
  };
  out.push_back(Fault(reasons::spot_gaps,
                      {{"before", neighbour(found.before_ns)},
                       {"after", neighbour(found.after_ns)},
                       {"even", found.even_ns > 0 ? span_text(found.even_ns) : std::string("–")},
                       {"separation", span_text(campaign.separation_ns)}}));
  if (found.window)
    out.push_back(Fault(reasons::spot_window,
                        {{"from", clock(found.window->from_s)},
                         {"to", clock(found.window->to_s)},
                         {"audience", text(static_cast<int>(std::lround(found.audience * 100)))}}));
  return out;
}

}  // namespace civicast::planner
