// SPDX-License-Identifier: Apache-2.0
#include "host/channels/channel_store.hpp"

#include <Poco/Data/RecordSet.h>
#include <Poco/Data/Statement.h>

#include <array>
#include <stdexcept>

namespace civicast::channels {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::RecordSet;
using Poco::Data::Session;
using Poco::Data::Statement;

constexpr std::array words = {"planned",   "sent",    "accepted", "started", "aired",   "missed",
                              "withdrawn", "refused", "unready",  "later",   "unknown", "held"};

const std::vector<store::Migration> migrations = {
    {1,
     "CREATE TABLE standings("
     " id TEXT PRIMARY KEY, channel TEXT NOT NULL, kind INTEGER NOT NULL,"
     " start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL, asset TEXT NOT NULL,"
     " title_zh TEXT NOT NULL, title_en TEXT NOT NULL, campaign TEXT NOT NULL,"
     " ad_class INTEGER NOT NULL, topic TEXT NOT NULL, break_id TEXT NOT NULL,"
     " state INTEGER NOT NULL, attempt INTEGER NOT NULL, epoch INTEGER NOT NULL,"
     " deaths INTEGER NOT NULL, next_try_ns INTEGER NOT NULL, why TEXT NOT NULL,"
     " house_sha256 TEXT NOT NULL, changed_ns INTEGER NOT NULL) WITHOUT ROWID;"
     "CREATE INDEX standings_by_time ON standings(channel, start_ns);"
     "CREATE INDEX standings_by_end ON standings(end_ns);"
     "CREATE INDEX standings_open ON standings(state) WHERE state NOT IN (4, 5, 6, 7)"},
    {2,
     "ALTER TABLE standings ADD COLUMN live TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE standings ADD COLUMN places TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE standings ADD COLUMN status INTEGER NOT NULL DEFAULT 0"},
    {3,
     "ALTER TABLE standings ADD COLUMN handed_ns INTEGER NOT NULL DEFAULT 0;"
     "CREATE INDEX standings_held ON standings(start_ns) WHERE state=11"}};

constexpr const char *columns =
    "id, channel, kind, start_ns, end_ns, asset, title_zh, title_en, campaign, ad_class, topic,"
    " break_id, state, attempt, epoch, deaths, next_try_ns, why, house_sha256, changed_ns,"
    " live, places, status, handed_ns";

void put_one(Session &session, const Standing &standing) {
  Standing s = standing;  // Poco binds to variables
  playlists::Item &i = s.item;
  int kind = static_cast<int>(i.kind), ad_class = static_cast<int>(i.ad_class),
      state = static_cast<int>(s.state), status = static_cast<int>(s.status);
  std::string places = playlists::joined_places(i.places);
  std::int64_t attempt = s.attempt;
  auto epoch = static_cast<std::int64_t>(s.epoch);
  session << std::string("INSERT OR REPLACE INTO standings(") + columns +
                 ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      use(i.id), use(s.channel), use(kind), use(i.start_ns), use(i.end_ns), use(i.asset),
      use(i.title.zh), use(i.title.en), use(i.campaign), use(ad_class), use(i.topic),
      use(i.break_id), use(state), use(attempt), use(epoch), use(s.deaths), use(s.next_try_ns),
      use(s.why), use(s.house_sha256), use(s.changed_ns), use(i.live), use(places), use(status),
      use(s.handed_ns), now;
}

std::vector<Standing> read_all(Statement &select) {
  select.execute();
  RecordSet rows(select);
  std::vector<Standing> out;
  out.reserve(rows.rowCount());
  for (bool more = rows.moveFirst(); more; more = rows.moveNext()) {
    const auto text = [&](const char *name) { return rows.value(name).convert<std::string>(); };
    const auto number = [&](const char *name) { return rows.value(name).convert<std::int64_t>(); };
    Standing s;
    s.channel = text("channel");
    s.item = {text("id"),         static_cast<playlists::ItemKind>(number("kind")),
              number("start_ns"), number("end_ns"),
              text("asset"),      {text("title_zh"), text("title_en")},
              text("campaign"),   static_cast<campaigns::AdClass>(number("ad_class")),
              text("topic"),      text("break_id"),
              text("live"),       playlists::split_places(text("places"))};
    s.status = static_cast<wire::Status>(number("status"));
    s.state = static_cast<State>(number("state"));
    s.attempt = static_cast<std::uint32_t>(number("attempt"));
    s.epoch = static_cast<std::uint64_t>(number("epoch"));
    s.deaths = static_cast<int>(number("deaths"));
    s.next_try_ns = number("next_try_ns");
    s.why = text("why");
    s.house_sha256 = text("house_sha256");
    s.changed_ns = number("changed_ns");
    s.handed_ns = number("handed_ns");
    out.push_back(std::move(s));
  }
  return out;
}

}  // namespace

