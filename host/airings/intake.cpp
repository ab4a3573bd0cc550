// SPDX-License-Identifier: Apache-2.0
#include "host/airings/intake.hpp"

#include <algorithm>
#include <map>

#include "host/airings/judge.hpp"
#include "host/airings/known_store.hpp"

namespace civicast::airings {
namespace {

constexpr std::size_t catch_up_batch = 4096;

/// The same fact, as it was said before.
const Known *said_before(const Airing &airing, const std::vector<Known> &known) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const Known &k) {
    return k.fact == airing.fact && k.play == airing.play && k.place == airing.place;
  });
  return found == known.end() ? nullptr : &*found;
}

Known known_of(const Airing &airing) {
  return {airing.place,   airing.play,     airing.fact,  airing.evidence,
          belief(airing), airing.start_ns, airing.end_ns};
}

}  // namespace

Intake::Intake(store::Store &store, Book &book, const Clock &clock)
    : known_(std::make_unique<KnownStore>(store)), book_(book), clock_(clock) {}

Intake::~Intake() = default;

Result<void> Intake::catch_up(Progress &progress) {
  std::uint64_t covered = known_->covered();
  const std::uint64_t size = book_.size();
  if (covered > size) {  // of another ledger
    known_->clear();
    covered = 0;
  }
  while (covered < size) {
    const auto entries =
        book_.read(covered, std::min<std::uint64_t>(catch_up_batch, size - covered));
    if (!entries) return entries.fault();
    std::vector<Airing> airings;
    for (const std::string &entry : *entries) {
      auto airing = decode(entry);
      if (airing)
        airings.push_back(std::move(*airing));
      else if (is_airing(entry))
        return std::move(airing.fault()).at("entry " + std::to_string(covered));
    }
    covered += entries->size();
    known_->add(airings, covered);
    progress.step("读取台账 · reading the ledger", static_cast<double>(covered),
                  static_cast<double>(size));
  }
  covered_ = covered;
  return {};
}

Result<void> Intake::rebuild(Progress &progress) {
  known_->clear();
  return catch_up(progress);
}

Result<Taken> Intake::take(const Source &source, const std::vector<Fact> &facts,
                           const Lookup &lookup) {
  // The ledger may have grown without us: by entries of other kinds, or by our own when the table
  // of known facts could not be written after them.
  if (covered_ != book_.size()) {
    NoProgress unseen;
    if (auto done = catch_up(unseen); !done) return done.fault();
  }
  Taken taken;
  std::vector<std::string> entries;
  std::map<std::string, std::vector<Known>> known;
  const std::int64_t now_ns = clock_.now_ns();
  for (const Fact &fact : facts) {
    Airing airing = stated(source, fact, lookup(fact.placement), now_ns);
    auto [of_placement, is_new] = known.try_emplace(airing.placement);
    if (is_new) of_placement->second = known_->of(airing.channel, airing.placement);
    judge(airing, of_placement->second, source.tolerance_ns);
    const Known *before = said_before(airing, of_placement->second);
    // What was said before it could be true is no answer to what is said now.
    const bool is_first = !before || (before->belief == Belief::too_soon && !airing.dispute);
    taken.stands.push_back(is_first ? !airing.dispute : before->belief == Belief::good);
    if (!is_first) {
      ++taken.repeated;
      if (auto other = restatement(airing, *before)) taken.restated.push_back(std::move(*other));
      continue;
    }
    std::erase_if(of_placement->second, [&](const Known &k) { return &k == before; });
    of_placement->second.push_back(known_of(airing));
    entries.push_back(encode(airing));
    taken.entered.push_back(std::move(airing));
  }
  if (entries.empty()) return taken;
  const auto first = book_.append(entries);
  if (!first) return first.fault();
  taken.first_entry = *first;
  // Entries of others may stand between what is covered and ours; then the next take catches up.
  if (*first == covered_) {
    known_->add(taken.entered, *first + entries.size());
    covered_ = *first + entries.size();
  }
  return taken;
}

}  // namespace civicast::airings
