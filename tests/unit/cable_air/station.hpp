// SPDX-License-Identifier: Apache-2.0
// A host of one cable channel: the desk, the supervisor, the intake, the ledger and the counts as
// the flow has them, and the channel's worker, the real runner with the real plugin, in a process
// of its own, on the machine's own clock.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/airings/intake.hpp"
#include "host/channels/desk.hpp"
#include "host/counts/index.hpp"
#include "host/ledger/ledger.hpp"
#include "host/store/store.hpp"
#include "host/workers/supervisor.hpp"
#include "tests/plugins/harness.hpp"
#include "tests/unit/cable_air/programme.hpp"

namespace civicast::air {

/// How one worker ended at our hand, on the system's clock.
struct Kill {
  std::string amid;          ///< in words, for the printed table
  std::int64_t at_ns = 0;    ///< when it was asked of the kernel
  std::int64_t gone_ns = 0;  ///< when it was known to be gone
};

class Station final : public workers::Listener {
 public:
  /// Sends to `outputs`. Throws std::runtime_error on any fault, here and below.
  Station(const std::vector<std::string> &outputs, const workers::Pace &pace);

  /// Turns until it is so; throws when it is not within a minute.
  void until(const std::function<bool()> &is_so);
  void until_time(std::int64_t utc_ns);
  void until_ready();
  /// Hands the plan over; returns when the channel has taken all of it.
  void hand(const Plan &plan);
  /// kill -9 of the worker, now.
  void kill(const std::string &amid);
  /// Stops the worker's process, and lets it go on after so long.
  void hold_up(std::int64_t for_ns);
  pid_t pid() const;  ///< 0: there is none
  /// Turns until the plan is over and each of its placements has ended; then ends the worker.
  void close(const Plan &plan);

  /// All entries of the ledger that have been made of this channel's facts, in its order.
  std::vector<airings::Airing> entries() const;
  /// Of each placement how often the counts have it.
  std::map<std::string, int> counted() const;
  /// What an auditor's count by asset says, from the rolled-up tables.
  std::map<std::string, std::int64_t> counted_by_asset() const;
  /// Reads every byte of the ledger again; a sentence, or nothing when all of it is as signed.
  std::string verify();

  const std::vector<Kill> &kills() const { return kills_; }
  std::vector<std::int64_t> gone_ns() const;
  /// The worker's own counters, as last told.
  Json status() const;

  void on_ready(const std::string &channel, std::uint64_t epoch) override;
  bool on_facts(const workers::Origin &origin, const std::vector<wire::Fact> &facts) override;
  void on_gone(const workers::Gone &gone) override;
  void on_log(const std::string &channel, int level, const std::string &line) override;

 private:
  void turn(int timeout_ms);
  channels::Heard take(const workers::Origin &origin, const std::vector<wire::Fact> &facts);

  test::TempFolder folder_;
  SystemClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<airings::Intake> intake_;
  std::unique_ptr<counts::Index> index_;
  std::unique_ptr<channels::Desk> desk_;
  std::unique_ptr<workers::Supervisor> supervisor_;
  std::vector<Kill> kills_;
  std::size_t gone_ = 0;
};

std::int64_t now_ns();

}  // namespace civicast::air
