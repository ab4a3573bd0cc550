// SPDX-License-Identifier: Apache-2.0
// A storm: an hour or more of a channel's life in which everything that can fail does, one fault
// over another, all of it drawn from one seed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/cable_faults/host.hpp"
#include "tests/unit/cable_faults/witness.hpp"
#include "tests/unit/cable_faults/worker.hpp"

namespace civicast::cable::faults {

struct StormPlan {
  std::uint64_t seed = 1;
  std::int64_t hours = 1;
  const formats::HouseFormat &house;
  bool has_file = false;
};

/// An instant or a time at which the signal may not be what was planned, on the monotonic clock.
struct Disturbance {
  std::int64_t from_ns = 0, until_ns = 0;
};

class Storm {
 public:
  explicit Storm(const StormPlan &plan);
  ~Storm();

  void run();

  // What the laws are applied to.
  const StormPlan plan;
  const ClipBook &clips;
  TempFolder folder;
  StormClock clock;
  Witness witness;
  TownHost host;
  std::vector<Disturbance> stalls, kills, steps;
  std::vector<std::string> breaches;        ///< of the law that the signal never ends
  std::map<std::string, std::int64_t> met;  ///< how often each fault, and each pair of them, came
  std::int64_t lives = 0, short_lives = 0, alive_ns = 0;

 private:
  struct Fault {
    std::int64_t mean_s = 0;
    void (Storm::*strike)() = nullptr;
    std::int64_t next_ns = 0;
  };
  void strike_all();
  void end_faults();
  void calm();
  void step_clock();
  void slew_clock();
  void cut_network();
  void stall();
  void kill_worker();
  void kill_inside();
  void strike_at_an_end();
  void kill_host();
  void fill_disk();
  void fail_sync();
  void bulletin();
  void replace_worker();

  void start_worker();
  void bury_worker(std::int64_t for_ns);
  void advance();
  void tell_time();
  void watch_rate();
  void watch_return();
  void meet(const std::string &what);
  std::int64_t roll(std::int64_t from, std::int64_t to);
  bool chance(int percent) { return roll(1, 100) <= percent; }

  std::mt19937_64 random_;
  Slate slate_;
  Way ways_[3];
  Site site_;
  std::unique_ptr<Worker> worker_;
  std::vector<Fault> faults_;
  std::int64_t next_fault_ns_ = 0;
  std::int64_t aimed_utc_ns_ = 0;  ///< the worker is to end, or to stall, where a placement ends
  std::int64_t rebirth_ns_ = 0, stall_for_ns_ = 0;
  std::int64_t network_back_ns_[2] = {0, 0};
  std::int64_t slew_end_ns_ = 0, host_back_ns_ = 0, disk_back_ns_ = 0, sync_back_ns_ = 0;
  // Of the time that is being watched.
  std::int64_t window_from_ns_ = 0, window_datagrams_ = 0, window_units_ = 0;
  std::int64_t born_datagrams_ = 0, born_ns_ = 0, latest_utc_ns_ = 0;
  bool is_return_watched_ = false;
  std::int64_t watched_from_ns_ = 0;  ///< so long after this the right picture is seen
};

}  // namespace civicast::cable::faults
