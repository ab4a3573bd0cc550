// SPDX-License-Identifier: Apache-2.0
// An output whose writing may have to wait for a disk: behind a queue, on a thread of its own.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "plugins/cable/send/backlog.hpp"
#include "plugins/cable/send/cutter.hpp"
#include "plugins/cable/send/fate.hpp"
#include "plugins/cable/send/tally.hpp"

namespace civicast::cable {

/// What becomes of the signal, cut where a file can begin. All of it on the recorder's thread.
class Tape : public Cutter::Sink {
 public:
  /// The bytes that follow were sent at this instant.
  virtual void now(std::int64_t at_ns) = 0;
  /// What has been handed over is to be in the file.
  virtual void flush() = 0;
  virtual void close() = 0;
};

/// Turns lost bytes into lost datagrams. A tape tells of each byte once, in their order.
class LossCount {
 public:
  explicit LossCount(Tally &tally) : tally_(tally) {}
  void written(std::size_t bytes);
  void lost(std::size_t bytes, const Cause &cause, int error = 0);
  void lost(std::size_t bytes, int error) { lost(bytes, cause_of(error), error); }
  /// Neither: nobody was to have them.
  void left_out(std::size_t bytes) { told_bytes_ += bytes; }

  /// Bytes of which has been told.
  std::size_t told_bytes() const { return told_bytes_; }
  struct Loss {
    std::size_t from_bytes = 0, to_bytes = 0;
    std::int64_t datagrams = 0;
  };
  std::vector<Loss> take() { return std::exchange(losses_, {}); }

 private:
  static std::int64_t datagrams(std::size_t &rest, std::size_t bytes);
  Tally &tally_;
  std::size_t lost_rest_ = 0, written_rest_ = 0, told_bytes_ = 0;
  std::vector<Loss> losses_;
};

/// Which datagram a byte belongs to. Bytes follow each other, datagrams that were dropped do not.
class ByteMap {
 public:
  void add(std::int64_t number, std::size_t bytes);
  /// The datagram that byte `at` is in; behind the last byte, the next.
  std::int64_t number_at(std::size_t at) const;
  void forget_before(std::size_t at);

 private:
  struct Stretch {
    std::size_t from_bytes, to_bytes;
    std::int64_t number;
  };
  std::deque<Stretch> stretches_;
  std::size_t bytes_ = 0;
};

class Recorder final : public Output {
 public:
  struct Target {
    std::string rel, href;
    std::int64_t rate = 0;                 ///< bit/s of the signal
    std::function<std::int64_t()> now_ns;  ///< [any] UTC
  };
  using Load = std::function<std::unique_ptr<Tape>(LossCount &)>;
  /// `load` is called on the recorder's thread, for it may have to read a disk.
  Recorder(const Target &target, Load load);
  ~Recorder() override;
  std::int64_t send(const std::vector<iovec> &datagrams) override;
  News news() override;
  OutputState state() const override { return tally_.state(); }

 private:
  void run(const Load &load);
  void tell(LossCount &loss, ByteMap &map);

  Tally tally_;
  Fate fate_;
  std::int64_t handed_ = 0, queued_ = 0;  ///< [playout] numbers: the next one, behind the last put
  Backlog backlog_;
  std::function<std::int64_t()> now_ns_;
  std::thread thread_;
};

}  // namespace civicast::cable
