// SPDX-License-Identifier: Apache-2.0
#include <Poco/Data/RecordSet.h>
#include <Poco/Data/Statement.h>
#include <fmt/format.h>

#include <array>
#include <deque>
#include <utility>

#include "host/counts/index.hpp"
#include "host/counts/rows.hpp"
#include "host/store/store.hpp"

namespace civicast::counts {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::RecordSet;
using Poco::Data::Statement;

struct Grouping {
  By by;
  std::string_view word;
  const char *sql;
};
constexpr std::array groupings = {Grouping{By::campaign, "campaign", "campaign"},
                                  Grouping{By::asset, "asset", "asset"},
                                  Grouping{By::ad_class, "class", "class"},
                                  Grouping{By::channel, "channel", "channel"},
                                  Grouping{By::place, "place", "place"},
                                  Grouping{By::evidence, "evidence", "evidence"},
                                  Grouping{By::hour, "hour", "hour"},
                                  Grouping{By::day, "day", "day"},
                                  Grouping{By::week, "week", "week"},
                                  Grouping{By::month, "month", "substr(day, 1, 7)"},
                                  Grouping{By::year, "year", "substr(day, 1, 4)"}};

const Grouping &grouping(By by) {
  for (const Grouping &one : groupings)
    if (one.by == by) return one;
  throw std::logic_error("counts: a grouping without a name");
}

/// Conditions and the values bound to them, which must outlive the statement.
class Where {
 public:
  template <class T>
  void add(const std::string &condition, T value) {
    sql_ += (sql_.empty() ? " WHERE " : " AND ") + condition;
    if constexpr (std::is_integral_v<T>)
      numbers_.push_back(static_cast<Poco::Int64>(value)), order_.push_back('n');
    else
      texts_.push_back(std::move(value)), order_.push_back('t');
  }
  void add(const std::string &condition) {
    sql_ += (sql_.empty() ? " WHERE " : " AND ") + condition;
  }
  void add_text(const char *column, const std::string &value) {
    if (!value.empty()) add(std::string(column) + "=?", value);
  }
  void add_any(const char *column, const std::vector<std::string> &values) {
    if (values.empty()) return;
    std::string marks;
    for (const std::string &value : values) {
      marks += marks.empty() ? "?" : ",?";
      texts_.push_back(value), order_.push_back('t');
    }
    add(std::string(column) + " IN (" + marks + ")");
  }
  const std::string &sql() const { return sql_; }
  void bind(Statement &statement) {
    auto text = texts_.begin();
    auto number = numbers_.begin();
    for (const char kind : order_)
      if (kind == 't')
        statement, use(*text++);
      else
        statement, use(*number++);
  }

 private:
  std::string sql_, order_;
  std::deque<std::string> texts_;
  std::deque<Poco::Int64> numbers_;
};

std::string key_text(By by, const std::string &value) {
  if (by == By::evidence)
    return std::string(airings::word(static_cast<airings::Evidence>(std::stoi(value))));
  return by == By::hour && value.size() == 1 ? "0" + value : value;
}

Where conditions(const Filter &filter) {
  Where where;
  where.add_text("channel", filter.channel);
  where.add_text("campaign", filter.campaign);
  where.add_text("placement", filter.placement);
  where.add_any("place", filter.places);
  if (filter.from_ns) where.add("start_ns>=?", *filter.from_ns);
  if (filter.to_ns) where.add("start_ns<?", *filter.to_ns);
  if (filter.before) where.add("entry<?", *filter.before);
  if (filter.only_final) where.add("fact IN (?, 4, 5)", static_cast<int>(airings::FactKind::aired));
  if (filter.only_placements) where.add("item IN ('placement', 'bulletin', '')");
  return where;
}

}  // namespace

std::string_view word(By by) {
  return grouping(by).word;
}

std::optional<By> by(std::string_view word) {
  for (const Grouping &one : groupings)
    if (one.word == word) return one.by;
  return {};
}

