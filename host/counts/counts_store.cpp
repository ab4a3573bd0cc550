// SPDX-License-Identifier: Apache-2.0
#include "host/counts/counts_store.hpp"

#include <Poco/Data/Statement.h>

#include <map>
#include <tuple>

#include "host/store/store.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::counts {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;

const std::vector<store::Migration> steps = {
    {1,
     "CREATE TABLE counts_airings("
     " entry INTEGER PRIMARY KEY, channel TEXT NOT NULL, placement TEXT NOT NULL,"
     " place TEXT NOT NULL, play INTEGER NOT NULL, fact INTEGER NOT NULL,"
     " status INTEGER NOT NULL, evidence INTEGER NOT NULL, start_ns INTEGER NOT NULL,"
     " end_ns INTEGER NOT NULL, planned_start_ns INTEGER NOT NULL,"
     " planned_end_ns INTEGER NOT NULL, item TEXT NOT NULL, campaign TEXT NOT NULL,"
     " asset TEXT NOT NULL, class TEXT NOT NULL, topic TEXT NOT NULL, title_zh TEXT NOT NULL,"
     " title_en TEXT NOT NULL, house_sha256 TEXT NOT NULL, plugin TEXT NOT NULL,"
     " plugin_version TEXT NOT NULL, epoch INTEGER NOT NULL, remote TEXT NOT NULL,"
     " recorded_ns INTEGER NOT NULL, dispute TEXT NOT NULL, dispute_zh TEXT NOT NULL,"
     " dispute_en TEXT NOT NULL);"
     "CREATE INDEX counts_airings_by_start ON counts_airings(start_ns);"
     "CREATE INDEX counts_airings_by_placement ON counts_airings(placement);"
     "CREATE TABLE counts_days("
     " day TEXT NOT NULL, week TEXT NOT NULL, campaign TEXT NOT NULL, channel TEXT NOT NULL,"
     " asset TEXT NOT NULL, class TEXT NOT NULL, place TEXT NOT NULL, evidence INTEGER NOT NULL,"
     " airings INTEGER NOT NULL, duration_ms INTEGER NOT NULL, incomplete INTEGER NOT NULL,"
     " PRIMARY KEY(day, campaign, channel, asset, class, place, evidence)) WITHOUT ROWID;"
     "CREATE TABLE counts_hours("
     " day TEXT NOT NULL, week TEXT NOT NULL, hour INTEGER NOT NULL, campaign TEXT NOT NULL,"
     " channel TEXT NOT NULL, asset TEXT NOT NULL, class TEXT NOT NULL, place TEXT NOT NULL,"
     " evidence INTEGER NOT NULL, airings INTEGER NOT NULL, duration_ms INTEGER NOT NULL,"
     " incomplete INTEGER NOT NULL,"
     " PRIMARY KEY(day, hour, campaign, channel, asset, class, place, evidence)) WITHOUT ROWID;"
     "CREATE TABLE counts_covered("
     " one INTEGER PRIMARY KEY, entries INTEGER NOT NULL, zone TEXT NOT NULL);"
     "INSERT INTO counts_covered VALUES(1, 0, '')"},
    {2,
     "CREATE INDEX counts_airings_that_failed ON counts_airings(planned_start_ns)"
     " WHERE fact IN (4, 5) AND item='placement'"},
    {3,
     "CREATE TABLE counts_notes("
     " entry INTEGER PRIMARY KEY, placement TEXT NOT NULL, person TEXT NOT NULL,"
     " recorded_ns INTEGER NOT NULL, text TEXT NOT NULL)"},
    {4,
     "CREATE TABLE counts_inquiries("
     " entry INTEGER PRIMARY KEY, placement TEXT NOT NULL, channel TEXT NOT NULL,"
     " step INTEGER NOT NULL, who TEXT NOT NULL, through TEXT NOT NULL, note TEXT NOT NULL,"
     " verdict TEXT NOT NULL, known TEXT NOT NULL, at_ns INTEGER NOT NULL);"
     "CREATE INDEX counts_inquiries_by_placement ON counts_inquiries(placement);"
     "CREATE INDEX counts_airings_in_doubt ON counts_airings(channel)"
     " WHERE fact=4 AND status=9 AND plugin='civicast.host'"},
};

