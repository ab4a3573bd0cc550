// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/unit/cable_air/judge.hpp"

namespace civicast::air {
namespace {

/// A run of wrong pictures is one mistake.
constexpr std::size_t kMostSentences = 10;
/// So many pictures a sender may have composed ahead when it was kept from its work: they still go
/// out as they were planned, and its plan moves on behind them.
constexpr std::ptrdiff_t kMostAhead = 12;

std::string text(const std::optional<tests::FrameName> &name) {
  return name ? name->id + " " + std::to_string(name->frame) : "no known frame";
}
std::string text(const Showing::Expected &expected) {
  return expected.item ? expected.item->asset + " " + std::to_string(expected.frame) : "the slate";
}

/// What a sender may be about, as far as its pictures tell. By how much a plan moved on cannot be
/// seen at once where a filler is entered anew: what comes later decides.
struct Guess {
  Showing showing;
  std::int64_t moved = 0;  ///< frames
  std::size_t spent = 0;   ///< the silences before this one are over
  std::vector<std::pair<std::size_t, std::int64_t>> jumps = {};  ///< picture → frames
};

class Follower {
 public:
  Follower(const Destination &of, const Plan &plan, const Clips &clips)
      : of_(of), plan_start_(plan.start_ns / kFrameNs), fresh_(plan, clips.by_asset) {
    for (const Gap &gap : of.silences) {
      const auto first =
          std::lower_bound(of.pictures.begin(), of.pictures.end(), gap.to_ns,
                           [](const Seen &seen, std::int64_t ns) { return seen.first_ns < ns; });
      resumed_.push_back(first - of.pictures.begin());
    }
  }

  /// A sentence, if picture `index` is not the right one.
  std::string picture(std::size_t index) {
    const Seen &seen = of_.pictures[index];
    const bool is_first = seen.life != life_;
    if (is_first) guesses_ = {{fresh_, 0, spent_before(seen.first_ns), jumps()}};
    life_ = seen.life;
    const std::string where = of_.name + ", life " + std::to_string(seen.life) + ", plan frame " +
                              std::to_string(seen.plan_frame) + ": ";
    if (!seen.is_on_grid) return where + "off the grid";
    if (!is_first && seen.plan_frame != last_ + 1) return where + "does not follow";
    last_ = seen.plan_frame;
    if (seen.is_cut && !seen.name) return {};  // its sender was killed amid it
    if (is_before_anything(seen)) return {};
    const Showing::Expected expected =
        Showing(guesses_.front().showing).next(seen.plan_frame + guesses_.front().moved);
    if (keep_those_that_fit(index)) return {};
    for (Guess &each : guesses_) each.showing.next(seen.plan_frame + each.moved);
    return where + "is " + text(seen.name) + ", should be " + text(expected);
  }

  /// By how much the plan had moved on where, as far as could be told.
  std::vector<std::pair<std::size_t, std::int64_t>> jumps() const {
    return guesses_.empty() ? decltype(Guess::jumps){} : guesses_.front().jumps;
  }

 private:
  std::size_t spent_before(std::int64_t ns) const {
    return static_cast<std::size_t>(std::count_if(of_.silences.begin(), of_.silences.end(),
                                                  [&](const Gap &gap) { return gap.to_ns <= ns; }));
  }
  /// Before the first item was handed over there was nothing but the slate to show.
  bool is_before_anything(const Seen &seen) {
    has_begun_ |= seen.name.has_value() || seen.plan_frame >= plan_start_;
    return !has_begun_;
  }
  bool keep_those_that_fit(std::size_t index) {
    std::vector<Guess> fit;
    for (const Guess &guess : guesses_) {
      try_with(guess, index, 0, guess.spent, fit);
      std::int64_t most = 0;  // it may have been late already when it was kept from its work again
      for (std::size_t i = guess.spent; i < of_.silences.size(); ++i) {
        if (of_.silences[i].to_ns > of_.pictures[index].first_ns) break;
        most += of_.silences[i].ns() / kFrameNs + 1;
        const std::ptrdiff_t after = static_cast<std::ptrdiff_t>(index) - resumed_[i];
        if (after < 0 || after > kMostAhead) continue;
        for (std::int64_t by = 1; by <= most; ++by) try_with(guess, index, by, i + 1, fit);
      }
    }
    if (fit.empty()) return false;
    guesses_ = std::move(fit);
    return true;
  }
  void try_with(const Guess &guess, std::size_t index, std::int64_t by, std::size_t spent,
                std::vector<Guess> &fit) {
    const Seen &seen = of_.pictures[index];
    Guess next = guess;
    next.moved += by;
    next.spent = spent;
    if (by > 0) next.jumps.emplace_back(index, by);
    if (!next.showing.next(seen.plan_frame + next.moved).is(seen.name)) return;
    const bool is_known = std::any_of(fit.begin(), fit.end(), [&](const Guess &other) {
      return other.moved == next.moved && other.spent == next.spent &&
             other.showing == next.showing;
    });
    if (!is_known) fit.push_back(std::move(next));
  }

  const Destination &of_;
  const std::int64_t plan_start_;  ///< all of it has been handed over by then
  const Showing fresh_;
  std::vector<std::ptrdiff_t> resumed_;  ///< the first picture after each silence
  std::vector<Guess> guesses_;
  bool has_begun_ = false;
  std::int64_t life_ = -1, last_ = 0;
};

}  // namespace

std::vector<std::string> follow(Destination &destination, const Plan &plan, const Clips &clips) {
  std::vector<std::string> wrong;
  Follower follower(destination, plan, clips);
  for (std::size_t i = 0; i < destination.pictures.size(); ++i) {
    const std::string sentence = follower.picture(i);
    if (!sentence.empty() && wrong.size() < kMostSentences) wrong.push_back(sentence);
  }
  const auto jumps = follower.jumps();
  auto jump = jumps.begin();
  std::int64_t moved = 0, life = -1;
  for (std::size_t i = 0; i < destination.pictures.size(); ++i) {
    Seen &seen = destination.pictures[i];
    if (seen.life != life) moved = 0;
    life = seen.life;
    for (; jump != jumps.end() && jump->first == i; ++jump) moved += jump->second;
    seen.plan_frame += moved;
  }
  return wrong;
}

}  // namespace civicast::air
