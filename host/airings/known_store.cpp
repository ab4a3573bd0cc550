// SPDX-License-Identifier: Apache-2.0
#include "host/airings/known_store.hpp"

#include <Poco/Data/Statement.h>

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
};

}  // namespace

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
  std::vector<int> facts, evidences, disputed;
  auto session = store_.session();
  session << "SELECT place, play, fact, evidence, is_disputed FROM airings_known"
             " WHERE channel=? AND placement=? ORDER BY place, play, fact",
      into(places), into(plays), into(facts), into(evidences), into(disputed), use(of_channel),
      use(of_placement), now;
  std::vector<Known> out;
  for (std::size_t i = 0; i < places.size(); ++i)
    out.push_back({places[i], plays[i], static_cast<FactKind>(facts[i]),
                   static_cast<Evidence>(evidences[i]), disputed[i] != 0});
  return out;
}

void KnownStore::add(const std::vector<Airing> &airings, std::uint64_t covered) {
  auto session = store_.session();
  store::Transaction transaction(session);
  if (!airings.empty()) {
    std::string channel, placement, place;
    std::uint32_t play = 0;
    int fact = 0, evidence = 0, is_disputed = 0;
    Poco::Data::Statement insert(session);
    insert << "INSERT OR IGNORE INTO airings_known VALUES(?,?,?,?,?,?,?)", use(channel),
        use(placement), use(place), use(play), use(fact), use(evidence), use(is_disputed);
    for (const Airing &airing : airings) {
      channel = airing.channel;
      placement = airing.placement;
      place = airing.place;
      play = airing.play;
      fact = static_cast<int>(airing.fact);
      evidence = static_cast<int>(airing.evidence);
      is_disputed = airing.dispute ? 1 : 0;
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
