// SPDX-License-Identifier: Apache-2.0
#include "host/planner/reach_words.hpp"

#include "host/base/time_text.hpp"
#include "host/planner/layout.hpp"
#include "host/planner/reasons.hpp"

namespace civicast::planner {
namespace {

constexpr std::int64_t ms_per_hour = 3'600'000;

/// "pact −12, guard −3": who has less, or more, than by equal terms.
std::string changes(const Problem &problem, int campaign, const Replanned &replanned) {
  std::string out;
  for (std::size_t i = 0; i < problem.campaigns.size(); ++i) {
    const int other = static_cast<int>(i);
    const int more = planned_in(replanned.first, other) - planned_in(replanned.equal, other);
    if (other == campaign || more == 0) continue;
    out += (out.empty() ? "" : ", ") + problem.campaigns[i].id + (more < 0 ? " −" : " +") +
           std::to_string(std::abs(more));
  }
  return out.empty() ? "–" : out;
}

const FaultKind &answer(const Reach &reach, int equal, int first) {
  if (reach.planned >= reach.wanted) return reasons::reach_met;
  if (reach.alone < reach.wanted) return reasons::reach_never;
  if (reach.beside >= reach.wanted) return reasons::reach_beside;
  if (equal >= reach.wanted) return reasons::reach_replan;
  if (first >= reach.wanted) return reasons::reach_at_expense;
  return reasons::reach_not_found;
}

const FaultKind &kind_of(Lever lever) {
  switch (lever) {
    case Lever::half_separation:
      return reasons::relief_half_separation;
    case Lever::no_separation:
      return reasons::relief_no_separation;
    case Lever::longer_window:
      return reasons::relief_longer_window;
    case Lever::all_hours:
      return reasons::relief_all_hours;
    case Lever::all_dates:
      return reasons::relief_all_dates;
    case Lever::any_class:
      return reasons::relief_any_class;
    case Lever::shorter_assets:
      return reasons::relief_shorter_assets;
    case Lever::more_items:
      return reasons::relief_more_items;
    case Lever::no_topic:
      return reasons::relief_no_topic;
    case Lever::no_caps:
      return reasons::relief_no_caps;
    case Lever::house_files:
      return reasons::relief_house_files;
    case Lever::more_channel:
      break;
  }
  return reasons::relief_more_channel;
}

}  // namespace

int planned_in(const Plan &plan, int campaign) {
  int planned = 0;
  for (const Outcome &one : plan.outcomes)
    if (one.campaign == campaign) planned += one.planned;
  return planned;
}

Faults sentences(const Problem &problem, int campaign, const Reach &reach,
                 const Replanned &replanned) {
  const auto text = [](int number) { return std::to_string(number); };
  const int equal = planned_in(replanned.equal, campaign);
  const int first = planned_in(replanned.first, campaign);
  return {Fault(reasons::reach_numbers, {{"campaign", problem.campaigns[at_index(campaign)].id},
                                         {"wanted", text(reach.wanted)},
                                         {"planned", text(reach.planned)},
                                         {"alone", text(reach.alone)},
                                         {"beside", text(reach.beside)},
                                         {"equal", text(equal)},
                                         {"first", text(first)}}),
          Fault(answer(reach, equal, first), {{"alone", text(reach.alone)},
                                              {"first", text(first)},
                                              {"losers", changes(problem, campaign, replanned)}})};
}

Fault name_of(const Problem &problem, const Relief &relief) {
  return Fault(kind_of(relief.lever),
               {{"hour", clock_text(relief.hour * ms_per_hour)},
                {"channel", relief.channel < 0 ? "" : problem.channels[at_index(relief.channel)]}});
}

}  // namespace civicast::planner
