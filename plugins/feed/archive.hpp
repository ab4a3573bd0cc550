// SPDX-License-Identifier: Apache-2.0
// All posts that there ever were, and what became of each: posts.jsonl, only ever added to. The
// order of truth is: a line synced here, then the files, then the fact; after kill -9 the lines
// are read again, and what may not have been printed or said is decided or said again. [any]
#pragma once

#include <civicast/channel.hpp>
#include <civicast/journal.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plugins/feed/post.hpp"
#include "plugins/feed/press.hpp"

namespace civicast::feed {

class Archive {
 public:
  /// `masthead` lacks its id and beginning; the archive remembers them.
  Archive(Host host, const std::string &journal, Press press, Masthead masthead,
          std::string authority, std::size_t keep);

  /// Takes a post, emitting CIV_ACCEPTED; or changes one that is known, also after it is out: the
  /// entry keeps its id and is marked as updated. Throws Trouble(CIV_REFUSED).
  void accept(const Post &post, const std::vector<Media> &media);
  /// Takes an entry that is out from the feed, leaving a tombstone. Throws Trouble(CIV_REFUSED).
  void retract(const std::string &id);
  /// Before it is out only: emits CIV_WITHDRAWN, or throws Trouble(CIV_REFUSED).
  void withdraw(const std::string &id);
  Recall recall(const std::string &id);

  /// Publishes what is due.
  void tick();
  /// {"entries","waiting","last"}
  nlohmann::json status() const;

 private:
  enum class State { waiting, out, retracted, withdrawn, missed };
  struct Record {
    Entry entry;
    State state = State::waiting;
    std::vector<Fact> facts;
  };
  using Due = std::pair<std::int64_t, std::string>;  ///< a start, and the id of a post

  void found();
  void write(const nlohmann::json &line);
  void apply(const nlohmann::json &line);
  void apply_post(const Post &post, std::int64_t at_ns);
  void apply_aired(const nlohmann::json &line);
  void apply_missed(Record &record, std::int64_t at_ns);
  void undo(Record &record);
  void undo_unprinted();
  void say(Record &record, Fact fact);
  bool flush();
  void publish(const std::vector<Due> &due, std::int64_t now_ns);
  nlohmann::json aired_line(const Record &record, std::int64_t now_ns, std::size_t entries) const;
  void print(const std::vector<std::string> &changed);
  std::vector<Entry> latest() const;
  Record &record(const std::string &id);

  Host host_;
  Press press_;
  Masthead masthead_;
  std::string authority_;
  std::size_t keep_;
  mutable std::mutex mutex_;
  std::map<std::string, Record> records_;
  std::set<Due> waiting_;
  std::vector<std::string> out_;     ///< ids, in the order in which they came out
  std::set<std::string> unprinted_;  ///< ids whose own page is not on the disk as it should be
  std::vector<Fact> unsent_;
  std::unique_ptr<Journal> journal_;
};

}  // namespace civicast::feed
