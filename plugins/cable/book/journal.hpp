// SPDX-License-Identifier: Apache-2.0
// The journal: what the sender is doing this very moment, in a memory-mapped file.
//
// For each open item two counters: "about to have sent k frames", stored before the bytes leave,
// and "has sent k frames", stored after. The pages belong to the kernel, so kill -9 loses nothing;
// the next process reads from them how far the last one came. After a power loss they prove
// nothing, and the boot id says so.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugins/cable/book/item.hpp"
#include "plugins/cable/ts/readings.hpp"

namespace civicast::cable {

/// What is known of an item's time on air. Also what the journal keeps of it.
struct Progress {
  std::string id, sha256;
  Kind kind = Kind::placement;
  std::int64_t expected = 0;  ///< frames
  std::int64_t start_ns = 0, end_ns = 0;
  std::int64_t about = 0, sent = 0;  ///< frames; they differ only if the process died between
  std::int64_t first_pts = -1, last_pts = -1;
  std::int64_t packets = 0, send_errors = 0, late_max_us = 0;
  bool is_stalled = false, is_joined = false, is_missing = false, is_preempted = false;
  /// What the self check found in the bytes while it was on air. Not in the journal: a process that
  /// died has told nobody.
  std::optional<CheckCounters> check = {};
  WorstReadings worst = {};
  bool is_closed = false;  ///< its time on air was over
  bool is_trusted = true;  ///< false: written before this machine was started
};

class Journal {
 public:
  static constexpr std::size_t kSlots = 32;
  static constexpr std::size_t kMaxId = 160;

  /// Opens or makes the file. Throws std::runtime_error. What an earlier process left open is in
  /// left(), and its slots stay taken until free().
  explicit Journal(const std::string &path);
  ~Journal();
  Journal(const Journal &) = delete;
  Journal &operator=(const Journal &) = delete;

  struct Left {
    int slot = 0;
    Progress progress;
    std::int64_t file_bytes = 0;  ///< see about()
  };
  const std::vector<Left> &left() const { return left_; }

  /// [playout] A slot for an item whose first packet is about to leave; -1 when all are taken,
  /// because nothing could be written down for long.
  int open(const Progress &progress);
  /// Whether something that began between these instants may have found no slot: then that the
  /// journal is silent about it says nothing.
  bool may_have_missed(std::int64_t from_ns, std::int64_t until_ns) const;
  /// [playout] Before the bytes leave: they complete `frames` of the item, and when they have, the
  /// output file (if there is one) is at least `file_bytes` long.
  void about(int slot, std::int64_t frames, std::int64_t file_bytes);
  /// [playout] After the bytes have left.
  void sent(int slot, const Progress &progress);
  /// [playout] The item's time on air is over.
  void close(int slot, const Progress &progress);
  /// What an earlier process left is understood so; the file is not asked about it again.
  void conclude(int slot, const Progress &progress);
  /// [any] What became of it is in the history now.
  void free(int slot);

 private:
  struct Slot;
  struct File;
  File *file_ = nullptr;
  std::vector<Left> left_;
};

}  // namespace civicast::cable
