// SPDX-License-Identifier: Apache-2.0
#include "host/playlists/playlist_store.hpp"

#include <Poco/Data/Statement.h>

#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "host/playlists/diff.hpp"

namespace civicast::playlists {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;

const std::vector<store::Migration> tables = {
    {1,
     "CREATE TABLE playlist_items("
     " id TEXT PRIMARY KEY, channel TEXT NOT NULL, date TEXT NOT NULL, kind INTEGER NOT NULL,"
     " start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL, asset TEXT NOT NULL,"
     " title_zh TEXT NOT NULL, title_en TEXT NOT NULL, campaign TEXT NOT NULL,"
     " class INTEGER NOT NULL, topic TEXT NOT NULL, break_id TEXT NOT NULL,"
     " is_current INTEGER NOT NULL DEFAULT 1) WITHOUT ROWID;"
     "CREATE INDEX playlist_items_by_start ON playlist_items(channel, start_ns)"
     " WHERE is_current=1;"
     "CREATE INDEX playlist_items_by_end ON playlist_items(channel, end_ns) WHERE is_current=1;"
     "CREATE INDEX playlist_items_by_day ON playlist_items(date, channel, start_ns)"
     " WHERE is_current=1;"
     "CREATE INDEX playlist_placements ON playlist_items(date, channel, campaign, asset)"
     " WHERE is_current=1 AND kind=0;"
     "CREATE TABLE playlist_days(channel TEXT NOT NULL, date TEXT NOT NULL,"
     " PRIMARY KEY(channel, date)) WITHOUT ROWID;"
     "CREATE TABLE playlist_revision(revision INTEGER NOT NULL);"
     "INSERT INTO playlist_revision VALUES(1)"},
    {2,
     "ALTER TABLE playlist_items ADD COLUMN live TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE playlist_items ADD COLUMN places TEXT NOT NULL DEFAULT ''"},
    {3,
     "ALTER TABLE playlist_items ADD COLUMN makes_good TEXT NOT NULL DEFAULT '';"
     "CREATE INDEX playlist_items_that_make_good ON playlist_items(makes_good)"
     " WHERE makes_good<>''"}};

const std::string columns =
    "SELECT id, kind, start_ns, end_ns, asset, title_zh, title_en, campaign, class, topic, "
    "break_id, live, places, makes_good, channel, date, is_current FROM playlist_items ";

/// Binds one row after the other to a statement that selects `columns`.
class Rows {
 public:
  explicit Rows(Session &session) : statement(session) {}

  std::vector<Found> read() {
    Found found;
    Item &item = found.item;
    int kind = 0, ad_class = 0, is_current = 0;
    std::string date, places;
    statement, into(item.id), into(kind), into(item.start_ns), into(item.end_ns), into(item.asset),
        into(item.title.zh), into(item.title.en), into(item.campaign), into(ad_class),
        into(item.topic), into(item.break_id), into(item.live), into(places), into(item.makes_good),
        into(found.channel), into(date), into(is_current), range(0, 1);
    std::vector<Found> rows;
    while (!statement.done()) {
      if (statement.execute() == 0) break;
      const auto day = parse_date(date);
      if (!day) throw std::runtime_error("playlist_items holds a date that is none: " + date);
      item.kind = static_cast<ItemKind>(kind);
      item.ad_class = static_cast<campaigns::AdClass>(ad_class);
      item.places = split_places(places);
      found.date = *day;
      found.is_current = is_current != 0;
      rows.push_back(found);
    }
    return rows;
  }

