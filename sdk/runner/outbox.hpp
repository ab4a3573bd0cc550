// SPDX-License-Identifier: Apache-2.0
// Facts on disk before emit returns, and kept until the host has them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sdk/runner/outbox_file.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::runner {

class Outbox {
 public:
  static Result<std::unique_ptr<Outbox>> open(const std::filesystem::path &file);

  /// [any] True: all are on disk. False: none is, the disk did not take them. Callers at the same
  /// time share one sync.
  bool put(const std::vector<wire::Fact> &facts);
  /// Called after each put that succeeded, on its thread. Set before the first put.
  void on_put(std::function<void()> tell) { tell_ = std::move(tell); }
  std::uint64_t last_seq() const;
  std::uint64_t cut_bytes() const { return file_.cut_bytes(); }

  /// [io] The oldest batch not yet taken, as a message's text; nothing when all are taken or too
  /// many bytes wait for their ack.
  std::optional<std::string> take();
  /// [io] seq of the last batch taken.
  std::uint64_t taken_seq() const { return taken_seq_; }
  /// [io] The host has everything up to `seq`.
  void acked(std::uint64_t seq);
  /// [io] The same before anything was taken: what the host says in its welcome.
  void skip(std::uint64_t seq);
  bool is_all_acked() const;

 private:
  struct Group {
    std::string bytes;
    std::uint64_t last_seq = 0;
    enum { waiting, good, bad } state = waiting;
  };
  explicit Outbox(OutboxFile file);
  void write_group(std::unique_lock<std::mutex> &lock);
  void drop_acked();

  mutable std::mutex mutex_;
  std::condition_variable written_;
  OutboxFile file_;
  std::shared_ptr<Group> open_group_ = std::make_shared<Group>();
  bool is_writing_ = false;
  std::uint64_t next_seq_;
  std::uint64_t acked_seq_;
  std::function<void()> tell_;

  // [io], but for drop_acked, which moves the offsets under the lock.
  std::uint64_t cursor_, acked_offset_;
  std::uint64_t taken_seq_;
  std::deque<std::pair<std::uint64_t, std::uint64_t>> unacked_;  ///< seq, offset behind it
};

}  // namespace civicast::runner
