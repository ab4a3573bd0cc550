// SPDX-License-Identifier: Apache-2.0
// The history: every item this channel accepted in the last 48 hours and what became of it, in a
// small append-only file of JSON lines. It lets a restarted worker go on without the host, and
// answer what became of an item. [any] thread may call any of it.
#pragma once

#include <civicast/channel.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/cable/book/item.hpp"

namespace civicast::cable {

class History {
 public:
  static constexpr std::int64_t kKeepNs = std::int64_t{48} * 3600 * 1'000'000'000;

  /// Reads `path` (it may be absent, or end in a torn line) and drops what is older than kKeepNs;
  /// a disk that is full keeps the file as it is. Throws std::runtime_error when there is no file
  /// and none can be made.
  History(std::string path, std::int64_t now_ns);
  ~History();
  History(const History &) = delete;
  History &operator=(const History &) = delete;

  /// On disk when they return. Throw std::runtime_error when the disk did not take it. A fact that
  /// is known already is not written twice.
  void add(const Item &item, const Fact &accepted);
  void add(const Fact &fact);

  struct Record {
    ItemPtr item;
    std::vector<Fact> facts;  ///< in order, without repeats
    bool is_final() const;
    bool has(civ_fact_kind kind) const;
  };
  std::optional<Record> find(std::string_view id) const;
  /// The items whose end is not known.
  std::vector<Record> unfinished() const;

 private:
  void read();
  void forget(std::int64_t oldest_ns);
  /// Writes all that is known anew. Throws when the disk has no room for it.
  void compact();
  /// Goes on behind what could be read.
  void keep();
  void append(const std::string &lines);

  mutable std::mutex mutex_;
  std::string path_;
  int file_ = -1;
  std::int64_t size_bytes_ = 0;
  std::int64_t whole_bytes_ = 0;  ///< of the file that was read: up to its last whole line
  std::map<std::string, Record, std::less<>> records_;
};

}  // namespace civicast::cable
