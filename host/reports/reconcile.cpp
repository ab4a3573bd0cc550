// SPDX-License-Identifier: Apache-2.0
#include "host/reports/reconcile.hpp"

#include <limits>
#include <unordered_map>

namespace civicast::reports {
namespace {

using airings::Evidence;
using airings::FactKind;
using airings::Status;
using counts::Final;

Outcome outcome_of(Status status) {
  switch (status) {
    case Status::none:
    case Status::unknown:
      return Outcome::unknown;
    case Status::aired_without_discrepancy:  // of a fact that is no airing: it contradicts itself
      return Outcome::unknown;
    case Status::technical_difficulty:
      return Outcome::technical_difficulty;
    case Status::did_not_air:
      return Outcome::did_not_air;
    case Status::aired_with_duration_discrepancy:
      return Outcome::duration_discrepancy;
    case Status::aired_with_content_discrepancy:
      return Outcome::content_discrepancy;
    case Status::preempted:
      return Outcome::preempted;
    case Status::joined_in_progress:
      return Outcome::joined_in_progress;
    case Status::inserted_by_operator:
      return Outcome::inserted_by_operator;
    case Status::missing_content:
      return Outcome::missing_content;
  }
  return Outcome::unknown;
}

Outcome outcome_of_dispute(const std::string &code) {
  if (code == "airing.outside_plan") return Outcome::off_window;
  if (code == "airing.overlaps") return Outcome::duplicate;
  if (code == "airing.in_the_future") return Outcome::clock_untrusted;
  if (code == "airing.never_handed") return Outcome::not_handed;
  return Outcome::disputed;
}

Outcome outcome_of(const Final &fact) {
  if (!fact.dispute.empty()) return outcome_of_dispute(fact.dispute);
  if (fact.fact == FactKind::withdrawn) return Outcome::withdrawn;
  if (fact.fact != FactKind::aired) return outcome_of(fact.status);
  return fact.evidence == Evidence::inferred ? Outcome::inferred : Outcome::aired;
}

/// Whether `a` decides rather than `b`.
bool is_better(const Final &a, const Final &b) {
  if (a.dispute.empty() != b.dispute.empty()) return a.dispute.empty();
  const bool a_aired = a.fact == FactKind::aired, b_aired = b.fact == FactKind::aired;
  if (a_aired != b_aired) return a_aired;
  if (a.evidence != b.evidence) return a.evidence < b.evidence;
  if (a.start_ns != b.start_ns) return a.start_ns < b.start_ns;
  return a.entry < b.entry;
}

bool is_proven(const Final &fact) {
  return fact.counts() && fact.evidence != Evidence::inferred;
}

/// What belongs to each placement, as chains of indices: no memory of its own for each.
class ByPlacement {
 public:
  void reserve(std::size_t count) {
    first_.reserve(count);
    next_.reserve(count);
  }
  /// Add them from the last to the first: chains then run forward.
  void add(std::string_view placement, std::size_t index) {
    if (next_.size() <= index) next_.resize(index + 1, none);
    const auto [at, is_new] = first_.emplace(placement, index);
    if (is_new) return;
    next_[index] = at->second;
    at->second = index;
  }
  template <class Each>
  void for_each(std::string_view placement, const Each &each) const {
    const auto found = first_.find(placement);
    if (found == first_.end()) return;
    for (std::size_t i = found->second; i != none; i = next_[i]) each(i);
  }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  std::unordered_map<std::string_view, std::size_t> first_;
  std::vector<std::size_t> next_;
};

class Join {
 public:
  Join(Books books, std::int64_t now_ns) : books_(std::move(books)), now_ns_(now_ns) {
    facts_.reserve(books_.finals.size());
    for (std::size_t i = books_.finals.size(); i-- > 0;) facts_.add(books_.finals[i].placement, i);
    for (std::size_t i = books_.notes.size(); i-- > 0;)
      notes_.add(books_.notes[i].note.placement, i);
    for (std::size_t i = books_.make_goods.size(); i-- > 0;)
      replaced_.add(books_.make_goods[i].item.makes_good, i);
    is_taken_.assign(books_.finals.size(), false);
    // What replaces a failure of the period may be of a later one: no surprise there.
    for (const auto &replacement : books_.make_goods)
      facts_.for_each(replacement.item.id, [&](std::size_t i) { is_taken_[i] = true; });
  }

  Reconciliation all() {
    Reconciliation out;
    out.rows.reserve(books_.planned.size());
    for (auto &planned : books_.planned) {
      out.rows.push_back(row_of(std::move(planned)));
      const Row &row = out.rows.back();
      ++out.counts[static_cast<std::size_t>(row.outcome)];
      if (row.is_made_good) ++out.made_good;
    }
    for (std::size_t i = 0; i < books_.finals.size(); ++i)
      if (!is_taken_[i] && is_telling(books_.finals[i]))
        out.unplanned.push_back({books_.finals[i], !books_.finals[i].item.empty(),
                                 notes_of(books_.finals[i].placement)});
    out.notes = std::move(books_.notes);
    return out;
  }

 private:
  std::vector<std::size_t> notes_of(std::string_view placement) const {
    std::vector<std::size_t> all;
    notes_.for_each(placement, [&](std::size_t i) { all.push_back(i); });
    return all;
  }

  /// What was taken out of the plan and did not air is nobody's loss.
  static bool is_telling(const Final &fact) {
    return fact.item.empty() || fact.fact == FactKind::aired || fact.start_ns != 0;
  }

  Row row_of(playlists::Found planned) {
    Row row;
    row.planned = std::move(planned);
    const playlists::Item &item = row.planned.item;
    row.notes = notes_of(item.id);
    const Final *best = nullptr;
    facts_.for_each(item.id, [&](std::size_t i) {
      const Final &fact = books_.finals[i];
      is_taken_[i] = true;
      if (is_proven(fact)) ++row.complete;
      if (best == nullptr || is_better(fact, *best)) best = &fact;
    });
    if (best != nullptr) {
      row.airing = *best;
      row.outcome = outcome_of(*best);
    } else {
      row.outcome = item.end_ns <= now_ns_ ? Outcome::no_word : Outcome::to_come;
    }
    if (is_open(row.outcome)) replace(row);
    return row;
  }

  void replace(Row &row) {
    replaced_.for_each(row.planned.item.id, [&](std::size_t i) {
      const std::string &id = books_.make_goods[i].item.id;
      if (row.made_good_by.empty()) row.made_good_by = id;
      facts_.for_each(id, [&](std::size_t fact) {
        if (!is_proven(books_.finals[fact])) return;
        row.made_good_by = id;
        row.is_made_good = true;
      });
    });
  }

  Books books_;
  std::int64_t now_ns_;
  ByPlacement facts_, notes_, replaced_;
  std::vector<bool> is_taken_;
};

}  // namespace

Reconciliation reconcile(Books books, std::int64_t now_ns) {
  return Join(std::move(books), now_ns).all();
}

}  // namespace civicast::reports
