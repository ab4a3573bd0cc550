// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/book/history.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace civicast::cable {
namespace {

using Json = nlohmann::ordered_json;

std::runtime_error system_error(const std::string &what) {
  return std::runtime_error(what + ": " + std::strerror(errno));
}

Json to_json(const Item &item) {
  return {{"id", item.id},
          {"kind", word(item.kind)},
          {"asset", item.asset},
          {"title", item.title},
          {"break", item.break_id},
          {"live", item.live},
          {"path", item.path},
          {"sha256", item.sha256},
          {"start_ns", item.start_ns},
          {"end_ns", item.end_ns},
          {"clip_frames", item.clip_frames},
          {"file_bytes", item.file_bytes},
          {"file_changed_ns", item.file_changed_ns}};
}

ItemPtr item_from(const Json &json) {
  auto item = std::make_shared<Item>();
  item->id = json.at("id");
  item->kind = kind_of(json.at("kind").get<std::string>());
  item->asset = json.at("asset");
  item->title = json.at("title");
  item->break_id = json.value("break", "");  // not in those of an earlier version
  item->live = json.value("live", "");
  item->path = json.at("path");
  item->sha256 = json.at("sha256");
  item->start_ns = json.at("start_ns");
  item->end_ns = json.at("end_ns");
  item->clip_frames = json.at("clip_frames");
  item->file_bytes = json.value("file_bytes", item->file_bytes);
  item->file_changed_ns = json.value("file_changed_ns", item->file_changed_ns);
  return item;
}

Json to_json(const Fact &fact) {
  return {{"id", fact.placement},      {"fact", int{fact.fact}}, {"status", int{fact.status}},
          {"start_ns", fact.start_ns}, {"end_ns", fact.end_ns},  {"proof", fact.proof}};
}

Fact fact_from(const Json &json) {
  Fact fact;
  fact.evidence = CIV_MEASURED;
  fact.placement = json.at("id");
  fact.fact = static_cast<civ_fact_kind>(json.at("fact").get<int>());
  fact.status = static_cast<civ_status>(json.at("status").get<int>());
  fact.start_ns = json.at("start_ns");
  fact.end_ns = json.at("end_ns");
  fact.proof = json.at("proof");
  return fact;
}

std::string line(const char *what, const Json &json) {
  return Json{{what, json}}.dump() + "\n";
}

bool is_final_kind(civ_fact_kind kind) {
  return kind == CIV_AIRED || kind == CIV_MISSED || kind == CIV_WITHDRAWN;
}

}  // namespace

bool History::Record::is_final() const {
  return std::any_of(facts.begin(), facts.end(),
                     [](const Fact &fact) { return is_final_kind(fact.fact); });
}

bool History::Record::has(civ_fact_kind kind) const {
  return std::any_of(facts.begin(), facts.end(),
                     [&](const Fact &fact) { return fact.fact == kind; });
}

History::History(std::string path, std::int64_t now_ns) : path_(std::move(path)) {
  read();
  forget(now_ns - kKeepNs);
  try {
    compact();
  } catch (const std::runtime_error &) {
    // A full disk: what is in the file is good as it is, and the signal has to go on.
    if (whole_bytes_ == 0) throw;
    keep();
  }
}

History::~History() {
  ::close(file_);
}

void History::read() {
  std::ifstream in(path_);
  for (std::string text; std::getline(in, text);) {
    const Json json = Json::parse(text, nullptr, false);
    if (!in.eof()) whole_bytes_ += static_cast<std::int64_t>(text.size()) + 1;
    // The last line of a killed process may be torn; it was never said to be on disk.
    if (json.is_discarded() || !json.is_object()) continue;
    try {
      if (const auto at = json.find("item"); at != json.end()) {
        ItemPtr item = item_from(*at);
        records_[item->id].item = std::move(item);
      } else if (const auto found = json.find("fact"); found != json.end()) {
        Fact fact = fact_from(*found);
        Record &record = records_[fact.placement];
        if (!record.has(fact.fact)) record.facts.push_back(std::move(fact));
      }
    } catch (const Json::exception &e) {
      throw std::runtime_error(path_ + ": " + e.what());
    }
  }
}

void History::forget(std::int64_t oldest_ns) {
  std::erase_if(records_, [&](const auto &pair) {
    const Record &record = pair.second;
    return !record.item || (record.is_final() && record.item->end_ns < oldest_ns);
  });
}

void History::compact() {
  const std::string next = path_ + ".next";
  file_ = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (file_ < 0) throw system_error(next);
  std::string lines;
  for (const auto &[id, record] : records_) {
    lines += line("item", to_json(*record.item));
    for (const Fact &fact : record.facts) lines += line("fact", to_json(fact));
  }
  append(lines);
  if (::rename(next.c_str(), path_.c_str()) != 0) throw system_error(path_);
  const std::string folder = path_.substr(0, path_.rfind('/') + 1);
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) throw system_error(folder);
  ::fsync(directory);
  ::close(directory);
}

void History::keep() {
  if (file_ >= 0) ::close(file_);
  ::unlink((path_ + ".next").c_str());
  file_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  size_bytes_ = whole_bytes_;
  if (file_ < 0 || ::ftruncate(file_, size_bytes_) != 0) throw system_error(path_);
}

void History::append(const std::string &lines) {
  const auto give_up = [this] {
    const std::runtime_error error = system_error(path_);
    // Half a line would make the next line unreadable too, and what was not said to be here must
    // not be.
    if (::ftruncate(file_, size_bytes_) != 0) throw system_error(path_);
    throw error;
  };
  for (std::size_t at = 0; at < lines.size();) {
    const ssize_t wrote = ::write(file_, lines.data() + at, lines.size() - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) give_up();
    at += static_cast<std::size_t>(wrote);
  }
  if (::fdatasync(file_) != 0) give_up();
  size_bytes_ += static_cast<std::int64_t>(lines.size());
}

void History::add(const Item &item, const Fact &accepted) {
  const std::scoped_lock lock(mutex_);
  if (records_.contains(item.id)) return;
  append(line("item", to_json(item)) + line("fact", to_json(accepted)));
  records_[item.id] = {std::make_shared<Item>(item), {accepted}};
}

void History::add(const Fact &fact) {
  const std::scoped_lock lock(mutex_);
  Record &record = records_[fact.placement];
  if (record.has(fact.fact)) return;
  append(line("fact", to_json(fact)));
  record.facts.push_back(fact);
}

std::optional<History::Record> History::find(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  const auto at = records_.find(id);
  if (at == records_.end() || !at->second.item) return std::nullopt;
  return at->second;
}

std::vector<History::Record> History::unfinished() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Record> found;
  for (const auto &[id, record] : records_)
    if (record.item && !record.is_final()) found.push_back(record);
  return found;
}

}  // namespace civicast::cable
