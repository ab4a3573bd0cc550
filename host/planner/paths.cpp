// SPDX-License-Identifier: Apache-2.0
#include "host/planner/paths.hpp"

#include <algorithm>
#include <stdexcept>

namespace civicast::planner {
namespace {

/// Beyond so many even gaps the cost grows no longer with the square, or one empty day would
/// outweigh every target; it must go on growing, or one great gap would pay for bunching.
constexpr double steep_gaps = 2;

/// So many numbers of airings are looked at side by side.
constexpr int lanes = 4;

/// One step's row: as many airings without it, or one fewer before it and it. What stands before
/// each row is closed.
void add_step(const float *without, const float *before, float price, int width,
              float *__restrict out) {
  for (int k = 0; k < width; k += lanes)
    for (int i = k; i < k + lanes; ++i) {
      const float with = before[i - 1] + price;
      out[i] = with < without[i] ? with : without[i];
    }
}

double gap_of(const LaneDay &lane_day, double length_s) {
  const double gaps = length_s * lane_day.per_even;
  return gaps <= steep_gaps
             ? lane_day.gap_weight * gaps * gaps
             : lane_day.gap_weight * (2 * steep_gaps * gaps - steep_gaps * steep_gaps);
}

}  // namespace

void Paths::begin(const Layout &layout, const LaneDay &lane_day, const Stretch &stretch, int most) {
  stretch_ = stretch;
  steps_ = stretch.to - stretch.from;
  most_ = most;
  width_ = most + 1;
  reach_ = layout.reach.data() + lane_day.first + at_index(stretch.from);
  totals_.assign(at_index(width_), closed);
}

void Paths::find(const Layout &layout, const LaneDay &lane_day, const Stretch &stretch,
                 const float *price, int most) {
  begin(layout, lane_day, stretch, most);
  minds_gaps_ = lane_day.gap_weight > 0;
  if (minds_gaps_)
    find_even(layout, lane_day, price);
  else
    find_near(reach_, price);
}

void Paths::find_without_gaps(const Layout &layout, const LaneDay &lane_day, const float *price,
                              int most) {
  begin(layout, lane_day, {0, lane_day.steps, lane_day.from_s, lane_day.to_s, false, false}, most);
  minds_gaps_ = false;
  find_near(reach_, price);
}

void Paths::find_near(const std::int16_t *reach, const float *price) {
  const int width = (most_ + lanes) / lanes * lanes;
  width_ = width + lanes;
  rows_.resize(at_index((steps_ + 1) * width_ + lanes));
  float *row = rows_.data() + lanes;
  std::fill_n(rows_.data(), width_ + lanes, closed);
  row[0] = 0;
  for (int step = 0; step < steps_; ++step, row += width_) {
    std::fill_n(row + width, lanes, closed);
    if (price[step] >= closed) {
      std::copy_n(row, width, row + width_);
      continue;
    }
    const int before = std::max(0, reach[step] - stretch_.from);
    add_step(row, rows_.data() + lanes + before * width_, price[step], width, row + width_);
  }
  std::copy_n(row, most_ + 1, totals_.begin());
}

void Paths::take_near(int airings, Steps &out) const {
  const float *row = rows_.data() + lanes;
  for (int step = steps_; airings > 0;) {
    while (step > 0 && row[step * width_ + airings] == row[(step - 1) * width_ + airings]) --step;
    if (step == 0) throw std::logic_error("there is no such way through the day");
    out.push_back(static_cast<std::int16_t>(stretch_.from + step - 1));
    step = std::max(0, reach_[step - 1] - stretch_.from);
    --airings;
  }
}

/// rows_: of all ways with so many airings that end with the step, the cheapest.
void Paths::find_even(const Layout &layout, const LaneDay &lane_day, const float *price) {
  const std::size_t size = at_index(steps_ * width_);
  rows_.assign(size, closed);
  came_from_.assign(size, -1);
  last_.assign(at_index(width_), -1);
  const std::int64_t *second = layout.window_s.data() + lane_day.first + stretch_.from;
  const double empty = gap_cost(lane_day, stretch_.left_s, stretch_.right_s,
                                !stretch_.has_left || !stretch_.has_right);
  totals_[0] = 0;
  for (int step = 0; step < steps_; ++step) {
    if (price[step] >= closed) continue;
    float *mine = rows_.data() + step * width_;
    std::int16_t *came = came_from_.data() + step * width_;
    if (most_ > 0)
      mine[1] = price[step] +
                static_cast<float>(
                    gap_cost(lane_day, stretch_.left_s, second[step], !stretch_.has_left) - empty);
    const int reach = std::max(0, reach_[step] - stretch_.from);
    for (int before = 0; before < reach; ++before) {
      if (price[before] >= closed) continue;
      const float *its = rows_.data() + before * width_;
      const float more =
          price[step] + static_cast<float>(gap_cost(lane_day, second[before], second[step], false));
      for (int k = 2; k <= most_; ++k)
        if (its[k - 1] + more < mine[k]) {
          mine[k] = its[k - 1] + more;
          came[k] = static_cast<std::int16_t>(before);
        }
    }
    const auto behind =
        static_cast<float>(gap_cost(lane_day, second[step], stretch_.right_s, !stretch_.has_right));
    for (int k = 1; k <= most_; ++k)
      if (mine[k] + behind < totals_[at_index(k)]) {
        totals_[at_index(k)] = mine[k] + behind;
        last_[at_index(k)] = static_cast<std::int16_t>(step);
      }
  }
}

void Paths::take_even(int airings, Steps &out) const {
  int step = airings > 0 ? last_[at_index(airings)] : -1;
  for (; airings > 0; --airings) {
    if (step < 0) throw std::logic_error("there is no such way through the day");
    out.push_back(static_cast<std::int16_t>(stretch_.from + step));
    step = came_from_[at_index(step * width_ + airings)];
  }
}

void Paths::take(int airings, Steps &out) const {
  out.clear();
  if (minds_gaps_)
    take_even(airings, out);
  else
    take_near(airings, out);
  std::reverse(out.begin(), out.end());
}

double gap_cost(const LaneDay &lane_day, std::int64_t from_s, std::int64_t to_s, bool is_edge) {
  const auto length_s = static_cast<double>(to_s - from_s);
  return is_edge ? gap_of(lane_day, 2 * length_s) / 2 : gap_of(lane_day, length_s);
}

/// The cost of a gap grows faster than the gap, so even ones cost least.
double least_gaps_cost(const LaneDay &lane_day, int airings) {
  if (airings == 0 || lane_day.gap_weight == 0) return 0;
  const double even = static_cast<double>(lane_day.to_s - lane_day.from_s) / airings;
  return airings * gap_of(lane_day, even) -
         gap_cost(lane_day, lane_day.from_s, lane_day.to_s, true);
}

double gaps_cost(const Layout &layout, const LaneDay &lane_day, const Stretch &stretch,
                 const Airing *first, const Airing *end) {
  if (lane_day.gap_weight == 0) return 0;
  double cost = 0;
  std::int64_t from_s = stretch.left_s;
  bool has_left = stretch.has_left;
  for (const Airing *airing = first; airing != end; ++airing) {
    const auto here_s = layout.window_s[lane_day.first + at_index(airing->step)];
    cost += gap_cost(lane_day, from_s, here_s, !has_left);
    from_s = here_s;
    has_left = true;
  }
  return cost + gap_cost(lane_day, from_s, stretch.right_s, !has_left || !stretch.has_right);
}

}  // namespace civicast::planner
