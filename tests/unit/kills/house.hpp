// SPDX-License-Identifier: Apache-2.0
// A host without planner and doors: what the flow does with placements and facts, for channels that
// post to a fake platform, in a folder that outlives it. It may be killed at any moment, and begun
// again on the same folder.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "host/airings/intake.hpp"
#include "host/channels/desk.hpp"
#include "host/counts/index.hpp"
#include "host/ledger/ledger.hpp"
#include "host/store/store.hpp"
#include "host/workers/supervisor.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::kills {

/// One far side and what its plugin promises of it. The channel, the plugin and the platform's
/// account are named after it.
struct Kind {
  const char *name;
  bool can_be_asked;  ///< the platform says what became of a post
};
inline constexpr std::array<Kind, 4> kinds = {
    {{"idempotent", true}, {"once", true}, {"blind", false}, {"mute", false}}};

/// The system's, and whatever was skipped: pauses of minutes need not be waited for.
class SkippingClock final : public Clock {
 public:
  std::int64_t now_ns() const override { return system_.now_ns() + skipped_ns_; }
  void skip(std::int64_t by_ns) { skipped_ns_ += by_ns; }

 private:
  SystemClock system_;
  std::int64_t skipped_ns_ = 0;
};

struct HouseOptions {
  std::filesystem::path folder;
  std::string platform;                ///< "http://127.0.0.1:PORT"
  std::set<std::string> outlive_host;  ///< channels whose worker ends a little after its host
  /// 'o' opening, 't' taking facts, 'n' counting them, 'w' anything else.
  std::function<void(char)> on_stage = [](char) {};
  std::function<void(const workers::Gone &)> on_gone = [](const workers::Gone &) {};
};

/// Makes the empty ledger of a house that is to be begun in `folder`.
void found(const std::filesystem::path &folder);

class House final : public workers::Listener {
 public:
  /// Throws std::runtime_error on any fault, here and below.
  explicit House(HouseOptions options);

  /// One turn of the flow, at most `timeout_ms` of waiting.
  void turn(int timeout_ms);
  /// Hands the channel a placement that is due now, unless it has two that wait already.
  void feed(const std::string &channel);

  /// Turns until no item is open but those that are held; false: not within minutes.
  bool settle();
  /// Lets the time of everything pass, and turns until nothing is open; false: as above.
  bool close();
  /// Signs the ledger.
  void finish();

  workers::Supervisor &supervisor() { return *supervisor_; }

  void on_ready(const std::string &channel, std::uint64_t epoch) override;
  bool on_facts(const workers::Origin &origin, const std::vector<wire::Fact> &facts) override;
  void on_gone(const workers::Gone &gone) override;
  void on_log(const std::string &channel, int level, const std::string &line) override;

 private:
  void add_worker(const std::string &channel);
  channels::Heard take(const workers::Origin &origin, const std::vector<wire::Fact> &facts);
  void hand_again();
  bool turn_until_open_are(const std::function<bool(channels::State)> &are);

  HouseOptions options_;
  SkippingClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<airings::Intake> intake_;
  std::unique_ptr<counts::Index> index_;
  std::unique_ptr<channels::Desk> desk_;
  std::unique_ptr<workers::Supervisor> supervisor_;
  Fd handed_;
  std::map<std::string, int> handed_count_;
  std::map<std::string, std::set<std::string>> open_;  ///< of each channel, what has not ended
};

}  // namespace civicast::kills
