// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "host/planner/search.hpp"

namespace civicast::planner {
namespace {

/// In a day that is nearly full the last airings find no place, though there is room: what stands
/// where they could go must first go where they cannot.
class Mending {
 public:
  Mending(Draft &draft, std::int64_t questions) : draft_(draft), questions_left_(questions) {}

  void run() {
    for (const Lane &lane : draft_.lanes())
      for (int day = 0; day < draft_.problem().days; ++day)
        while (draft_.missing_on(lane, day) > 0 && draft_.is_wanted(lane, day) && helps(lane, day))
          continue;
  }

 private:
  const Break &at(const Lane &lane, int ordinal) const {
    return draft_.problem().breaks[static_cast<std::size_t>(draft_.break_at(lane, ordinal))];
  }
  int asset_for(const Lane &lane, int ordinal) {
    --questions_left_;
    return draft_.asset_for(lane, ordinal);
  }

  /// Makes room for one airing of the lane on the day; false if that cannot be done.
  bool helps(const Lane &lane, int day) {
    for (const int ordinal : lane.eligible) {
      if (at(lane, ordinal).day != day || draft_.holds(lane, ordinal)) continue;
      if (questions_left_ <= 0) return false;
      if (const int asset = asset_for(lane, ordinal); asset >= 0) {
        draft_.add(lane, ordinal, asset);
        return true;
      }
      const auto beside = draft_.entries(draft_.break_at(lane, ordinal));
      for (const auto &entry : beside)
        if (takes_over(lane, ordinal, entry)) return true;
    }
    return false;
  }

  /// The lane takes the place of `entry`, and that one finds another on the same day.
  bool takes_over(const Lane &lane, int ordinal, const Draft::Entry &entry) {
    const Lane &other = draft_.lanes()[static_cast<std::size_t>(entry.lane)];
    std::int64_t change = draft_.remove(other, ordinal);
    const int asset = asset_for(lane, ordinal);
    if (asset >= 0) {
      change += draft_.add(lane, ordinal, asset);
      const int to = free_place(other, at(lane, ordinal).day);
      if (to >= 0) change += draft_.add(other, to, draft_.asset_for(other, to));
      if (to >= 0 && change < 0) return true;
      if (to >= 0) draft_.remove(other, to);
      draft_.remove(lane, ordinal);
    }
    draft_.add(other, ordinal, entry.asset);
    return false;
  }

  int free_place(const Lane &lane, int day) {
    for (const int ordinal : lane.eligible)
      if (at(lane, ordinal).day == day && !draft_.is_full(lane, ordinal) &&
          asset_for(lane, ordinal) >= 0)
        return ordinal;
    return -1;
  }

  Draft &draft_;
  std::int64_t questions_left_;
};

}  // namespace

void mend(Draft &draft, std::int64_t questions) {
  Mending(draft, questions).run();
}

}  // namespace civicast::planner