std::string_view word(State state) {
  return words.at(static_cast<std::size_t>(state));
}

bool is_final(State state) {
  return state == State::aired || state == State::missed || state == State::withdrawn ||
         state == State::refused;
}

ChannelStore::ChannelStore(store::Store &store) : store_(store) {
  store_.migrate("channels", migrations);
}

void ChannelStore::put(const std::vector<Standing> &standings) {
  if (standings.empty()) return;
  Session session = store_.session();
  store::Transaction transaction(session);
  for (const Standing &standing : standings) put_one(session, standing);
  transaction.commit();
}

std::optional<Standing> ChannelStore::find(const std::string &id) const {
  Session session = store_.session();
  std::string wanted = id;
  Statement select(session);
  select << std::string("SELECT ") + columns + " FROM standings WHERE id=?", use(wanted);
  std::vector<Standing> found = read_all(select);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Standing> ChannelStore::open_or_after(std::int64_t from_ns) const {
  Session session = store_.session();
  Statement select(session);
  select << std::string("SELECT ") + columns +
                " FROM standings WHERE end_ns>? OR state NOT IN (4, 5, 6, 7)",
      use(from_ns);
  return read_all(select);
}

std::vector<Standing> ChannelStore::held(const std::string &channel) const {
  static_assert(static_cast<int>(State::held) == 11);
  Session session = store_.session();
  std::string wanted = channel;
  Statement select(session);
  select << std::string("SELECT ") + columns +
                " FROM standings WHERE state=11 AND (?='' OR channel=?) ORDER BY start_ns, id",
      use(wanted), use(wanted);
  return read_all(select);
}

std::vector<Standing> ChannelStore::list(const std::string &channel, std::int64_t from_ns,
                                         std::int64_t to_ns) const {
  Session session = store_.session();
  std::string wanted = channel;
  Statement select(session);
  select << std::string("SELECT ") + columns +
                " FROM standings WHERE (?='' OR channel=?) AND start_ns>=? AND start_ns<?"
                " ORDER BY start_ns, id",
      use(wanted), use(wanted), use(from_ns), use(to_ns);
  return read_all(select);
}

std::map<State, std::int64_t> ChannelStore::counts(const std::string &channel, std::int64_t from_ns,
                                                   std::int64_t to_ns) const {
  Session session = store_.session();
  std::string wanted = channel;
  Statement select(session);
  select << "SELECT state, count(*) AS n FROM standings WHERE (?='' OR channel=?) AND start_ns>=?"
            " AND start_ns<? GROUP BY state",
      use(wanted), use(wanted), use(from_ns), use(to_ns);
  select.execute();
  RecordSet rows(select);
  std::map<State, std::int64_t> out;
  for (bool more = rows.moveFirst(); more; more = rows.moveNext())
    out[static_cast<State>(rows.value("state").convert<int>())] =
        rows.value("n").convert<std::int64_t>();
  return out;
}

}  // namespace civicast::channels
