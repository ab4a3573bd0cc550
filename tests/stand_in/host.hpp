// SPDX-License-Identifier: Apache-2.0
// A host that stands in for the real one: a clock that a test owns, a plugin loaded from its .so,
// and an outbox that survives the death of the process, as the real one does.
#pragma once

#include <civicast/channel.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace stand_in {

constexpr std::int64_t ns_per_ms = 1'000'000, ns_per_s = 1'000'000'000;

struct Note {
  std::string code, at, message;
};

/// What a plugin is handed.
struct Handed {
  std::string id;
  std::int64_t start_ns = 0, end_ns = 0;
  nlohmann::json body = nlohmann::json::object();
  struct File {
    std::string path, sha256, mime;
    std::int64_t duration_ns = 0;
  };
  std::vector<File> media;
};

struct Said {
  int fact = 0, evidence = 0, status = 0;
  std::uint32_t play = 0;
  std::string placement, place, remote;
  std::int64_t start_ns = 0, end_ns = 0;
  nlohmann::json proof;
  bool operator==(const Said &) const = default;
  /// What names a fact on one channel: "placement/place/play/fact".
  std::string key() const;
};

/// A directory of a test's own, gone with it.
class Folder {
 public:
  Folder();
  ~Folder();
  const std::string &path() const { return path_; }
  std::string operator/(const std::string &name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class Host {
 public:
  explicit Host(std::string state_dir);
  Host(const Host &) = delete;
  ~Host();

  /// Loads `plugin` (a .so) and opens it.
  int open(const std::string &plugin, const nlohmann::json &settings);
  void close();

  int check(const Handed &placement) { return hand(&civ_channel_api::check, placement); }
  int publish(const Handed &placement) { return hand(&civ_channel_api::publish, placement); }
  int withdraw(const std::string &id);
  int recall(const std::string &id);
  nlohmann::json status();

  /// Every fact that was ever emitted here, also by a process that is dead now.
  std::vector<Said> facts() const;
  /// Waits, up to ten seconds of the wall's time, until `is_so` of the facts.
  bool wait_for(const std::function<bool(const std::vector<Said> &)> &is_so) const;
  const civ_host *raw() const { return &raw_; }
  const civ_channel_api &api() const { return *api_; }

  std::atomic<std::int64_t> now_ns{1'800'000'000 * ns_per_s};
  std::function<std::int64_t()> clock;      ///< if set, the time, instead of now_ns
  std::atomic<int> emit_verdict{CIV_DONE};  ///< what emit answers
  std::function<void()> before_emit, after_emit;
  std::function<void(const Said &)> on_fact;
  std::vector<Note> notes;                  ///< of the last call
  std::vector<std::string> logged() const;  ///< every line so far

 private:
  using Call = int32_t (*civ_channel_api::*)(civ_channel *, const civ_placement *,
                                             const civ_notes *);
  int hand(Call call, const Handed &placement);
  civ_notes take_notes();
  int32_t emit(const civ_fact *const *facts, size_t count);

  std::string state_dir_, outbox_;
  civ_host raw_;
  void *library_ = nullptr;
  const civ_channel_api *api_ = nullptr;
  civ_channel *channel_ = nullptr;
  mutable std::mutex mutex_;
  std::vector<std::string> log_;
};

/// The facts by key, the first of each; a repeat that says something else is an error: it throws.
std::vector<Said> distinct(const std::vector<Said> &facts);

}  // namespace stand_in
