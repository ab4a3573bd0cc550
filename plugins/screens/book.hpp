// SPDX-License-Identifier: Apache-2.0
// What the screens were handed and what they reported: the plugin's memory, kept in one journal.
// Whatever changes is first synced to the journal, then applied, then emitted as facts; after
// kill -9 the journal is read again and what may not have been emitted is emitted again (a repeat
// of a fact is the same fact). [any] thread.
#pragma once

#include <civicast/channel.hpp>
#include <civicast/journal.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plugins/screens/item.hpp"

namespace civicast::screens {

/// The records of one session, as one request brings them.
struct Report {
  std::string place;
  std::vector<PlayRecord> records;  ///< of one session, by seq, without gaps
};

/// What became of a report. `highest` is the last seq of its session that is stored.
struct Receipt {
  std::uint64_t highest = 0;
  std::size_t repeated = 0;                 ///< records that were here before
  std::vector<std::uint64_t> unknown = {};  ///< seqs whose placement nobody remembers
};

struct ScreenState {
  std::string place;
  std::int64_t last_seen_ns = 0;  ///< 0: not since the plugin was started
  std::string on_air;             ///< what its page says it shows
  std::uint64_t seq = 0;          ///< of its latest record
  std::uint64_t lost = 0;         ///< records that its sequence numbers say never came
};

class Book {
 public:
  /// A journal is rewritten without what is forgotten when it is beyond `journal_bytes` and has
  /// doubled since it was last.
  Book(Host host, const std::string &journal, std::int64_t grace_ns, std::int64_t keep_ns,
       std::size_t journal_bytes = 16u << 20);

  /// Takes `item` and emits CIV_ACCEPTED. The same item again is no change; another one under a
  /// known id throws Trouble(CIV_REFUSED).
  void accept(const Item &item);
  /// Emits CIV_WITHDRAWN, or throws Trouble(CIV_REFUSED) when pages may already be showing it.
  void withdraw(const std::string &id);
  Recall recall(const std::string &id);

  /// Stores reports and emits what they say, all with one sync. Nothing when the facts are not on
  /// disk yet: the screens must send them again.
  std::optional<std::vector<Receipt>> store(const std::vector<Report> &reports);
  /// Draws the conclusions of time: silent screens, old items forgotten, facts emitted again.
  void tick();
  /// A page asked for its plan.
  void see(const std::string &place, const std::string &on_air);

  /// What is on and what follows within `ahead_ns`, by start.
  std::vector<Item> plan(const std::string &place, std::int64_t ahead_ns) const;
  std::optional<Media> media(const std::string &sha256) const;
  bool knows_place(const std::string &place) const;
  std::vector<ScreenState> screens() const;
  /// {"items":…, "aired":…, "missed":…} since the plugin's memory begins.
  nlohmann::json counters() const;

 private:
  struct Entry {
    Item item;
    bool is_withdrawn = false;
    bool is_cut = false;  ///< a bulletin that was recalled on air: no longer shown, still reported
    std::vector<Fact> facts;
  };
  struct Session {
    std::uint64_t seq = 0;
    std::int64_t at_ns = 0;  ///< when it was last heard
  };
  using Key = std::pair<std::int64_t, std::string>;  ///< a time, and the id of an item

  bool replay(std::string_view line);
  void write(const nlohmann::json &line);
  void apply(const nlohmann::json &line);
  void apply_item(const Item &item);
  void apply_withdrawal(const std::string &id, std::int64_t at_ns);
  void apply_kept(const nlohmann::json &kept);
  Receipt apply_report(const Report &report, std::int64_t at_ns);
  void apply_cut(const std::string &id);
  void apply_silence(const std::string &id, const std::string &place, bool was_seen,
                     bool was_covered);
  bool is_covered(const Item &item, const std::string &place) const;
  Entry &enter(const Item &item);
  void say(Entry &entry, Fact fact);
  void count(const Fact &fact);
  bool flush();
  void expire(std::int64_t now_ns);
  void forget(std::int64_t now_ns);
  void compact();
  std::uint64_t highest(const std::string &place, const std::string &session) const;

  Host host_;
  std::int64_t grace_ns_, keep_ns_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  std::set<Key> by_start_, by_end_, waiting_;  ///< waiting: for reports, by end
  std::int64_t longest_ns_ = 0;
  std::map<std::string, std::pair<Media, std::size_t>> media_;  ///< and how many items use it
  std::map<std::string, ScreenState> screens_;
  std::map<std::pair<std::string, std::string>, Session> sessions_;  ///< by place and session
  std::vector<Fact> unsent_;
  std::uint64_t aired_ = 0, missed_ = 0;
  std::string path_;
  std::unique_ptr<Journal> journal_;
  std::size_t small_bytes_, compacted_bytes_ = 0;
};

}  // namespace civicast::screens
