// SPDX-License-Identifier: Apache-2.0
#include "host/airings/known_store.hpp"

#include <Poco/Data/Statement.h>

#include "host/airings/faults.hpp"
#include "host/store/store.hpp"

namespace civicast::airings {
namespace {

using namespace Poco::Data::Keywords;

const std::vector<store::Migration> steps = {
    {1,
     "CREATE TABLE airings_known("
     " channel TEXT NOT NULL, placement TEXT NOT NULL, place TEXT NOT NULL,"
     " play INTEGER NOT NULL, fact INTEGER NOT NULL, evidence INTEGER NOT NULL,"
     " is_disputed INTEGER NOT NULL,"
     " PRIMARY KEY(channel, placement, place, play, fact)) WITHOUT ROWID;"
     "CREATE TABLE airings_covered(one INTEGER PRIMARY KEY, entries INTEGER NOT NULL);"
     "INSERT INTO airings_covered VALUES(1, 0)"},
    // Derived, so it is made anew from the ledger.
    {2,
     "DROP TABLE airings_known;"
     "CREATE TABLE airings_known("
     " channel TEXT NOT NULL, placement TEXT NOT NULL, place TEXT NOT NULL,"
     " play INTEGER NOT NULL, fact INTEGER NOT NULL, evidence INTEGER NOT NULL,"
     " belief INTEGER NOT NULL, start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL,"
     " PRIMARY KEY(channel, placement, place, play, fact)) WITHOUT ROWID;"
     "UPDATE airings_covered SET entries=0 WHERE one=1"},
};

}  // namespace

Belief belief(const Airing &airing) {
  if (!airing.dispute) return Belief::good;
  const bool is_too_soon = airing.dispute->code == faults::planned_by_nobody.name ||
                           airing.dispute->code == faults::never_handed.name;
  return is_too_soon ? Belief::too_soon : Belief::disputed;
}

KnownStore::KnownStore(store::Store &store) : store_(store) {
  store_.migrate("airings", steps);
}

std::uint64_t KnownStore::covered() {
  Poco::UInt64 entries = 0;
  auto session = store_.session();
  session << "SELECT entries FROM airings_covered WHERE one=1", into(entries), now;
  return entries;
}

std::vector<Known> KnownStore::of(const std::string &channel, const std::string &placement) {
  std::string of_channel = channel;
  std::string of_placement = placement;
  std::vector<std::string> places;
  std::vector<Poco::UInt32> plays;
  std::vector<int> facts, evidences, beliefs;
  std::vector<Poco::Int64> starts, ends;
  auto session = store_.session();
  session << "SELECT place, play, fact, evidence, belief, start_ns, end_ns FROM airings_known"
             " WHERE channel=? AND placement=? ORDER BY place, play, fact",
      into(places), into(plays), into(facts), into(evidences), into(beliefs), into(starts),
      into(ends), use(of_channel), use(of_placement), now;
  std::vector<Known> out;
  for (std::size_t i = 0; i < places.size(); ++i)
    out.push_back({places[i], plays[i], static_cast<FactKind>(facts[i]),
                   static_cast<Evidence>(evidences[i]), static_cast<Belief>(beliefs[i]), starts[i],
                   ends[i]});
  return out;
}

void KnownStore::add(const std::vector<Airing> &airings, std::uint64_t covered) {
  auto session = store_.session();
  store::Transaction transaction(session);
  if (!airings.empty()) {
    std::string channel, placement, place;
    std::uint32_t play = 0;
    int fact = 0, evidence = 0, how = 0;
    Poco::Int64 start_ns = 0, end_ns = 0;
    Poco::Data::Statement insert(session);
    insert << "INSERT INTO airings_known VALUES(?,?,?,?,?,?,?,?,?)"
              " ON CONFLICT(channel, placement, place, play, fact) DO UPDATE SET"
              " evidence=excluded.evidence, belief=excluded.belief,"
              " start_ns=excluded.start_ns, end_ns=excluded.end_ns"
              " WHERE belief=2 AND excluded.belief=0",
        use(channel), use(placement), use(place), use(play), use(fact), use(evidence), use(how),
        use(start_ns), use(end_ns);
    for (const Airing &airing : airings) {
      channel = airing.channel;
      placement = airing.placement;
      place = airing.place;
      play = airing.play;
      fact = static_cast<int>(airing.fact);
      evidence = static_cast<int>(airing.evidence);
      how = static_cast<int>(belief(airing));
      start_ns = airing.start_ns;
      end_ns = airing.end_ns;
      insert.execute();
    }
  }
  Poco::UInt64 entries = covered;
  session << "UPDATE airings_covered SET entries=? WHERE one=1", use(entries), now;
  transaction.commit();
}

void KnownStore::clear() {
  auto session = store_.session();
  store::Transaction transaction(session);
  session << "DELETE FROM airings_known", now;
  session << "UPDATE airings_covered SET entries=0 WHERE one=1", now;
  transaction.commit();
}

}  // namespace civicast::airings
