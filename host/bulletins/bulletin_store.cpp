// SPDX-License-Identifier: Apache-2.0
#include "host/bulletins/bulletin_store.hpp"

#include <Poco/Data/RecordSet.h>
#include <Poco/Data/Statement.h>

#include "host/playlists/playlist_store.hpp"

namespace civicast::bulletins {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::RecordSet;
using Poco::Data::Session;
using Poco::Data::Statement;

const std::vector<store::Migration> tables = {
    {1,
     "CREATE TABLE bulletins("
     " id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, asked TEXT NOT NULL, asset TEXT NOT NULL,"
     " title_zh TEXT NOT NULL, title_en TEXT NOT NULL) WITHOUT ROWID;"
     "CREATE TABLE bulletin_items("
     " bulletin TEXT NOT NULL, n INTEGER NOT NULL, item TEXT NOT NULL,"
     " PRIMARY KEY(bulletin, n)) WITHOUT ROWID;"
     "CREATE TABLE bulletin_acts("
     " n INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, bulletin TEXT NOT NULL, act TEXT NOT NULL,"
     " by_whom TEXT NOT NULL, reason TEXT NOT NULL);"
     "CREATE INDEX bulletin_acts_of ON bulletin_acts(bulletin, n)"}};

constexpr const char *issued = "issued";
constexpr const char *recalled = "recalled";

std::vector<std::string> items_of(Session &session, std::string id) {
  std::vector<std::string> items;
  session << "SELECT item FROM bulletin_items WHERE bulletin=? ORDER BY n", use(id), into(items),
      now;
  return items;
}

std::vector<Act> acts_of(Session &session, std::string id) {
  Statement select(session);
  select << "SELECT at_ns, act, by_whom, reason FROM bulletin_acts WHERE bulletin=? ORDER BY n",
      use(id);
  select.execute();
  RecordSet rows(select);
  std::vector<Act> acts;
  for (std::size_t r = 0; r < rows.rowCount(); ++r)
    acts.push_back({rows.value(1, r).convert<std::string>() == recalled ? Act::Kind::recalled
                                                                        : Act::Kind::issued,
                    rows.value(0, r).convert<std::int64_t>(),
                    rows.value(2, r).convert<std::string>(),
                    rows.value(3, r).convert<std::string>()});
  return acts;
}

/// `where` is of this file; `value` is bound.
std::optional<BulletinStore::Found> find_by(store::Store &store, const char *where,
                                            std::string value) {
  Session session = store.session();
  Statement select(session);
  BulletinStore::Found found;
  Bulletin &b = found.bulletin;
  select << std::string("SELECT id, token, asked, asset, title_zh, title_en FROM bulletins ") +
                where,
      use(value), into(b.id), into(b.token), into(found.asked), into(b.asset), into(b.title.zh),
      into(b.title.en);
  if (select.execute() == 0) return {};
  b.items = items_of(session, b.id);
  b.acts = acts_of(session, b.id);
  return found;
}

void put_act(Session &session, const std::string &bulletin, const Act &act) {
  Act row = act;  // Poco binds to variables
  std::string id = bulletin, kind = act.kind == Act::Kind::issued ? issued : recalled;
  session << "INSERT INTO bulletin_acts(at_ns, bulletin, act, by_whom, reason) VALUES(?,?,?,?,?)",
      use(row.at_ns), use(id), use(kind), use(row.by), use(row.reason), now;
}

}  // namespace

BulletinStore::BulletinStore(store::Store &store) : store_(store) {
  store_.migrate("bulletins", tables);
}

std::optional<BulletinStore::Found> BulletinStore::find(const std::string &id) const {
  return find_by(store_, "WHERE id=?", id);
}

std::optional<BulletinStore::Found> BulletinStore::find_token(const std::string &token) const {
  return find_by(store_, "WHERE token=?", token);
}

std::vector<Bulletin> BulletinStore::list(std::size_t limit) const {
  std::vector<std::string> ids;
  {
    Session session = store_.session();
    auto most = static_cast<std::int64_t>(limit);
    // An id begins with the instant of its issue.
    session << "SELECT id FROM bulletins ORDER BY id DESC LIMIT ?", use(most), into(ids), now;
  }
  std::vector<Bulletin> bulletins;
  for (const std::string &id : ids)
    if (auto found = find(id)) bulletins.push_back(std::move(found->bulletin));
  return bulletins;
}

bool BulletinStore::put(const Bulletin &bulletin, const std::string &asked,
                        const std::vector<Showing> &showings) {
  Session session = store_.session();
  store::Transaction transaction(session);
  Bulletin b = bulletin;
  std::string as_asked = asked;
  int there = 0;
  session << "SELECT count(*) FROM bulletins WHERE token=?", use(b.token), into(there), now;
  if (there > 0) return false;
  session << "INSERT INTO bulletins VALUES(?,?,?,?,?,?)", use(b.id), use(b.token), use(as_asked),
      use(b.asset), use(b.title.zh), use(b.title.en), now;
  put_act(session, b.id, b.acts.front());
  std::int64_t n = 0;
  for (const Showing &showing : showings) {
    std::string item = showing.item.id;
    session << "INSERT INTO bulletin_items VALUES(?,?,?)", use(b.id), use(n), use(item), now;
    ++n;
    playlists::PlaylistStore::lay_over(session, showing.channel, showing.date, showing.item);
  }
  transaction.commit();
  return true;
}

void BulletinStore::recall(const std::string &id, const Act &act,
                           const std::vector<std::string> &items) {
  Session session = store_.session();
  store::Transaction transaction(session);
  put_act(session, id, act);
  for (const std::string &item : items) playlists::PlaylistStore::take_off(session, item);
  transaction.commit();
}

}  // namespace civicast::bulletins