/// Rows column by column, as the store takes them in one go.
struct Columns {
  std::vector<Poco::Int64> entry, start_ns, end_ns, planned_start_ns, planned_end_ns, recorded_ns;
  std::vector<Poco::Int64> epoch;
  std::vector<int> play, fact, status, evidence;
  std::vector<std::string> channel, placement, place, item, campaign, asset, ad_class, topic;
  std::vector<std::string> title_zh, title_en, house_sha256, plugin, plugin_version, remote;
  std::vector<std::string> dispute, dispute_zh, dispute_en;

  void add(const Placed &placed) {
    const airings::Airing &a = placed.airing;
    entry.push_back(static_cast<Poco::Int64>(placed.entry));
    channel.push_back(a.channel);
    placement.push_back(a.placement);
    place.push_back(a.place);
    play.push_back(static_cast<int>(a.play));
    fact.push_back(static_cast<int>(a.fact));
    status.push_back(static_cast<int>(a.status));
    evidence.push_back(static_cast<int>(a.evidence));
    start_ns.push_back(a.start_ns);
    end_ns.push_back(a.end_ns);
    planned_start_ns.push_back(a.planned_start_ns);
    planned_end_ns.push_back(a.planned_end_ns);
    item.push_back(a.item);
    campaign.push_back(a.campaign);
    asset.push_back(a.asset);
    ad_class.push_back(a.ad_class);
    topic.push_back(a.topic);
    title_zh.push_back(a.title.zh);
    title_en.push_back(a.title.en);
    house_sha256.push_back(a.house_sha256);
    plugin.push_back(a.plugin);
    plugin_version.push_back(a.plugin_version);
    epoch.push_back(static_cast<Poco::Int64>(a.epoch));
    remote.push_back(a.remote);
    recorded_ns.push_back(a.recorded_ns);
    dispute.push_back(a.dispute ? a.dispute->code : "");
    dispute_zh.push_back(a.dispute ? a.dispute->sentence.zh : "");
    dispute_en.push_back(a.dispute ? a.dispute->sentence.en : "");
  }
};

void insert(Session &session, Columns &c) {
  if (c.entry.empty()) return;
  session << "INSERT INTO counts_airings VALUES"
             "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      use(c.entry), use(c.channel), use(c.placement), use(c.place), use(c.play), use(c.fact),
      use(c.status), use(c.evidence), use(c.start_ns), use(c.end_ns), use(c.planned_start_ns),
      use(c.planned_end_ns), use(c.item), use(c.campaign), use(c.asset), use(c.ad_class),
      use(c.topic), use(c.title_zh), use(c.title_en), use(c.house_sha256), use(c.plugin),
      use(c.plugin_version), use(c.epoch), use(c.remote), use(c.recorded_ns), use(c.dispute),
      use(c.dispute_zh), use(c.dispute_en), now;
}

void insert(Session &session, const std::vector<Noted> &notes) {
  for (const Noted &one : notes) {
    Poco::UInt64 entry = one.entry;
    Poco::Int64 recorded_ns = one.note.recorded_ns;
    airings::Note note = one.note;
    session << "INSERT INTO counts_notes VALUES(?,?,?,?,?)", use(entry), use(note.placement),
        use(note.person), use(recorded_ns), use(note.text), now;
  }
}

void insert(Session &session, const std::vector<Step> &steps_of_inquiries) {
  for (Step one : steps_of_inquiries) {
    airings::Inquiry &i = one.inquiry;
    auto entry = static_cast<Poco::Int64>(one.entry), at_ns = static_cast<Poco::Int64>(i.at_ns);
    int step = static_cast<int>(i.step);
    session << "INSERT INTO counts_inquiries VALUES(?,?,?,?,?,?,?,?,?,?)", use(entry),
        use(i.placement), use(i.channel), use(step), use(i.by), use(i.through), use(i.note),
        use(i.verdict), use(i.known), use(at_ns), now;
  }
}

/// day, week, hour, campaign, channel, asset, class, place, evidence
using Key = std::tuple<std::string, std::string, int, std::string, std::string, std::string,
                       std::string, std::string, int>;
struct Cell {
  Poco::Int64 airings = 0, duration_ms = 0, incomplete = 0;
};
using Cells = std::map<Key, Cell>;

void add(Cells &cells, const Placed &placed, int hour) {
  const airings::Airing &a = placed.airing;
  Cell &cell = cells[{placed.day, placed.week, hour, a.campaign, a.channel, a.asset, a.ad_class,
                      a.place, static_cast<int>(a.evidence)}];
  if (a.counts()) {
    cell.airings += 1;
    cell.duration_ms += (a.end_ns - a.start_ns) / ns_per_ms;
  } else {
    cell.incomplete += 1;
  }
}

