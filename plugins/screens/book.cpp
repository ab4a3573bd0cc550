// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/book.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plugins/screens/judge.hpp"
#include "plugins/screens/snapshot.hpp"
#include "plugins/screens/time_text.hpp"

namespace civicast::screens {
namespace {

using nlohmann::json;

/// Pages ask for the plan every two seconds; what starts within a few rounds may be on its way.
constexpr std::int64_t last_call_ns = 10 * ns_per_s;

bool has(const std::vector<Fact> &facts, std::string_view place, civ_fact_kind kind) {
  return std::any_of(facts.begin(), facts.end(),
                     [&](const Fact &f) { return f.fact == kind && f.place == place; });
}

}  // namespace

Book::Book(Host host, const std::string &journal, std::int64_t grace_ns, std::int64_t keep_ns,
           std::size_t journal_bytes)
    : host_(host),
      grace_ns_(grace_ns),
      keep_ns_(keep_ns),
      path_(journal),
      small_bytes_(journal_bytes) {
  journal_ = std::make_unique<Journal>(path_, [this](std::string_view l) { return replay(l); });
  compacted_bytes_ = journal_->size_bytes();
  flush();
}

bool Book::replay(std::string_view line) {
  const json parsed = json::parse(line, nullptr, false);
  if (!parsed.is_object()) return false;
  apply(parsed);
  return true;
}

void Book::write(const json &line) {
  journal_->append(line.dump() + "\n");
}

void Book::apply(const json &line) {
  if (line.contains("sent")) {
    unsent_.clear();
  } else if (line.contains("item")) {
    apply_item(line.at("item").get<Item>());
  } else if (line.contains("withdrawn")) {
    apply_withdrawal(line.at("withdrawn"), line.at("at"));
  } else if (line.contains("plays")) {
    apply_report({line.at("place"), line.at("plays").get<std::vector<PlayRecord>>()},
                 line.at("at"));
  } else if (line.contains("silent")) {
    apply_silence(line.at("silent"), line.at("place"), line.at("seen"),
                  line.value("covered", false));
  } else if (line.contains("cut")) {
    apply_cut(line.at("cut"));
  } else if (line.contains("kept")) {
    apply_kept(line.at("kept"));
  } else if (line.contains("session")) {
    sessions_[{line.at("place"), line.at("session")}] = {line.at("seq"), line.at("at")};
    ScreenState &screen = screens_[line.at("place")];
    screen.place = line.at("place");
    screen.seq = std::max(screen.seq, line.at("seq").get<std::uint64_t>());
  }
}

Book::Entry &Book::enter(const Item &item) {
  Entry &entry = entries_[item.id];
  entry.item = item;
  by_start_.emplace(item.start_ns, item.id);
  by_end_.emplace(item.end_ns, item.id);
  waiting_.emplace(item.end_ns, item.id);
  longest_ns_ = std::max(longest_ns_, item.end_ns - item.start_ns);
  auto &[media, uses] = media_[item.media.sha256];
  media = item.media;
  ++uses;
  for (const std::string &place : item.places) screens_[place].place = place;
  return entry;
}

void Book::apply_item(const Item &item) {
  Entry &entry = enter(item);
  say(entry, Fact::accepted(item.id, {item.start_ns, item.end_ns}));
}

void Book::apply_kept(const json &kept) {
  Entry &entry = enter(kept.at("item").get<Item>());
  entry.is_withdrawn = kept.at("withdrawn");
  entry.is_cut = kept.value("cut", false);
  if (entry.is_withdrawn) waiting_.erase({entry.item.end_ns, entry.item.id});
  for (const json &fact : kept.at("facts")) {
    entry.facts.push_back(fact_of(fact, entry.item.id));
    count(entry.facts.back());
  }
}

void Book::apply_withdrawal(const std::string &id, std::int64_t at_ns) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  found->second.is_withdrawn = true;
  waiting_.erase({found->second.item.end_ns, id});
  say(found->second, Fact::withdrawn(id, at_ns));
}

Receipt Book::apply_report(const Report &report, std::int64_t at_ns) {
  ScreenState &screen = screens_[report.place];
  screen.place = report.place;
  Receipt receipt;
  for (const PlayRecord &record : report.records) {
    Session &session = sessions_[{report.place, record.session}];
    std::uint64_t &last = session.seq;
    session.at_ns = at_ns;
    receipt.highest = std::max(last, record.seq);
    if (record.seq <= last) {
      ++receipt.repeated;
      continue;
    }
    screen.lost += record.seq - last - 1;
    screen.seq = last = record.seq;
    const auto found = entries_.find(record.placement);
    if (found == entries_.end() || !found->second.item.is_on(report.place)) {
      receipt.unknown.push_back(record.seq);
      continue;
    }
    Entry &entry = found->second;
    Fact fact = judge(entry.item, report.place, record);
    // The first word stands, except that a complete play, reported late, is a truth of its own.
    const bool is_new = !has(entry.facts, report.place, CIV_AIRED) &&
                        (fact.fact == CIV_AIRED || !has(entry.facts, report.place, CIV_MISSED));
    if (is_new) say(entry, std::move(fact));
  }
  return receipt;
}

