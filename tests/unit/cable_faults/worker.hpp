// SPDX-License-Identifier: Apache-2.0
// One life of the cable worker on a simulated clock: the runner's outbox and host side, and of the
// plugin all but the threads: desk, history, journal, restore, engine and outputs. What it knows it
// has from its folder, and when it is gone nothing else is left of it.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/cable/book/clerk.hpp"
#include "plugins/cable/play/desk.hpp"
#include "plugins/cable/play/engine.hpp"
#include "plugins/cable/send/udp.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/runner/host_side.hpp"
#include "sdk/runner/outbox.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable::faults {

/// The house clock and the machine's; they pass together until one is set.
class StormClock final : public Clock, public civicast::Clock {
 public:
  Pacer::Reading read() override { return {mono_ns, utc_ns}; }
  std::int64_t now_ns() const override { return utc_ns; }
  void pass(std::int64_t ns) {
    mono_ns += ns;
    utc_ns += ns + ns / 1'000'000 * slew_ppm;
  }
  std::int64_t mono_ns = 5'000'000'000;
  std::int64_t utc_ns = 1'800'000'000'000'000'000;
  std::int64_t slew_ppm = 0;
};

constexpr int kFirstPort = 5501, kSecondPort = 5502;

/// What outlives a worker.
struct Site {
  std::string folder;
  StormClock &clock;
  const formats::HouseFormat &house;
  const Slate &slate;
  bool has_file = false;  ///< a TS file is the third destination, and the evidence
  std::string tape() const { return folder + "/air.ts"; }
};

/// What is handed over the border.
struct Handing {
  std::string id, body, path;
  std::int64_t start_ns = 0, end_ns = 0;
};

class Worker {
 public:
  /// Opens as a new process does. Throws what keeps it from opening.
  explicit Worker(const Site &site);

  /// Sends what is due; returns when, on the monotonic clock, it wants to go on.
  std::int64_t tick();
  civ_verdict publish(const Handing &handing, std::int64_t *retry_ms);
  civ_verdict withdraw(const std::string &id);
  Recall recall(const std::string &id);
  /// Stops at a frame and leaves the rest to the next life.
  void hand_over();

  runner::Outbox &outbox() { return *outbox_; }
  const Engine &engine() const { return *engine_; }
  bool follows_another() const { return after_.has_value(); }
  std::size_t unsettled() const { return facts_.queue.size(); }

 private:
  /// The clerk without its thread.
  struct Facts final : FactSink {
    void put(Fact fact, int slot) override { queue.push_back({std::move(fact), slot, false}); }
    std::deque<Unsettled> queue;
  };
  void settle_all();
  std::string handover_path() const { return site_.folder + "/handover"; }

  const Site site_;
  std::unique_ptr<runner::Outbox> outbox_;
  runner::HostSide host_side_;
  civ_host raw_host_;
  Host host_;
  Schedule schedule_;
  std::int64_t found_bytes_ = -1;
  Journal journal_;
  History history_;
  UdpOutput first_, second_;
  std::unique_ptr<FileOutput> file_;
  Facts facts_;
  std::int64_t settle_again_ns_ = 0;
  std::optional<Handover> after_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace civicast::cable::faults
