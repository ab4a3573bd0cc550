// SPDX-License-Identifier: Apache-2.0
#include "host/planner/planner.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include "host/planner/search.hpp"

namespace civicast::planner {
namespace {

/// Prices are looked for so often at most, and no longer than the moves take.
constexpr std::int64_t most_rounds = 2'000, steps_a_move = 1'000;

/// The search for prices, beside that for a plan.
class Trading {
 public:
  Trading(const Layout &layout, Course &course) : market_(layout), course_(course) {
    for (const LaneDay &each : layout.lane_days) steps_ += std::int64_t{each.steps} * each.most;
  }
  Market &market() { return market_; }

  int rounds_for(std::int64_t moves) const {
    return static_cast<int>(std::min(most_rounds, moves * steps_a_move / steps_));
  }
  void expect(int rounds) { course_.expect(rounds * moves_a_round()); }
  void trade(int rounds, const Board &board) {
    const int made = market_.trade(rounds, board.energy(), [&] {
      course_.set_bound(market_.bound());
      return course_.goes_on(board, true, moves_a_round());
    });
    course_.skip((rounds - made) * moves_a_round());
  }

 private:
  std::int64_t moves_a_round() const { return steps_ / steps_a_move + 1; }

  Market market_;
  Course &course_;
  std::int64_t steps_ = 1;
};

std::int64_t duration_of(const Problem &problem, const Placement &placement) {
  const auto &campaign = problem.campaigns[static_cast<std::size_t>(placement.campaign)];
  const int channel = problem.breaks[static_cast<std::size_t>(placement.in_break)].channel;
  return campaign.assets[static_cast<std::size_t>(placement.asset)]
      .duration_ns[static_cast<std::size_t>(channel)];
}

/// Those that wish to be first come first, the heaviest of them at the very front; those that wish
/// to be last likewise at the end; else campaigns in their order.
bool stands_before(const Layout &layout, int one, int other) {
  using Position = Campaign::Position;
  const auto rank = [&](int lane_day) {
    const int index = layout.lane_days[at_index(lane_day)].campaign;
    const Campaign &of = layout.problem.campaigns[at_index(index)];
    const int part = of.position == Position::first ? 0 : of.position == Position::last ? 2 : 1;
    return std::tuple(part, (part - 1) * of.weight, lane_day);
  };
  return rank(one) < rank(other);
}

/// Lays each break's spots end to end.
std::vector<Placement> lay(const Board &board) {
  const Problem &problem = board.layout().problem;
  std::vector<Placement> placements;
  for (std::size_t b = 0; b < problem.breaks.size(); ++b) {
    auto seats = board.seats(static_cast<int>(b));
    std::sort(seats.begin(), seats.end(), [&](const auto &one, const auto &other) {
      return stands_before(board.layout(), one.lane_day, other.lane_day);
    });
    std::int64_t at_ns = problem.breaks[b].start_ns;
    for (const Board::Seat &seat : seats) {
      Placement placement;
      placement.campaign = board.layout().lane_days[at_index(seat.lane_day)].campaign;
      placement.asset = seat.airing.asset;
      placement.in_break = static_cast<int>(b);
      placement.start_ns = at_ns;
      at_ns = placement.end_ns = at_ns + duration_of(problem, placement);
      placements.push_back(placement);
    }
  }
  std::stable_sort(placements.begin(), placements.end(), [&](const auto &a, const auto &b) {
    const int left = problem.breaks[static_cast<std::size_t>(a.in_break)].channel;
    const int right = problem.breaks[static_cast<std::size_t>(b.in_break)].channel;
    return left != right ? left < right : a.start_ns < b.start_ns;
  });
  return placements;
}

/// One campaign's assets on one channel, each chosen when it is furthest behind its share.
class Rotation {
 public:
  Rotation(const Campaign &campaign, int channel) : campaign_(campaign) {
    for (const Asset &asset : campaign.assets)
      counts_.push_back(asset.counted.empty() ? 0
                                              : asset.counted[static_cast<std::size_t>(channel)]);
  }
  void count(int asset) { ++counts_[static_cast<std::size_t>(asset)]; }

