// SPDX-License-Identifier: Apache-2.0
// A host's side of the C contract, for tests: settings and bodies from JSON text, facts in a list.
#pragma once

#include <civicast/channel.hpp>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace civicast::cable {

/// A civ_doc over JSON text; lives as long as it is borrowed.
class FakeDoc {
 public:
  explicit FakeDoc(const std::string &text) : json_(nlohmann::json::parse(text)) {
    doc_ = {sizeof doc_, this, on_text, on_number, on_integer, on_flag, on_count, on_name, on_json};
  }
  FakeDoc(const FakeDoc &) = delete;
  FakeDoc &operator=(const FakeDoc &) = delete;
  const civ_doc *get() const { return &doc_; }

 private:
  static const nlohmann::json *at(const civ_doc *doc, const char *pointer) {
    const auto &json = static_cast<const FakeDoc *>(doc->self)->json_;
    const nlohmann::json::json_pointer where{std::string(pointer)};
    return json.contains(where) ? &json.at(where) : nullptr;
  }
  static civ_text on_text(const civ_doc *doc, const char *pointer) {
    const auto *value = at(doc, pointer);
    return value && value->is_string() ? text(value->get_ref<const std::string &>()) : civ_text{};
  }
  static double on_number(const civ_doc *doc, const char *pointer) {
    const auto *value = at(doc, pointer);
    return value && value->is_number() ? value->get<double>() : 0;
  }
  static std::int64_t on_integer(const civ_doc *doc, const char *pointer) {
    const auto *value = at(doc, pointer);
    return value && value->is_number_integer() ? value->get<std::int64_t>() : 0;
  }
  static civ_text on_name(const civ_doc *, const char *, std::size_t) { return {}; }
  static std::int32_t on_flag(const civ_doc *doc, const char *pointer) {
    const auto *value = at(doc, pointer);
    return value && value->is_boolean() && value->get<bool>() ? 1 : 0;
  }
  static std::size_t on_count(const civ_doc *doc, const char *pointer) {
    const auto *value = at(doc, pointer);
    return value ? value->size() : 0;
  }
  static civ_text on_json(const civ_doc *, const char *) { return {}; }
  nlohmann::json json_;
  civ_doc doc_{};
};

/// What a placement looks like when it comes over the border.
struct Handed {
  Handed(const std::string &id, const std::string &kind, const std::string &path,
         std::int64_t start_ns, std::int64_t end_ns)
      : id_(id),
        path_(path),
        body_(R"({"kind":")" + kind + R"(","asset":"a","title":{"zh":"标题","en":"t"}})"),
        media_{sizeof(civ_media), text(path_), text(sha_), text("video/mp2t"), 0},
        list_{&media_},
        raw_{sizeof(civ_placement), 1, text(id_), start_ns, end_ns, body_.get(), list_, 1} {}
  Handed(const Handed &) = delete;
  Handed &operator=(const Handed &) = delete;
  Placement get() const { return Placement(raw_); }

 private:
  std::string id_, path_, sha_ = std::string(64, 'c');
  FakeDoc body_;
  civ_media media_;
  const civ_media *list_[1];
  civ_placement raw_;
};

class FakeHost {
 public:
  explicit FakeHost(std::string state_dir) : state_dir_(std::move(state_dir)) {
    host_ = {sizeof(civ_host), 0,      this,    text("zh-CN"), text(state_dir_),
             on_now,           on_log, on_emit, on_extension};
  }
  FakeHost(const FakeHost &) = delete;
  FakeHost &operator=(const FakeHost &) = delete;
  Host get() const { return Host(&host_); }

  std::atomic<bool> is_deaf{false};  ///< its disk takes no fact

  std::vector<Fact> facts() const {
    const std::scoped_lock lock(mutex_);
    return facts_;
  }
  std::size_t count(const std::string &id, civ_fact_kind kind) const {
    std::size_t found = 0;
    for (const Fact &fact : facts()) found += fact.placement == id && fact.fact == kind;
    return found;
  }

 private:
  static std::int64_t on_now(const civ_host *) {
    return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
  }
  static void on_log(const civ_host *, std::int32_t, civ_text) {}
  static std::int32_t on_emit(const civ_host *host, const civ_fact *const *facts,
                              std::size_t count) {
    auto &self = *static_cast<FakeHost *>(host->self);
    if (self.is_deaf) return CIV_LATER;
    const std::scoped_lock lock(self.mutex_);
    for (std::size_t i = 0; i < count; ++i) {
      const civ_fact &raw = *facts[i];
      Fact fact;
      fact.fact = static_cast<civ_fact_kind>(raw.fact);
      fact.status = static_cast<civ_status>(raw.status);
      fact.placement = view(raw.placement);
      fact.start_ns = raw.start_ns;
      fact.end_ns = raw.end_ns;
      fact.proof = view(raw.proof);
      self.facts_.push_back(std::move(fact));
    }
    return CIV_DONE;
  }
  static const void *on_extension(const civ_host *, const char *) { return nullptr; }

  std::string state_dir_;
  civ_host host_{};
  mutable std::mutex mutex_;
  std::vector<Fact> facts_;
};

}  // namespace civicast::cable