  Poco::Data::Statement statement;
};

std::vector<Item> items_of(std::vector<Found> rows) {
  std::vector<Item> items;
  items.reserve(rows.size());
  for (Found &row : rows) items.push_back(std::move(row.item));
  return items;
}

std::vector<Item> day_items(Session &session, std::string channel, Date date) {
  std::string day = date_text(date);
  Rows rows(session);
  rows.statement << columns + "WHERE date=? AND channel=? AND is_current=1 ORDER BY start_ns, id",
      use(day), use(channel);
  return items_of(rows.read());
}

void insert(Session &session, const std::string &channel_id, Date date,
            const std::vector<Item> &items) {
  if (items.empty()) return;
  Item row;
  int kind = 0, ad_class = 0;
  std::string channel = channel_id, day = date_text(date), places;
  Poco::Data::Statement statement(session);
  statement << "INSERT INTO playlist_items(id, channel, date, kind, start_ns, end_ns, asset,"
               " title_zh, title_en, campaign, class, topic, break_id, live, places, makes_good, "
               "is_current)"
               " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1)",
      use(row.id), use(channel), use(day), use(kind), use(row.start_ns), use(row.end_ns),
      use(row.asset), use(row.title.zh), use(row.title.en), use(row.campaign), use(ad_class),
      use(row.topic), use(row.break_id), use(row.live), use(places), use(row.makes_good);
  for (const Item &item : items) {
    row = item;
    kind = static_cast<int>(item.kind);
    ad_class = static_cast<int>(item.ad_class);
    places = joined_places(item.places);
    statement.execute();
  }
}

/// Counted, or owed to somebody: facts about it must find it for ever.
bool is_kept(ItemKind kind) {
  return kind == ItemKind::placement || kind == ItemKind::bulletin;
}

/// A placement may be in a channel's hands already: its facts must find it. The rest is nobody's.
void take_out(Session &session, const std::vector<Item> &items) {
  if (items.empty()) return;
  std::string id;
  Poco::Data::Statement retire(session), erase(session);
  retire << "UPDATE playlist_items SET is_current=0 WHERE id=?", use(id);
  erase << "DELETE FROM playlist_items WHERE id=?", use(id);
  for (const Item &item : items) {
    id = item.id;
    (is_kept(item.kind) ? retire : erase).execute();
  }
}

void remember_day(Session &session, std::string channel, Date date) {
  std::string day = date_text(date);
  session << "INSERT OR IGNORE INTO playlist_days VALUES(?,?)", use(channel), use(day), now;
}

void grow_revision(Session &session) {
  session << "UPDATE playlist_revision SET revision=revision+1", now;
}

/// What tells an item apart from others of its day, as far as it can stay the same.
using Mark = std::tuple<std::int64_t, ItemKind, std::string, std::string>;
Mark mark_of(const Item &item) {
  return {item.start_ns, item.kind, item.campaign, item.asset};
}

}  // namespace

PlaylistStore::PlaylistStore(store::Store &store) : store_(store) {
  store_.migrate("playlists", tables);
}

void PlaylistStore::replace_from(const std::string &channel, Date date,
                                 const std::vector<Item> &items, std::int64_t from_ns) {
  auto session = store_.session();
  store::Transaction transaction(session);
  std::multimap<Mark, Item> old;
  for (Item &item : day_items(session, channel, date))
    if (item.start_ns >= from_ns && item.kind != ItemKind::bulletin)
      old.emplace(mark_of(item), std::move(item));

  std::vector<Item> added;
  for (const Item &item : items) {
    if (item.kind == ItemKind::bulletin)
      throw std::logic_error("playlists: a bulletin is laid over a playlist, not planned into it");
    const auto [first, last] = old.equal_range(mark_of(item));
    auto same = first;
    while (same != last && !(says_the_same(same->second, item) && same->second.title == item.title))
      ++same;
    if (same != last)
      old.erase(same);
    else
      added.push_back(item);
  }
  std::vector<Item> gone;
  for (auto &[mark, item] : old) gone.push_back(std::move(item));
  remember_day(session, channel, date);
  if (!gone.empty() || !added.empty()) {
    take_out(session, gone);
    insert(session, channel, date, added);
    grow_revision(session);
  }
  transaction.commit();
}