  /// Among the assets that are as long as `like` on the channel; at equal shares the first.
  int next(int like, int channel) const {
    const auto c = static_cast<std::size_t>(channel);
    const auto length = campaign_.assets[static_cast<std::size_t>(like)].duration_ns[c];
    int best = like;
    for (std::size_t a = 0; a < counts_.size(); ++a) {
      if (campaign_.assets[a].duration_ns[c] != length) continue;
      const auto mine = (counts_[a] + 1) * campaign_.assets[static_cast<std::size_t>(best)].weight;
      const auto its = (counts_[static_cast<std::size_t>(best)] + 1) * campaign_.assets[a].weight;
      if (mine < its || (mine == its && static_cast<int>(a) < best)) best = static_cast<int>(a);
    }
    return best;
  }

 private:
  const Campaign &campaign_;
  std::vector<std::int64_t> counts_;
};

/// The search minds lengths, not the order of assets: here they take their turns. What was
/// published keeps its asset.
void rotate(const Problem &problem, std::vector<Placement> &placements) {
  const auto key = [&](std::size_t campaign, int channel) {
    return campaign * problem.channels.size() + static_cast<std::size_t>(channel);
  };
  std::unordered_map<std::size_t, Rotation> rotations;
  const auto rotation_of = [&](int campaign, int channel) -> Rotation & {
    const auto i = static_cast<std::size_t>(campaign);
    return rotations.try_emplace(key(i, channel), problem.campaigns[i], channel).first->second;
  };
  for (const Fixed &fixed : problem.fixed)
    if (fixed.asset >= 0) rotation_of(fixed.campaign, fixed.channel).count(fixed.asset);

  std::unordered_map<std::size_t, int> kept;  // by campaign and break
  const auto spot = [&](int campaign, int in_break) {
    return static_cast<std::size_t>(campaign) * problem.breaks.size() +
           static_cast<std::size_t>(in_break);
  };
  for (const Published &one : problem.published)
    kept.emplace(spot(one.campaign, one.in_break), one.asset);

  for (Placement &placement : placements) {
    const int channel = problem.breaks[static_cast<std::size_t>(placement.in_break)].channel;
    Rotation &rotation = rotation_of(placement.campaign, channel);
    const auto before = kept.find(spot(placement.campaign, placement.in_break));
    Placement as_before = placement;
    if (before != kept.end()) as_before.asset = before->second;
    placement.asset =
        before != kept.end() && duration_of(problem, as_before) == duration_of(problem, placement)
            ? as_before.asset
            : rotation.next(placement.asset, channel);
    rotation.count(placement.asset);
  }
}

void search(Board &board, Dice &dice, std::int64_t moves, Course &course) {
  Trading trading(board.layout(), course);
  const int rounds = trading.rounds_for(moves);
  trading.expect(rounds);
  trading.expect(rounds / 4);
  course.expect(moves);
  trading.trade(rounds, board);
  if (!course.is_stopped()) anneal(board, dice, trading.market(), moves, course);
  meet_minima(board);
  if (!course.is_stopped()) trading.trade(rounds / 4, board);
  course.set_bound(trading.market().bound());
}

}  // namespace

Plan make_plan(const Problem &problem, const Options &options) {
  const Layout layout(problem, options.costs);
  Board board(layout);
  Dice dice(options.seed);
  keep_published(board);
  const std::vector<int> stood = airings_by_day(board);
  fill(board);
  meet_minima(board);
  Course course(board, options.observer, options.moves);
  if (options.mends && !problem.published.empty() && is_little_new(stood, board)) {
    mend(board, dice, options.moves, course);
    meet_minima(board);
  } else if (options.moves > 0) {
    search(board, dice, options.moves, course);
  }
  Plan plan;
  plan.is_stopped = course.is_stopped();
  plan.placements = lay(board);
  rotate(problem, plan.placements);
  plan.outcomes = outcomes_of(problem, plan.placements);
  plan.cost = course.plan_cost(board.energy());
  plan.bound = course.plan_bound();
  return plan;
}

}  // namespace civicast::planner
