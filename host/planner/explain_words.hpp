// SPDX-License-Identifier: Apache-2.0
// What Explainer finds, in sentences for operators.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/base/words.hpp"
#include "host/base/zone.hpp"
#include "host/planner/explain.hpp"
#include "sdk/base/fault.hpp"

namespace civicast::planner {

class ExplainWords {
 public:
  /// `first` is day 0. All must outlive this.
  ExplainWords(const Problem &problem, const std::vector<Placement> &placements, const Zone &zone,
               Date first)
      : problem_(problem), placements_(placements), zone_(zone), first_(first) {}

  /// "08:15:00: Too near to its own airing at 07:58:00: …"
  Fault sentence(int campaign, const Verdict &verdict, double gain) const;
  /// The reason, then for each that could give way what that would mean.
  Faults sentences(int campaign, const Chance &chance) const;
  /// The day's count of reasons, for one that is short.
  Fault sentence(int campaign, const Account &account) const;
  /// Nothing is missing on any day.
  Fault met(int campaign, int wanted) const;
  /// `breaks` by why the airing could not stand there either; for one that has nowhere else to go.
  Faults sentences(const Reasons &found, const std::array<int, why_count> &breaks) const;

  /// "30 outside its windows, 12 full", the most first.
  Words counts(const std::array<int, why_count> &breaks) const;
  std::string date(int day) const;
  std::string time(std::int64_t ns) const;  ///< "08:15:00"
  std::string channels(int campaign, int target) const;

 private:
  Faults where_it_stands(const Reasons &found) const;
  std::string place(int in_break, int seen_from) const;
  std::string beside(int in_break, int but) const;

  const Problem &problem_;
  const std::vector<Placement> &placements_;
  const Zone &zone_;
  Date first_;
};

/// The stable name of a reason, as in "planner.why.full".
std::string_view code(Why why);

/// What a plan is that costs so much more: "worse by 0.25", "better by 10.00", "as good as it is".
Words plan_with(double cost);

}  // namespace civicast::planner
