// SPDX-License-Identifier: Apache-2.0
// Has our own checkpoints cosigned by the witnesses of the policy: a thread of its own that nothing
// waits for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "host/ledger/ledger.hpp"
#include "host/ledger/policy.hpp"
#include "host/witness/poster.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/result.hpp"

namespace civicast::witness {

/// How one witness stands to our ledger.
struct Asked {
  std::string name;
  std::uint64_t size = 0;  ///< cosigned last, as far as this process knows
  std::int64_t at_s = 0;   ///< when, since 1970; 0: not since the start
  std::optional<Fault> fault;
};

struct Standing {
  std::optional<bool>
      is_met;              ///< of the newest checkpoint that was asked for; none before the first
  std::uint64_t size = 0;  ///< of the newest checkpoint that enough witnesses cosigned
  std::int64_t at_s = 0;
  std::string note;  ///< that checkpoint, with their cosignatures; empty: none yet
  std::optional<Fault> quorum_fault;
  std::vector<Asked> witnesses;
};

class Asker {
 public:
  struct Log {
    std::function<ledger::Signed()> newest;
    std::function<Result<std::vector<Hash>>(std::uint64_t from, std::uint64_t to)> consistency;
    std::filesystem::path cosigned;  ///< the file that keeps the newest cosigned checkpoint
  };
  using Post = std::function<std::vector<Delivered>(const std::vector<Letter> &)>;
  using Say = std::function<void(int level, const std::string &line)>;

  /// Nothing is asked before start() or round().
  Asker(ledger::Policy policy, Log log, const Clock &clock, Say say, Post post = {});
  ~Asker();  ///< stops; returns when letters under way are given up

  void start();
  /// One round: asks those that are due; true if there were any.
  bool round();
  Standing now() const;  ///< [any]

 private:
  struct Peer {
    const ledger::Witness *who = nullptr;
    std::uint64_t known = 0;    ///< cosigned last, as it said
    std::uint64_t done = 0;     ///< cosigned last, and that for this process
    std::int64_t next_ns = 0;   ///< not asked before
    std::int64_t pause_ns = 0;  ///< before the next try, after a failure
    std::string line;           ///< its cosignature of target_
  };
  void run();
  void read_cosigned();
  std::vector<std::size_t> due() const;
  /// Asks those, and returns those that told another size than was thought.
  std::vector<std::size_t> ask(const std::vector<std::size_t> &whom);
  bool take(std::size_t at, std::uint64_t old_size, const Delivered &delivered);
  bool take_cosignature(std::size_t at, const Delivered &delivered);
  bool take_size(std::size_t at, std::uint64_t old_size, const Delivered &delivered);
  void fail(std::size_t at, Fault fault, std::int64_t pause_ns);
  void conclude();

  ledger::Policy policy_;
  Log log_;
  const Clock &clock_;
  Say say_;
  Post post_;
  std::vector<Peer> peers_;
  ledger::Signed target_;  ///< what is being cosigned
  std::int64_t next_target_ns_ = 0;

  mutable std::mutex mutex_;  ///< standing_, is_stopping_ with stopping_
  Standing standing_;
  std::atomic<bool> is_stopping_{false};
  std::condition_variable stopping_;
  std::thread thread_;
};

}  // namespace civicast::witness