struct CellColumns {
  std::vector<std::string> day, week, campaign, channel, asset, ad_class, place;
  std::vector<int> hour, evidence;
  std::vector<Poco::Int64> airings, duration_ms, incomplete;

  explicit CellColumns(const Cells &cells) {
    for (const auto &[key, cell] : cells) {
      day.push_back(std::get<0>(key));
      week.push_back(std::get<1>(key));
      hour.push_back(std::get<2>(key));
      campaign.push_back(std::get<3>(key));
      channel.push_back(std::get<4>(key));
      asset.push_back(std::get<5>(key));
      ad_class.push_back(std::get<6>(key));
      place.push_back(std::get<7>(key));
      evidence.push_back(std::get<8>(key));
      airings.push_back(cell.airings);
      duration_ms.push_back(cell.duration_ms);
      incomplete.push_back(cell.incomplete);
    }
  }
};

constexpr const char *on_conflict =
    " DO UPDATE SET airings=airings+excluded.airings,"
    " duration_ms=duration_ms+excluded.duration_ms, incomplete=incomplete+excluded.incomplete";

void add_days(Session &session, const Cells &cells) {
  if (cells.empty()) return;
  CellColumns c(cells);
  session << std::string(
                 "INSERT INTO counts_days VALUES(?,?,?,?,?,?,?,?,?,?,?)"
                 " ON CONFLICT(day, campaign, channel, asset, class, place, evidence)") +
                 on_conflict,
      use(c.day), use(c.week), use(c.campaign), use(c.channel), use(c.asset), use(c.ad_class),
      use(c.place), use(c.evidence), use(c.airings), use(c.duration_ms), use(c.incomplete), now;
}

void add_hours(Session &session, const Cells &cells) {
  if (cells.empty()) return;
  CellColumns c(cells);
  session << std::string(
                 "INSERT INTO counts_hours VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"
                 " ON CONFLICT(day, hour, campaign, channel, asset, class, place, evidence)") +
                 on_conflict,
      use(c.day), use(c.week), use(c.hour), use(c.campaign), use(c.channel), use(c.asset),
      use(c.ad_class), use(c.place), use(c.evidence), use(c.airings), use(c.duration_ms),
      use(c.incomplete), now;
}

}  // namespace

CountsStore::CountsStore(store::Store &store) : store_(store) {
  store_.migrate("counts", steps);
}

std::uint64_t CountsStore::covered() {
  Poco::UInt64 entries = 0;
  auto session = store_.session();
  session << "SELECT entries FROM counts_covered WHERE one=1", into(entries), now;
  return entries;
}

std::string CountsStore::zone() {
  std::string zone;
  auto session = store_.session();
  session << "SELECT zone FROM counts_covered WHERE one=1", into(zone), now;
  return zone;
}

void CountsStore::add(const Batch &batch, std::uint64_t from, std::uint64_t to) {
  Columns columns;
  Cells days, hours;
  for (const Placed &one : batch.placed) {
    columns.add(one);
    if (!one.airing.counts() && !one.airing.is_incomplete()) continue;
    counts::add(days, one, 0);
    counts::add(hours, one, one.hour);
  }
  auto session = store_.session();
  store::Transaction transaction(session);
  Poco::UInt64 covered = 0;
  session << "SELECT entries FROM counts_covered WHERE one=1", into(covered), now;
  if (covered != from) return;
  insert(session, columns);
  insert(session, batch.notes);
  insert(session, batch.inquiries);
  add_days(session, days);
  add_hours(session, hours);
  Poco::UInt64 entries = to;
  session << "UPDATE counts_covered SET entries=? WHERE one=1", use(entries), now;
  transaction.commit();
}

void CountsStore::clear(const std::string &zone) {
  std::string name = zone;
  auto session = store_.session();
  store::Transaction transaction(session);
  for (const char *table :
       {"counts_airings", "counts_days", "counts_hours", "counts_notes", "counts_inquiries"})
    session << std::string("DELETE FROM ") + table, now;
  session << "UPDATE counts_covered SET entries=0, zone=? WHERE one=1", use(name), now;
  transaction.commit();
}

}  // namespace civicast::counts
