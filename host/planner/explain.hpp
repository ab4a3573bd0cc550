// SPDX-License-Identifier: Apache-2.0
// Why a plan is as it is: why an airing stands where it does, why none stands elsewhere, and what
// would have to give. Numbers and indices; explain_words.hpp makes sentences of them. Looks at a
// plan, never changes it.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include "host/planner/occupancy.hpp"
#include "host/planner/weighing.hpp"

namespace civicast::planner {

/// Why a campaign has no airing, or not one more, in a break. Of several reasons the first of
/// these, which are in the order in which they are hardest to change.
enum class Why {
  closed,           ///< it is too late: the break was sent already, or is about to be
  no_target,        ///< the campaign wants nothing on this channel
  outside_dates,    ///< of the campaign
  class_refused,    ///< the break does not carry this class
  no_house_file,    ///< none of its assets can be aired on this channel
  too_long,         ///< the shortest asset is longer than the break
  outside_windows,  ///< of the campaign
  here,             ///< it stands there already
  too_near,         ///< to an airing of its own
  topic,            ///< one that may not stand beside it is there: of its topic, or excluded
  items_full,       ///< as many spots as the break may hold
  full,             ///< too few seconds are left
  pushed_out,       ///< behind what stands there, it would start when its window is over
  target_met,       ///< it has all it wants
  day_met,          ///< it has all it wants on this day
  day_capped,       ///< it has all that a day, or this channel's day, may see
  // Behind what stands there now, one more would break no rule.
  no_margin,  ///< but in another order of the break it would: the search relies on none
  pace_met,   ///< but all that these days are to take of the whole target stands already
  open,       ///< nothing is in the way but what it costs
};
inline constexpr std::size_t why_count = static_cast<std::size_t>(Why::open) + 1;

struct Verdict {
  int in_break = 0;
  Why why = Why::open;
  std::int64_t at_ns = 0;     ///< too_near: that airing; pushed_out: when it would start
  std::int64_t lacks_ns = 0;  ///< too_near: between them; too_long and full: in the break
  int other = -1;             ///< topic: the campaign that is there

  /// Would one more keep every rule?
  bool is_legal() const { return why >= Why::no_margin; }
};

/// A break in which a missing airing could stand if something gave way.
struct Chance {
  Verdict verdict;
  double gain = 0;          ///< what the plan would cost less with it, all else as it is
  std::vector<Swap> swaps;  ///< those that could give way, the cheapest first
};

/// What a target wanted and got on one day; where less, why.
struct Account {
  int target = 0, day = 0;
  int wanted = 0, planned = 0;
  std::array<int, why_count> breaks{};  ///< of its channels on that day, by why there is none
  std::vector<Chance> chances;          ///< the most promising first; only where one is missing

  int missing() const { return wanted > planned ? wanted - planned : 0; }
  int all_breaks() const { return std::accumulate(breaks.begin(), breaks.end(), 0); }
};

/// Why an airing stands where it does.
struct Reasons {
  int placement = 0;
  int target = -1, wanted = 0, planned = 0;  ///< of its target on its day
  std::optional<std::int64_t> before_ns,
      after_ns;                  ///< its campaign's airings on the channel next to it
  std::int64_t even_ns = 0;      ///< the gap if they were even
  std::optional<Window> window;  ///< of the campaign, in which it is
  double audience = 1;
  std::vector<int> beside;  ///< the other placements in the break
  std::vector<int> minima;  ///< the legal minima to which it counts
  bool is_weighed = false;  ///< false: the search would not put it there now, so nothing below
  double worth = 0;         ///< what the plan would cost more without it
  std::optional<Move> next_best;
};

class Explainer {
 public:
  /// A placement names a break, a campaign and an asset of the problem, which must outlive this.
  /// Breaks of a channel that start before its `closed_before_ns` cannot be changed any more;
  /// empty: none is closed.
  Explainer(const Problem &problem, std::vector<Placement> placements,
            std::vector<std::int64_t> closed_before_ns = {}, const Costs &costs = {});
  Explainer(const Explainer &) = delete;
  Explainer &operator=(const Explainer &) = delete;

  /// Why not one more airing of the campaign, behind what stands in the break already?
  Verdict why_not(int campaign, int in_break) const;
  /// Every target of the campaign on every day, with `most` chances where an airing is missing.
  std::vector<Account> accounts(int campaign, std::size_t most);
  Reasons why(int placement);
  /// The other breaks of its channel and day, by why it could not stand there instead.
  std::array<int, why_count> others_on_day(int placement) const;

 private:
  bool is_closed(const Break &here) const;
  Verdict fixed_reasons(int campaign, int in_break) const;
  void look_beside(int campaign, Verdict &verdict) const;
  void look_at_own(int campaign, Verdict &verdict) const;
  void look_at_counts(int campaign, Verdict &verdict) const;
  Why soft_reason(int campaign, int in_break) const;
  void add_chances(int campaign, Account &account, const std::vector<Verdict> &verdicts,
                   std::size_t most);
  void add_neighbours(const Placement &of, Reasons &reasons) const;
  std::optional<Window> window_at(int campaign, int in_break, std::int64_t at_ns) const;

  const Problem &problem_;
  std::vector<Placement> placements_;
  std::vector<std::int64_t> closed_before_ns_;
  Occupancy occupancy_;
  Weighing weighing_;
  std::vector<std::vector<int>> by_day_;  ///< by channel and day: breaks by start
};

}  // namespace civicast::planner
