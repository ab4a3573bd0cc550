// SPDX-License-Identifier: Apache-2.0
#include "host/playlists/compose.hpp"

#include <algorithm>
#include <iterator>

namespace civicast::playlists {
namespace {

class Composing {
 public:
  Composing(const grids::GridDay &day, const Surroundings &around)
      : day_(day), around_(around), at_ns_(std::max(day.start_ns, around.from_ns)) {
    for (const auto &one : day.breaks) {
      edges_.push_back(one.start_ns);
      edges_.push_back(one.start_ns + one.length_ns);
    }
  }

  std::vector<Item> run(std::vector<Item> placements) && {
    const std::int64_t day_end_ns =
        std::max(day_.end_ns, edges_.empty() ? day_.end_ns : edges_.back());
    for (Item &item : with_programmes(std::move(placements))) {
      fill_to(item.start_ns, &item);
      at_ns_ = std::max(at_ns_, item.end_ns);
      items_.push_back(std::move(item));
    }
    fill_to(day_end_ns, nullptr);
    return std::move(items_);
  }

 private:
  /// Placements and what they leave of the programmes, in order.
  std::vector<Item> with_programmes(std::vector<Item> placements) const {
    std::stable_sort(placements.begin(), placements.end(), by_start);
    std::vector<Item> all;
    std::int64_t free_ns = at_ns_;
    auto next = placements.begin();
    const auto take_until = [&](std::int64_t end_ns) {
      for (; next != placements.end() && next->start_ns < end_ns; ++next) {
        free_ns = std::max(free_ns, next->end_ns);
        all.push_back(*next);
      }
    };
    for (const auto &programme : day_.programmes) {
      take_until(programme.start_ns + 1);
      Item item;
      item.kind = ItemKind::programme;
      item.asset = programme.asset;
      item.live = programme.live;
      item.title = programme.title;
      item.start_ns = std::max(programme.start_ns, free_ns);
      item.end_ns = programme.end_ns;
      if (next != placements.end()) item.end_ns = std::min(item.end_ns, next->start_ns);
      if (item.end_ns - item.start_ns < min_piece_ns) continue;
      free_ns = item.end_ns;
      all.push_back(named(std::move(item)));
    }
    all.insert(all.end(), next, placements.end());
    return all;
  }

  static bool by_start(const Item &a, const Item &b) { return a.start_ns < b.start_ns; }

  Item named(Item item) const {
    item.id = around_.new_id();
    if (item.live.empty())
      item.title = around_.title_of(item.asset);
    else if (item.title == Words{})
      item.title = {"直播", "Live"};
    return item;
  }

  /// Covers the time from at_ns_ to `end_ns`, where `next` (if any) begins.
  void fill_to(std::int64_t end_ns, Item *next) {
    if (end_ns <= at_ns_ || day_.fillers.empty()) return;
    if (end_ns - at_ns_ < min_piece_ns && close_short_gap(end_ns, next)) return;
    for (std::size_t piece = 0; at_ns_ < end_ns;) {
      add_filler(piece_end(end_ns), piece);
      piece = std::binary_search(edges_.begin(), edges_.end(), at_ns_) ? 0 : piece + 1;
    }
  }

  /// Lengthens the programme or filler on one side of it, if there is one.
  bool close_short_gap(std::int64_t end_ns, Item *next) {
    const bool follows = !items_.empty() && items_.back().end_ns == at_ns_;
    if (follows && items_.back().kind != ItemKind::placement) {
      items_.back().end_ns = at_ns_ = end_ns;
      return true;
    }
    if (next == nullptr || next->kind == ItemKind::placement) return false;
    next->start_ns = at_ns_;
    return true;
  }

  /// The next edge of a break, or max_filler_ns on, whichever is first, without leaving a rest that
  /// is too short before it or after it.
  std::int64_t piece_end(std::int64_t end_ns) const {
    const auto edge = std::lower_bound(edges_.begin(), edges_.end(), at_ns_ + min_piece_ns);
    std::int64_t piece_end_ns = std::min(end_ns, at_ns_ + max_filler_ns);
    if (edge != edges_.end()) piece_end_ns = std::min(piece_end_ns, *edge);
    return end_ns - piece_end_ns < min_piece_ns ? end_ns : piece_end_ns;
  }

  void add_filler(std::int64_t end_ns, std::size_t piece) {
    // By place in the day, not by count, so that a plan made later in the day says the same.
    const auto edges_before =
        std::upper_bound(edges_.begin(), edges_.end(), at_ns_) - edges_.begin();
    Item item;
    item.kind = ItemKind::filler;
    item.start_ns = at_ns_;
    item.end_ns = at_ns_ = end_ns;
    item.asset =
        day_.fillers[(static_cast<std::size_t>(edges_before) + piece) % day_.fillers.size()];
    items_.push_back(named(std::move(item)));
  }

  const grids::GridDay &day_;
  const Surroundings &around_;
  std::int64_t at_ns_;
  std::vector<std::int64_t> edges_;  ///< starts and ends of breaks, in order
  std::vector<Item> items_;
};

}  // namespace

std::vector<Item> compose(const grids::GridDay &day, std::vector<Item> placements,
                          const Surroundings &around) {
  return Composing(day, around).run(std::move(placements));
}

}  // namespace civicast::playlists
