// SPDX-License-Identifier: Apache-2.0
// An output whose writing may have to wait for a disk: behind a queue, on a thread of its own.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "plugins/cable/send/backlog.hpp"
#include "plugins/cable/send/cutter.hpp"
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

/// Turns lost bytes into lost datagrams.
class LossCount {
 public:
  explicit LossCount(Tally &tally) : tally_(tally) {}
  void written(std::size_t bytes);
  void lost(std::size_t bytes, const Cause &cause, int error = 0);
  void lost(std::size_t bytes, int error) { lost(bytes, cause_of(error), error); }

 private:
  static std::int64_t datagrams(std::size_t &rest, std::size_t bytes);
  Tally &tally_;
  std::size_t lost_rest_ = 0, written_rest_ = 0;
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
  OutputState state() const override { return tally_.state(); }

 private:
  void run(const Load &load);

  Tally tally_;
  Backlog backlog_;
  std::function<std::int64_t()> now_ns_;
  std::thread thread_;
};

}  // namespace civicast::cable