void PlaylistStore::lay_over(Session &session, const std::string &channel, Date date,
                             const Item &bulletin) {
  if (bulletin.kind != ItemKind::bulletin)
    throw std::logic_error("playlists: only a bulletin may be laid over others");
  insert(session, channel, date, {bulletin});
  grow_revision(session);
}

void PlaylistStore::take_off(Session &session, const std::string &id) {
  std::string wanted = id;
  int kind = static_cast<int>(ItemKind::bulletin);
  session << "UPDATE playlist_items SET is_current=0 WHERE id=? AND kind=?", use(wanted), use(kind),
      now;
  grow_revision(session);
}

bool PlaylistStore::has_day(const std::string &channel_id, Date date) {
  auto session = store_.session();
  std::string channel = channel_id, day = date_text(date);
  int rows = 0;
  session << "SELECT count(*) FROM playlist_days WHERE channel=? AND date=?", use(channel),
      use(day), into(rows), now;
  return rows > 0;
}

std::vector<Item> PlaylistStore::day(const std::string &channel, Date date) {
  auto session = store_.session();
  return day_items(session, channel, date);
}

std::vector<Item> PlaylistStore::between(const std::string &channel_id, std::int64_t from_ns,
                                         std::int64_t to_ns) {
  auto session = store_.session();
  std::string channel = channel_id, again = channel_id;
  std::int64_t from = from_ns, to = to_ns, also_from = from_ns, ends_after = from_ns;
  Rows rows(session);
  rows.statement
      << columns + "WHERE channel=? AND is_current=1 AND start_ns>=? AND start_ns<? UNION ALL " +
             columns +
             "WHERE channel=? AND is_current=1 AND start_ns<? AND end_ns>? "
             "ORDER BY start_ns, id",
      use(channel), use(from), use(to), use(again), use(also_from), use(ends_after);
  return items_of(rows.read());
}

std::optional<Found> PlaylistStore::find(const std::string &id) {
  auto session = store_.session();
  std::string wanted = id;
  Rows rows(session);
  rows.statement << columns + "WHERE id=?", use(wanted);
  auto found = rows.read();
  if (found.empty()) return {};
  return std::move(found.front());
}

std::vector<Found> PlaylistStore::making_good(const std::string &id) {
  auto session = store_.session();
  std::string wanted = id;
  Rows rows(session);
  rows.statement << columns + "WHERE makes_good=? AND makes_good<>'' AND is_current=1", use(wanted);
  return rows.read();
}

std::vector<Tally> PlaylistStore::tally(Date first, Date last) {
  auto session = store_.session();
  std::string from = date_text(first), to = date_text(last);
  static_assert(static_cast<int>(ItemKind::placement) == 0, "the index and this query say 0");
  Tally tally;
  Poco::Data::Statement statement(session);
  statement << "SELECT channel, campaign, asset, count(*) FROM playlist_items"
               " WHERE is_current=1 AND kind=0 AND date>=? AND date<=?"
               " GROUP BY channel, campaign, asset ORDER BY channel, campaign, asset",
      use(from), use(to), into(tally.channel), into(tally.campaign), into(tally.asset),
      into(tally.placements), range(0, 1);
  std::vector<Tally> tallies;
  while (!statement.done() && statement.execute() > 0) tallies.push_back(tally);
  return tallies;
}

void PlaylistStore::forget_surroundings(std::int64_t before_ns) {
  auto session = store_.session();
  store::Transaction transaction(session);
  int placement = static_cast<int>(ItemKind::placement);
  int bulletin = static_cast<int>(ItemKind::bulletin);
  std::int64_t before = before_ns;
  session << "DELETE FROM playlist_items WHERE kind<>? AND kind<>? AND end_ns<?", use(placement),
      use(bulletin), use(before), now;
  transaction.commit();
}

std::int64_t PlaylistStore::revision() {
  auto session = store_.session();
  std::int64_t revision = 0;
  session << "SELECT revision FROM playlist_revision", into(revision), now;
  return revision;
}

}  // namespace civicast::playlists