void Book::apply_cut(const std::string &id) {
  const auto found = entries_.find(id);
  if (found != entries_.end()) found->second.is_cut = true;
}

void Book::apply_silence(const std::string &id, const std::string &place, bool was_seen,
                         bool was_covered) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  waiting_.erase({found->second.item.end_ns, id});
  say(found->second, silence(found->second.item, place, was_seen, was_covered));
}

bool Book::is_covered(const Item &item, const std::string &place) const {
  if (item.is_bulletin()) return false;
  for (auto i = by_start_.lower_bound({item.start_ns - longest_ns_, ""});
       i != by_start_.end() && i->first < item.end_ns; ++i) {
    const Entry &other = entries_.at(i->second);
    if (other.item.is_bulletin() && !other.is_withdrawn && other.item.is_on(place) &&
        other.item.end_ns > item.start_ns)
      return true;
  }
  return false;
}

void Book::say(Entry &entry, Fact fact) {
  count(fact);
  entry.facts.push_back(fact);
  unsent_.push_back(std::move(fact));
}

void Book::count(const Fact &fact) {
  if (fact.fact == CIV_AIRED) ++aired_;
  if (fact.fact == CIV_MISSED) ++missed_;
}

bool Book::flush() {
  if (unsent_.empty()) return true;
  if (!host_.emit(unsent_)) return false;
  unsent_.clear();
  journal_->remark("{\"sent\":1}\n");
  return true;
}

void Book::accept(const Item &item) {
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(item.id); found != entries_.end()) {
    if (found->second.is_withdrawn || !(found->second.item == item))
      throw Trouble(
          CIV_REFUSED, "id.reused",
          "这个编号已用于别的内容，或已撤回；请换一个编号。 · This id was used for something "
          "else, or taken back; use a new one.",
          "/id");
    unsent_.insert(unsent_.end(), found->second.facts.begin(), found->second.facts.end());
  } else {
    const json line{{"item", item}};
    write(line);
    apply(line);
  }
  if (!flush())
    throw Trouble(CIV_LATER, "facts.unwritten",
                  "暂时无法保存事实。 · The facts cannot be written at the moment.", "", 1000);
}

void Book::withdraw(const std::string &id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end())
    throw Trouble(CIV_REFUSED, "id.unknown", "没有这个条目。 · There is no such item.");
  const std::int64_t now_ns = host_.now_ns();
  if (!found->second.is_withdrawn) {
    const Item &item = found->second.item;
    const bool may_be_out = now_ns + last_call_ns >= item.start_ns;
    if (may_be_out && item.is_bulletin() && now_ns < item.end_ns) {
      // The pages drop it with their next look at the plan, and say how much of it they showed.
      const json line{{"cut", id}};
      write(line);
      apply(line);
      return;
    }
    if (may_be_out)
      throw Trouble(
          CIV_REFUSED, "withdraw.too_late",
          "大屏可能已经取走这一条，来不及撤回。 · Too late: the screens may already have it.");
    const json line{{"withdrawn", id}, {"at", now_ns}};
    write(line);
    apply(line);
  }
  flush();
}

Recall Book::recall(const std::string &id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return Recall::never_heard_of_it;
  unsent_.insert(unsent_.end(), found->second.facts.begin(), found->second.facts.end());
  return flush() ? Recall::emitted : Recall::cannot_tell;
}

std::uint64_t Book::highest(const std::string &place, const std::string &session) const {
  const auto found = sessions_.find({place, session});
  return found == sessions_.end() ? 0 : found->second.seq;
}

std::optional<std::vector<Receipt>> Book::store(const std::vector<Report> &reports) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_ns = host_.now_ns();
  std::string lines;
  for (const Report &report : reports) {
    json fresh = json::array();
    for (const PlayRecord &record : report.records)
      if (record.seq > highest(report.place, record.session)) fresh.push_back(record);
    if (!fresh.empty())
      lines +=
          json{{"place", report.place}, {"at", now_ns}, {"plays", std::move(fresh)}}.dump() + "\n";
  }
  if (!lines.empty()) journal_->append(lines);
  std::vector<Receipt> receipts;
  for (const Report &report : reports) {
    receipts.push_back(apply_report(report, now_ns));
    if (!receipts.back().unknown.empty())
      host_.log(CIV_WARNING, report.place + " reported " +
                                 std::to_string(receipts.back().unknown.size()) +
                                 " plays of items that are not known here");
  }
  if (!flush()) return std::nullopt;
  return receipts;
}

