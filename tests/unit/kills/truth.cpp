// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/kills/truth.hpp"

#include "host/channels/channel_store.hpp"
#include "host/ledger/verify.hpp"
#include "tests/unit/kills/house.hpp"
#include "tests/unit/kills/traces.hpp"

namespace civicast::kills {

namespace fs = std::filesystem;
using airings::Airing;
using airings::FactKind;
using airings::Status;
using channels::Standing;
using channels::State;

namespace {

/// What the ledger and the index say of one placement.
struct Told {
  std::vector<Airing> aired, ended_otherwise;
  int disputed = 0, indexed = 0;
};

using Book = std::map<std::string, Told>;

bool counts(const Airing &airing) {
  return airing.counts();
}

Book read_ledger(const fs::path &folder, std::vector<std::string> &wrong) {
  Book book;
  NoProgress nobody;
  const auto verdict = ledger::verify(folder / "ledger", folder / "keys/ledger.pub", nobody);
  if (!verdict) {
    for (const Fault &fault : verdict.fault()) wrong.push_back("ledger: " + fault.text());
    return book;
  }
  if (verdict->signed_size != verdict->size) wrong.push_back("the ledger is not signed to its end");
  auto ledger = ledger::Ledger::open(folder / "ledger", folder / "keys");
  auto entries = (*ledger)->read(0, (*ledger)->size());
  for (const std::string &entry : *entries) {
    const auto airing = airings::decode(entry);
    if (!airing) {
      wrong.push_back("an entry is no airing: " + entry);
      continue;
    }
    Told &told = book[airing->placement];
    told.disputed += airing->dispute.has_value();
    if (counts(*airing)) told.aired.push_back(*airing);
    if (airing->fact == FactKind::missed || airing->fact == FactKind::withdrawn)
      told.ended_otherwise.push_back(*airing);
  }
  return book;
}

/// Numbers from the index as the house left it, and whether it is the same when made anew.
void read_index(const fs::path &folder, Book &book, std::vector<std::string> &wrong) {
  auto store = store::Store::open(folder / "civicast.db");
  auto ledger = ledger::Ledger::open(folder / "ledger", folder / "keys");
  counts::Filter all;
  all.limit = 1'000'000;
  for (const counts::Entry &entry : counts::list(**store, all))
    book[entry.airing.placement].indexed += counts(entry.airing);
  counts::Question by_channel;
  by_channel.by = {counts::By::channel};
  std::map<std::string, std::int64_t> sums;
  for (const auto &[placement, told] : book)
    for (const Airing &airing : told.aired) ++sums[airing.channel];
  counts::Index index(**store, **ledger, *Zone::find("Asia/Shanghai"));
  NoProgress nobody;
  for (const bool is_anew : {false, true}) {
    if (is_anew && !index.rebuild(nobody)) wrong.push_back("the index cannot be made anew");
    std::map<std::string, std::int64_t> rows;
    for (const counts::Row &row : counts::count(**store, by_channel))
      if (row.airings > 0) rows[row.keys.at(0)] = row.airings;
    if (rows != sums)
      wrong.push_back(std::string("the counts differ from the ledger") + (is_anew ? ", anew" : ""));
  }
}

/// The laws of one placement.
class Case {
 public:
  Case(const Kind &kind, std::string id, const far_side::Wall &wall, const Told &told,
       const Standing &standing, std::vector<std::string> &wrong)
      : kind_(kind),
        id_(std::move(id)),
        posts_(wall.posts(id_)),
        has_lost_(wall.has_lost(id_)),
        told_(told),
        standing_(standing),
        wrong_(wrong) {}

  void judge(bool deaths_only, Tally &tally) {
    const bool is_counted = told_.aired.size() == 1;
    law(posts_.size() <= 1, "is on the platform more than once");
    law(told_.aired.size() <= 1, "is counted more than once");
    law(told_.disputed == 0, "is disputed");
    law(told_.indexed == static_cast<int>(told_.aired.size()), "is not in the index as it should");
    law(told_.aired.size() + told_.ended_otherwise.size() == 1, "has not ended in exactly one way");
    law(standing_.state == (is_counted ? State::aired : State::missed), "stands elsewhere");
    if (is_counted) judge_counted();
    if (!is_counted && told_.ended_otherwise.size() == 1) judge_missed(deaths_only, tally);
    ++tally.handed;
    tally.posted += !posts_.empty();
    tally.counted += is_counted;
  }

 private:
  void judge_counted() {
    const Airing &aired = told_.aired.front();
    law(posts_.size() == 1, "is counted and not on the platform");
    law(posts_.empty() || aired.remote == posts_.front().address, "is counted by another post");
    law(aired.evidence == airings::Evidence::reported, "is counted on other evidence");
  }

