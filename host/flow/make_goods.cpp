// SPDX-License-Identifier: Apache-2.0
#include "host/flow/make_goods.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace civicast::flow {
namespace {

using campaigns::Campaign;
using campaigns::Target;

class Linking {
 public:
  Linking(const std::vector<Owed> &owed, std::vector<Chance> &chances)
      : owed_(owed), chances_(chances), by_start_(chances.size()) {
    std::iota(by_start_.begin(), by_start_.end(), std::size_t{0});
    std::stable_sort(by_start_.begin(), by_start_.end(), [&](std::size_t a, std::size_t b) {
      return chances[a].start_ns < chances[b].start_ns;
    });
    for (const Chance &one : chances)
      if (!one.makes_good.empty()) taken_.insert(one.makes_good);
    for (std::size_t i : by_start_)
      if (chances[i].is_new && chances[i].makes_good.empty())
        open_[{chances[i].campaign, chances[i].channel}].push_back(i);
    for (std::size_t i = 0; i < owed.size(); ++i)
      due_[{owed[i].campaign, owed[i].channel}].push_back(i);
  }

  void link(const Campaign &campaign, const Target &target) {
    for (const std::string &channel : target.channels)
      link(target, due_[{campaign.id, channel}], open_[{campaign.id, channel}]);
    if (target.channels.size() < 2) return;
    std::vector<std::size_t> due, open;
    for (const std::string &channel : target.channels) {
      const auto &its_due = due_[{campaign.id, channel}];
      const auto &its_open = open_[{campaign.id, channel}];
      due.insert(due.end(), its_due.begin(), its_due.end());
      open.insert(open.end(), its_open.begin(), its_open.end());
    }
    std::sort(due.begin(), due.end());  // oldest first, as they came
    std::stable_sort(open.begin(), open.end(), [&](std::size_t a, std::size_t b) {
      return chances_[a].start_ns < chances_[b].start_ns;
    });
    link(target, due, open);
  }

 private:
  /// Both in order. Days only go on, so what is too old for one placement is so for the next.
  void link(const Target &target, const std::vector<std::size_t> &due,
            const std::vector<std::size_t> &open) {
    auto next = due.begin();
    for (const std::size_t index : open) {
      Chance &chance = chances_[index];
      if (!chance.makes_good.empty()) continue;
      const auto is_past = [&](const Owed &one) {
        return taken_.contains(one.id) || (is_for_each_day(target) && one.date < chance.date);
      };
      while (next != due.end() && is_past(owed_[*next])) ++next;
      if (next == due.end()) return;
      if (is_for_each_day(target) && chance.date < owed_[*next].date) continue;
      chance.makes_good = owed_[*next].id;
      taken_.insert(chance.makes_good);
    }
  }

  const std::vector<Owed> &owed_;
  std::vector<Chance> &chances_;
  std::vector<std::size_t> by_start_;
  std::set<std::string> taken_;
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> open_, due_;
};

}  // namespace

bool is_for_each_day(const Target &target) {
  const bool is_share = target.unit == Target::Unit::share_of_seconds ||
                        target.unit == Target::Unit::share_of_airings;
  return !is_share && target.per == Target::Per::day;
}

void make_good(const std::vector<Campaign> &campaigns, const std::vector<Owed> &owed,
               std::vector<Chance> &chances) {
  if (owed.empty()) return;
  Linking linking(owed, chances);
  for (const Campaign &campaign : campaigns)
    for (const Target &target : campaign.targets) linking.link(campaign, target);
}

}  // namespace civicast::flow