void Book::see(const std::string &place, const std::string &on_air) {
  const std::lock_guard lock(mutex_);
  const auto found = screens_.find(place);
  if (found == screens_.end()) return;
  found->second.last_seen_ns = host_.now_ns();
  found->second.on_air = entries_.count(on_air) ? on_air : std::string();
}

void Book::tick() {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_ns = host_.now_ns();
  expire(now_ns);
  flush();
  forget(now_ns);
}

void Book::expire(std::int64_t now_ns) {
  while (!waiting_.empty() && waiting_.begin()->first + grace_ns_ < now_ns) {
    const std::string id = waiting_.begin()->second;
    const Entry &entry = entries_.at(id);
    std::string lines;
    std::vector<json> silent;
    for (const std::string &place : entry.item.places) {
      if (has(entry.facts, place, CIV_AIRED) || has(entry.facts, place, CIV_MISSED)) continue;
      const bool was_seen = screens_[place].last_seen_ns >= entry.item.start_ns;
      silent.push_back({{"silent", id},
                        {"place", place},
                        {"seen", was_seen},
                        {"covered", is_covered(entry.item, place)}});
      lines += silent.back().dump() + "\n";
    }
    if (!lines.empty()) journal_->append(lines);
    for (const json &line : silent) apply(line);
    waiting_.erase({entry.item.end_ns, id});
  }
}

void Book::forget(std::int64_t now_ns) {
  while (!by_end_.empty() && by_end_.begin()->first + keep_ns_ < now_ns) {
    const auto found = entries_.find(by_end_.begin()->second);
    const Item &item = found->second.item;
    by_start_.erase({item.start_ns, item.id});
    const auto media = media_.find(item.media.sha256);
    if (--media->second.second == 0) media_.erase(media);
    by_end_.erase(by_end_.begin());
    entries_.erase(found);
  }
  if (journal_->size_bytes() > std::max(small_bytes_, 2 * compacted_bytes_)) compact();
}

void Book::compact() {
  if (!unsent_.empty()) return;  // what is not sent yet is known only from the lines as they are
  std::string kept;
  const std::int64_t oldest_ns = host_.now_ns() - keep_ns_;
  for (auto i = sessions_.begin(); i != sessions_.end();) {
    const auto &[key, session] = *i;
    if (session.at_ns < oldest_ns) {
      i = sessions_.erase(i);
      continue;
    }
    kept += json{{"place", key.first},
                 {"session", key.second},
                 {"seq", session.seq},
                 {"at", session.at_ns}}
                .dump() +
            "\n";
    ++i;
  }
  for (const auto &[end_ns, id] : by_end_) {
    const Entry &entry = entries_.at(id);
    json facts = json::array();
    for (const Fact &fact : entry.facts) facts.push_back(json_of(fact));
    kept += json{{"kept",
                  {{"item", entry.item},
                   {"withdrawn", entry.is_withdrawn},
                   {"cut", entry.is_cut},
                   {"facts", std::move(facts)}}}}
                .dump() +
            "\n";
  }
  file::replace(path_, kept, 0600);
  journal_ = std::make_unique<Journal>(path_, [](std::string_view) { return true; });
  compacted_bytes_ = journal_->size_bytes();
}

std::vector<Item> Book::plan(const std::string &place, std::int64_t ahead_ns) const {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_ns = host_.now_ns();
  std::vector<Item> items;
  for (auto i = by_start_.lower_bound({now_ns - longest_ns_, ""}); i != by_start_.end(); ++i) {
    if (i->first > now_ns + ahead_ns) break;
    const Entry &entry = entries_.at(i->second);
    const bool is_shown = !entry.is_withdrawn && !entry.is_cut;
    if (entry.item.end_ns > now_ns && is_shown && entry.item.is_on(place))
      items.push_back(entry.item);
  }
  return items;
}

std::optional<Media> Book::media(const std::string &sha256) const {
  const std::lock_guard lock(mutex_);
  const auto found = media_.find(sha256);
  if (found == media_.end()) return std::nullopt;
  return found->second.first;
}

bool Book::knows_place(const std::string &place) const {
  const std::lock_guard lock(mutex_);
  return screens_.count(place) != 0;
}

std::vector<ScreenState> Book::screens() const {
  const std::lock_guard lock(mutex_);
  std::vector<ScreenState> all;
  for (const auto &[place, state] : screens_) all.push_back(state);
  return all;
}

json Book::counters() const {
  const std::lock_guard lock(mutex_);
  return {{"items", entries_.size()},
          {"aired", aired_},
          {"missed", missed_},
          {"waiting", waiting_.size()}};
}

}  // namespace civicast::screens
