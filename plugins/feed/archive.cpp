// SPDX-License-Identifier: Apache-2.0
#include "plugins/feed/archive.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plugins/feed/render.hpp"
#include "plugins/feed/text.hpp"

namespace civicast::feed {
namespace {

using nlohmann::json;

constexpr std::int64_t latest_ns = 60 * ns_per_s;  ///< how late a post may still come out

}  // namespace

Archive::Archive(Host host, const std::string &journal, Press press, Masthead masthead,
                 std::string authority, std::size_t keep)
    : host_(host),
      press_(std::move(press)),
      masthead_(std::move(masthead)),
      authority_(std::move(authority)),
      keep_(keep) {
  journal_ = std::make_unique<Journal>(journal, [this](std::string_view text) {
    const json line = json::parse(text, nullptr, false);
    if (!line.is_object()) return false;
    apply(line);
    return true;
  });
  if (masthead_.id.empty()) found();
  undo_unprinted();
  std::vector<std::string> ids;
  for (const Entry &entry : latest()) ids.push_back(entry.post.id);
  print(ids);
  flush();
}

void Archive::found() {
  const std::int64_t now_ns = host_.now_ns();
  const json line{{"first", now_ns},
                  {"feed", "tag:" + authority_ + "," + date_text(now_ns) + ":feed"}};
  write(line);
  apply(line);
}

void Archive::write(const json &line) {
  journal_->append(line.dump() + "\n");
}

void Archive::apply(const json &line) {
  if (line.contains("sent")) {
    unsent_.clear();
  } else if (line.contains("first")) {
    masthead_.first_ns = line.at("first");
    masthead_.id = line.at("feed");
  } else if (line.contains("post")) {
    apply_post(line.at("post").get<Post>(), line.at("at"));
  } else if (line.contains("aired")) {
    apply_aired(line);
  } else if (line.contains("missed")) {
    apply_missed(record(line.at("missed")), line.at("at"));
  } else if (line.contains("undone")) {
    undo(record(line.at("undone")));
  } else if (line.contains("retracted")) {
    Record &gone = record(line.at("retracted"));
    gone.state = State::retracted;
    gone.entry.is_retracted = true;
    gone.entry.updated_ns = line.at("at");
  } else if (line.contains("withdrawn")) {
    Record &gone = record(line.at("withdrawn"));
    gone.state = State::withdrawn;
    waiting_.erase({gone.entry.post.start_ns, gone.entry.post.id});
    Fact fact;
    fact.fact = CIV_WITHDRAWN;
    fact.start_ns = fact.end_ns = line.at("at");
    say(gone, fact);
  }
}

Archive::Record &Archive::record(const std::string &id) {
  return records_.at(id);
}

void Archive::apply_post(const Post &post, std::int64_t at_ns) {
  const auto [found, is_new] = records_.try_emplace(post.id);
  Record &record = found->second;
  record.entry.post = post;
  if (record.state == State::out) record.entry.updated_ns = at_ns;
  if (!is_new) return;
  waiting_.emplace(post.start_ns, post.id);
  Fact fact;
  fact.fact = CIV_ACCEPTED;
  fact.start_ns = fact.end_ns = post.start_ns;
  say(record, fact);
}

void Archive::apply_aired(const json &line) {
  Record &aired = record(line.at("aired"));
  if (aired.state == State::out) undo(aired);  // an earlier attempt failed, and was not noted down
  aired.state = State::out;
  aired.entry.tag = line.at("tag");
  aired.entry.url = line.at("url");
  aired.entry.published_ns = aired.entry.updated_ns = line.at("at");
  waiting_.erase({aired.entry.post.start_ns, aired.entry.post.id});
  out_.push_back(aired.entry.post.id);
  Fact fact;
  fact.fact = CIV_AIRED;
  fact.status = CIV_AIRED_WITHOUT_DISCREPANCY;
  fact.start_ns = fact.end_ns = aired.entry.published_ns;
  fact.remote = aired.entry.url;
  fact.proof = json{{"sha256", line.at("sha256")},
                    {"bytes", line.at("bytes")},
                    {"entries", line.at("entries")},
                    {"id", aired.entry.tag}}
                   .dump();
  say(aired, fact);
}

void Archive::apply_missed(Record &missed, std::int64_t at_ns) {
  missed.state = State::missed;
  waiting_.erase({missed.entry.post.start_ns, missed.entry.post.id});
  Fact fact;
  fact.fact = CIV_MISSED;
  fact.status = CIV_DID_NOT_AIR;
  fact.start_ns = fact.end_ns = missed.entry.post.start_ns;
  fact.proof = json{{"reason", "too late"}, {"noticed", time_text(at_ns)}}.dump();
  say(missed, fact);
}

/// An entry that never reached the files did not come out: it waits again.
void Archive::undo(Record &undone) {
  const std::string id = undone.entry.post.id;
  const auto is_airing = [&](const Fact &f) { return f.placement == id && f.fact == CIV_AIRED; };
  undone.state = State::waiting;
  undone.facts.erase(std::remove_if(undone.facts.begin(), undone.facts.end(), is_airing),
                     undone.facts.end());
  unsent_.erase(std::remove_if(unsent_.begin(), unsent_.end(), is_airing), unsent_.end());
  out_.erase(std::remove(out_.begin(), out_.end(), id), out_.end());
  unprinted_.erase(id);
  waiting_.emplace(undone.entry.post.start_ns, id);
}

void Archive::undo_unprinted() {
  std::vector<std::string> ids;
  for (const Fact &fact : unsent_)
    if (fact.fact == CIV_AIRED && !press_.has_printed(record(fact.placement).entry.tag))
      ids.push_back(fact.placement);
  for (const std::string &id : ids) {
    if (record(id).state != State::out)
      continue;  // it was retracted since: the truth is in the page
    write({{"undone", id}});
    undo(record(id));
  }
}

void Archive::say(Record &record, Fact fact) {
  fact.evidence = CIV_MEASURED;
  fact.placement = record.entry.post.id;
  record.facts.push_back(fact);
  unsent_.push_back(std::move(fact));
}

bool Archive::flush() {
  if (unsent_.empty()) return true;
  if (!host_.emit(unsent_)) return false;
  unsent_.clear();
  journal_->remark("{\"sent\":1}\n");
  return true;
}

void Archive::print(const std::vector<std::string> &changed) {
  unprinted_.insert(changed.begin(), changed.end());
  std::vector<Entry> pages;
  for (const std::string &id : unprinted_) pages.push_back(record(id).entry);
  press_.print(masthead_, latest(), pages);
  unprinted_.clear();
}

std::vector<Entry> Archive::latest() const {
  std::vector<Entry> entries;
  for (auto id = out_.rbegin(); id != out_.rend() && entries.size() < keep_; ++id)
    entries.push_back(records_.at(*id).entry);
  return entries;
}

void Archive::accept(const Post &post, const std::vector<Media> &media) {
  const std::lock_guard lock(mutex_);
  const auto known = records_.find(post.id);
  const bool is_new = known == records_.end();
  if (!is_new && known->second.entry.post.start_ns != post.start_ns)
    throw Trouble(
        CIV_REFUSED, "start.changed",
        "同一编号的时间不能改，请换一个编号。 · The time of an id cannot change; use a new id.",
        "/start");
  const bool is_same = !is_new && known->second.entry.post == post;
  if (!is_new && known->second.state != State::waiting && known->second.state != State::out &&
      !(is_same && known->second.state == State::missed))
    throw Trouble(
        CIV_REFUSED, "id.closed",
        "这条公告已撤回或已错过，请换一个编号。 · This post was taken back, or missed its time; "
        "use a new id.",
        "/id");
  if (is_same) {
    unsent_.insert(unsent_.end(), known->second.facts.begin(), known->second.facts.end());
  } else {
    for (const Media &image : media) press_.keep_image(image);
    const json line{{"post", post}, {"at", host_.now_ns()}};
    write(line);
    apply(line);
    if (record(post.id).state == State::out) print({post.id});
  }
  if (!flush())
    throw Trouble(CIV_LATER, "facts.unwritten",
                  "暂时无法保存事实。 · The facts cannot be written at the moment.", "", 1000);
}

void Archive::retract(const std::string &id) {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(id);
  if (found != records_.end() && found->second.state == State::retracted) return;
  if (found == records_.end() || found->second.state != State::out)
    throw Trouble(CIV_REFUSED, "retract.not_out",
                  "只能撤下已经发布的公告。 · Only a post that is out can be retracted.",
                  "/retracted");
  const json line{{"retracted", id}, {"at", host_.now_ns()}};
  write(line);
  apply(line);
  print({id});
}

void Archive::withdraw(const std::string &id) {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(id);
  if (found == records_.end())
    throw Trouble(CIV_REFUSED, "id.unknown", "没有这条公告。 · There is no such post.");
  if (found->second.state != State::withdrawn) {
    if (found->second.state != State::waiting)
      throw Trouble(
          CIV_REFUSED, "withdraw.too_late",
          "这条公告已发布；要撤下，请以同一编号再次发布并注明 retracted。 · It is out; to take it "
          "down, publish the same id with \"retracted\": true.");
    const json line{{"withdrawn", id}, {"at", host_.now_ns()}};
    write(line);
    apply(line);
  }
  flush();
}

Recall Archive::recall(const std::string &id) {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(id);
  if (found == records_.end()) return Recall::never_heard_of_it;
  unsent_.insert(unsent_.end(), found->second.facts.begin(), found->second.facts.end());
  return flush() ? Recall::emitted : Recall::cannot_tell;
}

void Archive::tick() {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_ns = host_.now_ns();
  std::vector<Due> due;
  for (const Due &next : waiting_) {
    if (next.first > now_ns) break;
    due.push_back(next);
  }
  if (!due.empty()) publish(due, now_ns);
  if (!unprinted_.empty()) print({});
  flush();
}

json Archive::aired_line(const Record &waiting, std::int64_t now_ns, std::size_t entries) const {
  Entry entry = waiting.entry;
  const std::string &id = entry.post.id;
  entry.tag = "tag:" + authority_ + "," + date_text(entry.post.start_ns) + ":" + uri_part(id);
  entry.url = masthead_.base_url + "/posts/" + uri_part(slug(id)) + ".html";
  entry.published_ns = entry.updated_ns = now_ns;
  const std::string bytes = atom_entry(masthead_, entry);
  return {{"aired", id},          {"at", now_ns},       {"tag", entry.tag},
          {"url", entry.url},     {"entries", entries}, {"sha256", sha256_hex(bytes)},
          {"bytes", bytes.size()}};
}

void Archive::publish(const std::vector<Due> &due, std::int64_t now_ns) {
  std::vector<std::string> fresh;
  for (const auto &[start_ns, id] : due) {
    const bool is_late = now_ns - start_ns > latest_ns;
    const json line = is_late ? json{{"missed", id}, {"at", now_ns}}
                              : aired_line(record(id), now_ns, out_.size() + 1);
    write(line);
    apply(line);
    if (!is_late) fresh.push_back(id);
  }
  if (fresh.empty()) return;
  try {
    print(fresh);
  } catch (...) {  // it is not out; the next tick tries again, or finds that it is too late
    for (const std::string &id : fresh) undo(record(id));
    for (const std::string &id : fresh) write({{"undone", id}});
    throw;
  }
}

json Archive::status() const {
  const std::lock_guard lock(mutex_);
  std::size_t retracted = 0;
  for (const std::string &id : out_) retracted += records_.at(id).entry.is_retracted;
  json last;
  if (!out_.empty()) {
    const Entry &entry = records_.at(out_.back()).entry;
    last = {{"placement", entry.post.id},
            {"id", entry.tag},
            {"url", entry.url},
            {"title", {{"zh", entry.post.title_zh}, {"en", entry.post.title_en}}},
            {"published", time_text(entry.published_ns)}};
  }
  return {{"entries", out_.size() - retracted}, {"waiting", waiting_.size()}, {"last", last}};
}

}  // namespace civicast::feed
