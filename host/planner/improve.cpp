// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <random>

#include "host/planner/search.hpp"

namespace civicast::planner {
namespace {

/// In the units of Costs: a day's pace missed by one is 1,000.
constexpr double first_temperature = 1'500;
/// A published plan is mended, not made anew: below what a change costs.
constexpr double mending_temperature = 50;
constexpr double last_temperature = 2;

class Annealing {
 public:
  Annealing(Draft &draft, std::uint64_t seed) : draft_(draft), random_(seed) {
    for (std::size_t i = 0; i < draft.lanes().size(); ++i)
      if (!draft.lanes()[i].eligible.empty()) open_lanes_.push_back(i);
  }

  bool has_work() const { return !open_lanes_.empty(); }

  void step(double temperature) {
    temperature_ = temperature;
    undo_.clear();
    const Lane &lane = draft_.lanes()[open_lanes_[below(open_lanes_.size())]];
    const std::size_t place = below(lane.eligible.size());
    const int ordinal = lane.eligible[place];
    if (draft_.holds(lane, ordinal))
      shift(lane, place);
    else
      bring(lane, ordinal);
  }

 private:
  /// One change that was made, to be taken back.
  struct Done {
    const Lane *lane;
    int ordinal, asset;
    bool was_added;
  };

  /// The standard leaves distributions open; this is the same everywhere.
  std::size_t below(std::size_t end) {
    return static_cast<std::size_t>(random_() % static_cast<std::uint64_t>(end));
  }
  double unit() { return static_cast<double>(random_() >> 11) * 0x1.0p-53; }

  std::int64_t add(const Lane &lane, int ordinal, int asset) {
    undo_.push_back({&lane, ordinal, asset, true});
    return draft_.add(lane, ordinal, asset);
  }
  std::int64_t remove(const Lane &lane, int ordinal) {
    int asset = 0;
    for (const auto &entry : draft_.entries(draft_.break_at(lane, ordinal)))
      if (&draft_.lanes()[static_cast<std::size_t>(entry.lane)] == &lane) asset = entry.asset;
    undo_.push_back({&lane, ordinal, asset, false});
    return draft_.remove(lane, ordinal);
  }
  void take_back() {
    for (auto done = undo_.rbegin(); done != undo_.rend(); ++done)
      if (done->was_added)
        draft_.remove(*done->lane, done->ordinal);
      else
        draft_.add(*done->lane, done->ordinal, done->asset);
  }
  void decide(std::int64_t change) {
    if (change <= 0) return;
    if (unit() >= std::exp(-static_cast<double>(change) / temperature_)) take_back();
  }

  /// Moves an airing to a break near by, so that gaps become even.
  void shift(const Lane &lane, std::size_t place) {
    const int from = lane.eligible[place];
    const std::size_t reach = std::min<std::size_t>(lane.eligible.size(), 32);
    const std::size_t low = place > reach / 2 ? place - reach / 2 : 0;
    const int to = lane.eligible[std::min(low + below(reach), lane.eligible.size() - 1)];
    if (to == from || draft_.holds(lane, to)) return;
    const std::int64_t change = remove(lane, from);
    const int asset = draft_.asset_for(lane, to);
    if (asset < 0 || !draft_.is_wanted(lane, day_of(lane, to))) return take_back();
    decide(change + add(lane, to, asset));
  }

  /// Brings the lane into a break, at the expense of another airing of its own or of another's.
  void bring(const Lane &lane, int ordinal) {
    const int day = day_of(lane, ordinal);
    std::int64_t change = 0;
    if (!draft_.is_wanted(lane, day) || below(4) == 0) {
      const int from = neighbour(lane, ordinal);
      if (from < 0) return;
      change += remove(lane, from);
    }
    int asset = draft_.asset_for(lane, ordinal);
    if (asset < 0) {
      const auto &beside = draft_.entries(draft_.break_at(lane, ordinal));
      if (beside.empty()) return take_back();
      const auto entry = beside[below(beside.size())];
      change += remove(draft_.lanes()[static_cast<std::size_t>(entry.lane)], ordinal);
      asset = draft_.asset_for(lane, ordinal);
    }
    if (asset < 0 || !draft_.is_wanted(lane, day)) return take_back();
    decide(change + add(lane, ordinal, asset));
  }

  int neighbour(const Lane &lane, int ordinal) {
    const int left = draft_.before(lane, ordinal);
    const int right = draft_.after(lane, ordinal);
    if (left < 0 || right < 0) return std::max(left, right);
    return below(2) == 0 ? left : right;
  }

  int day_of(const Lane &lane, int ordinal) const {
    return draft_.problem().breaks[static_cast<std::size_t>(draft_.break_at(lane, ordinal))].day;
  }

  Draft &draft_;
  std::mt19937_64 random_;
  std::vector<std::size_t> open_lanes_;
  std::vector<Done> undo_;
  double temperature_ = first_temperature;
};

}  // namespace

void improve(Draft &draft, std::uint64_t seed, std::int64_t moves) {
  Annealing annealing(draft, seed);
  if (!annealing.has_work()) return;
  const Draft before = draft;
  const double from = draft.problem().published.empty() ? first_temperature : mending_temperature;
  const double cooling = std::log(last_temperature / from);
  for (std::int64_t move = 0; move < moves; ++move) {
    const double progress = static_cast<double>(move) / static_cast<double>(moves);
    annealing.step(from * std::exp(cooling * progress));
  }
  if (draft.cost() > before.cost()) draft.restore(before);
}

}  // namespace civicast::planner