std::vector<Row> count(store::Store &store, const Question &question) {
  std::string keys;
  bool has_hour = false;
  for (const By one : question.by) {
    keys += (keys.empty() ? "" : ", ") + std::string(grouping(one).sql);
    has_hour = has_hour || one == By::hour;
  }
  Where where;
  where.add_text("campaign", question.campaign);
  where.add_text("channel", question.channel);
  where.add_any("place", question.places);
  if (question.from) where.add("day>=?", date_text(*question.from));
  if (question.to) where.add("day<=?", date_text(*question.to));

  auto session = store.session();
  Statement select(session);
  select << fmt::format(
      "SELECT {}coalesce(sum(airings), 0), coalesce(sum(duration_ms), 0) / 1000,"
      " coalesce(sum(CASE evidence WHEN 1 THEN airings ELSE 0 END), 0),"
      " coalesce(sum(CASE evidence WHEN 2 THEN airings ELSE 0 END), 0),"
      " coalesce(sum(CASE evidence WHEN 3 THEN airings ELSE 0 END), 0),"
      " coalesce(sum(incomplete), 0) FROM {}{}{}{}",
      keys.empty() ? "" : keys + ", ", has_hour ? "counts_hours" : "counts_days", where.sql(),
      keys.empty() ? "" : " GROUP BY " + keys, keys.empty() ? "" : " ORDER BY " + keys);
  where.bind(select);
  select.execute();

  RecordSet found(select);
  std::vector<Row> rows(found.rowCount());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::size_t column = 0;
    for (const By one : question.by)
      rows[r].keys.push_back(key_text(one, found.value(column++, r).convert<std::string>()));
    for (std::int64_t *value : {&rows[r].airings, &rows[r].seconds, &rows[r].measured,
                                &rows[r].reported, &rows[r].inferred, &rows[r].incomplete})
      *value = found.value(column++, r).convert<Poco::Int64>();
  }
  return rows;
}

std::vector<Entry> list(store::Store &store, const Filter &filter) {
  Where where = conditions(filter);
  auto session = store.session();
  Statement select(session);
  select << "SELECT * FROM counts_airings" + where.sql() + " ORDER BY entry DESC LIMIT " +
                std::to_string(filter.limit);
  where.bind(select);
  select.execute();
  return entries_of(RecordSet(select));
}

std::vector<Failed> failed(store::Store &store, std::int64_t from_ns, std::int64_t to_ns) {
  static_assert(static_cast<int>(airings::FactKind::aired) == 3 &&
                static_cast<int>(airings::FactKind::missed) == 4 &&
                static_cast<int>(airings::FactKind::withdrawn) == 5 &&
                static_cast<int>(airings::Status::unknown) == 9 &&
                static_cast<int>(airings::Inquiry::Step::again) == 2);
  Poco::Int64 from = from_ns, to = to_ns;
  auto session = store.session();
  Statement select(session);
  select << "SELECT placement, min(channel), min(campaign), min(asset), min(planned_start_ns),"
            " max(fact=4 AND start_ns<>0 AND end_ns>start_ns) FROM counts_airings AS failed"
            " WHERE fact IN (4, 5) AND item='placement'"
            " AND planned_start_ns>=? AND planned_start_ns<?"
            " GROUP BY placement HAVING NOT EXISTS(SELECT 1 FROM counts_airings AS other"
            " WHERE other.placement=failed.placement AND (other.fact=3 OR (other.status=9"
            " AND NOT EXISTS(SELECT 1 FROM counts_inquiries AS said"
            " WHERE said.placement=failed.placement AND said.step=2))))"
            " ORDER BY 5, 1",
      use(from), use(to);
  select.execute();
  RecordSet found(select);
  std::vector<Failed> all;
  for (std::size_t r = 0; r < found.rowCount(); ++r) {
    const auto text = [&](std::size_t c) { return found.value(c, r).convert<std::string>(); };
    all.push_back({text(0), text(1), text(2), text(3), found.value(4, r).convert<Poco::Int64>(),
                   found.value(5, r).convert<int>() != 0});
  }
  return all;
}

}  // namespace civicast::counts