  void judge_missed(bool deaths_only, Tally &tally) {
    const Airing &missed = told_.ended_otherwise.front();
    law(missed.evidence == airings::Evidence::inferred, "the host said it on other evidence");
    if (missed.status == Status::unknown) {
      // Nobody can say what became of it, so nobody does.
      law(!kind_.can_be_asked, "is unknown though the platform could be asked");
      law(!deaths_only || standing_.deaths >= 1 || has_lost_, "is unknown for no cause");
      ++tally.unknown;
      tally.unknown_posted += !posts_.empty();
      return;
    }
    // Then it is sure that it was not posted, and the only cause is that it ended two workers.
    law(posts_.empty(), "is on the platform and was said to be missed");
    law(missed.status == Status::technical_difficulty, "was missed for no cause");
    law(missed.proof.find("\"placement.poison\"") != std::string::npos, "is no poison");
    law(standing_.deaths >= 2, "was given up after fewer than two deaths");
    ++tally.poison;
  }

  void law(bool holds, const std::string &otherwise) {
    if (holds) return;
    std::string line = id_ + " " + otherwise + ": posts " + std::to_string(posts_.size()) +
                       ", counted " + std::to_string(told_.aired.size()) + ", state " +
                       std::string(word(standing_.state)) + ", attempts " +
                       std::to_string(standing_.attempt) + ", deaths " +
                       std::to_string(standing_.deaths) + ", why \"" + standing_.why + "\"";
    for (const Airing &airing : told_.ended_otherwise)
      line += ", " + std::string(word(airing.status)) + " " + airing.proof;
    wrong_.push_back(line);
  }

  const Kind &kind_;
  std::string id_;
  std::vector<far_side::Post> posts_;
  bool has_lost_;  ///< the platform lost an answer about it
  const Told &told_;
  const Standing &standing_;
  std::vector<std::string> &wrong_;
};

/// What a person reads of a held placement, in both languages.
void look_at_words(const Standing &standing, std::vector<std::string> &wrong) {
  const std::string &why = standing.why;
  const std::size_t line = why.find('\n');
  const std::string zh = why.substr(0, line);
  const std::string en = line == std::string::npos ? "" : why.substr(line + 1);
  const std::string plugin = "org.civicast.test.poster_" + standing.channel + " 1.0.0";
  for (const std::string &sentence : {zh, en})
    for (const std::string &word :
         {plugin, standing.channel, std::string("publish"), standing.item.id})
      if (sentence.find(word) == std::string::npos)
        wrong.push_back(standing.item.id + " does not name " + word + ": " + why);
  if (zh.find("核实") == std::string::npos || en.find("A person must look") == std::string::npos)
    wrong.push_back(standing.item.id + " does not say what to do: " + why);
}

}  // namespace

Findings look_at_held(const fs::path &folder) {
  Findings found;
  auto store = store::Store::open(folder / "civicast.db");
  const channels::ChannelStore standings(**store);
  for (const Kind &kind : kinds)
    for (const auto &[id, start_ns] : handed(folder, kind.name)) {
      const auto standing = standings.find(id);
      if (standing && is_final(standing->state)) continue;
      if (!standing || standing->state != State::held || kind.can_be_asked)
        found.wrong.push_back(id + " is open and not held");
      if (standing) look_at_words(*standing, found.wrong);
      found.held.insert(id);
    }
  return found;
}

Findings look_at_all(const fs::path &folder, const far_side::Platform &platform, bool deaths_only) {
  Findings found;
  Book book = read_ledger(folder, found.wrong);
  read_index(folder, book, found.wrong);
  auto store = store::Store::open(folder / "civicast.db");
  const channels::ChannelStore standings(**store);
  std::set<std::string> known;
  for (const Kind &kind : kinds) {
    const far_side::Wall &wall = platform.wall(kind.name);
    for (const auto &[id, start_ns] : handed(folder, kind.name)) {
      known.insert(id);
      const auto standing = standings.find(id);
      if (!standing) {
        found.wrong.push_back(id + " was handed and is nowhere");
        continue;
      }
      Case(kind, id, wall, book[id], *standing, found.wrong)
          .judge(deaths_only, found.channels[kind.name]);
    }
    for (const far_side::Post &post : wall.posts())
      if (!known.count(post.key)) found.wrong.push_back(post.key + " was posted, never handed");
  }
  for (const auto &[id, told] : book) {
    if (!known.count(id)) found.wrong.push_back(id + " is in the ledger, never handed");
    for (const Airing &airing : told.ended_otherwise)
      if (airing.status == Status::unknown) found.held.insert(id);
  }
  return found;
}

}  // namespace civicast::kills
