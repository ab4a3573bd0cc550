// SPDX-License-Identifier: Apache-2.0
// What the parts of bench-worker share: instants, quantiles, what the kernel says of a process, and
// one worker under supervision.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/plugins/harness.hpp"

namespace civicast::bench {

using Instant = std::chrono::steady_clock::time_point;
Instant now();
double ms_since(Instant start);
double us_since(Instant start);
double quantile(std::vector<double> values, double share);
/// {"median", "<name of share>"}
Json spread(const std::vector<double> &values, double share, const char *name);

/// Of /proc/PID/smaps_rollup, in KiB: "Private_Dirty", "Pss".
double kib_of(pid_t pid, const std::string &line);
/// Processor time of all threads of a process so far.
double cpu_ms_of(pid_t pid);
/// How often threads of a process have gone to sleep so far.
double sleeps_of(pid_t pid);

struct Bench {
  explicit Bench(const std::string &plugin, workers::Pace pace = test::hasty());
  void wait_ready();
  double call_us(wire::CallKind kind, const wire::Placement &what);
  pid_t pid() const;

  test::TempFolder folder;
  test::Recorder recorder;
  workers::Supervisor supervisor;
};

// The parts. Each adds its figures, and the limit that it measured at the same time.
void lives(Json &out);
void calls(Json &out);
void facts(Json &out);
void crowd(Json &out, std::size_t channels);

}  // namespace civicast::bench
