// SPDX-License-Identifier: Apache-2.0
// What a worker costs: `bench-worker`. Its last line is one JSON object.
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "tests/plugins/harness.hpp"

using namespace civicast;
using namespace civicast::test;
using wire::CallKind;

namespace {

using Instant = std::chrono::steady_clock::time_point;
Instant now() {
  return std::chrono::steady_clock::now();
}
double ms_since(Instant start) {
  return std::chrono::duration<double, std::milli>(now() - start).count();
}
double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values.at(static_cast<std::size_t>(share * static_cast<double>(values.size() - 1)));
}

struct Bench {
  Bench(const std::string &plugin, workers::Pace pace = hasty()) : supervisor(recorder, pace) {
    if (!supervisor.add(spec_of(plugin, folder / "state"))) throw std::runtime_error(plugin);
    wait_ready();
  }
  void wait_ready() {
    if (!step_until(supervisor, [this] { return supervisor.is_ready("one"); }))
      throw std::runtime_error("not ready");
  }
  double call_ms(CallKind kind, const wire::Placement &what) {
    const Instant start = now();
    bool is_done = false;
    supervisor.call("one", kind, what, [&](const wire::Answer &) { is_done = true; });
    while (!is_done) supervisor.step(100);
    return ms_since(start);
  }
  pid_t pid() const { return supervisor.snapshot()["one"]["pid"].get<pid_t>(); }

  TempFolder folder;
  Recorder recorder;
  workers::Supervisor supervisor;
};

/// Kills a worker many times: how soon the host knows, and how soon there is another.
void lives(Json &out) {
  workers::Pace pace = hasty();
  pace.status_every_ms = 60'000;
  Bench bench("echo", pace);
  std::vector<double> noticed, again;
  for (std::size_t i = 0; i < 50; ++i) {
    bench.supervisor.poll(5);
    const Instant killed = now();
    ::kill(bench.pid(), SIGKILL);
    while (bench.recorder.gone.size() <= i) bench.supervisor.step(100);
    noticed.push_back(ms_since(killed));
    const Instant gone = now();
    bench.wait_ready();
    again.push_back(ms_since(gone));
  }
  out["crash_noticed_ms"] = {{"median", quantile(noticed, 0.5)}, {"p95", quantile(noticed, 0.95)}};
  out["spawn_to_open_ms"] = {{"median", quantile(again, 0.5)}, {"p95", quantile(again, 0.95)}};
}

void calls(Json &out) {
  workers::Pace pace;
  pace.status_every_ms = 60'000;
  Bench bench("spout", pace);
  bench.supervisor.poll(100);
  std::vector<double> times;
  for (int i = 0; i < 20'000; ++i)
    times.push_back(1000 * bench.call_ms(CallKind::check, placement("p", "0 0 0")));
  out["call_us"] = {{"median", quantile(times, 0.5)}, {"p99", quantile(times, 0.99)}};
}

/// From the first emit until the host has all of them.
double facts_per_s(const std::string &command, std::size_t count) {
  Bench bench("spout", workers::Pace{});
  const double ms = bench.call_ms(CallKind::publish, placement("p", command));
  if (bench.recorder.facts.size() != count) throw std::runtime_error("facts lost");
  return static_cast<double>(count) / ms * 1000;
}

double private_kib() {
  Bench bench("echo");
  std::ifstream smaps("/proc/" + std::to_string(bench.pid()) + "/smaps_rollup");
  for (std::string line; std::getline(smaps, line);)
    if (line.rfind("Private_Dirty:", 0) == 0) return std::stod(line.substr(14));
  return -1;
}

}  // namespace

int main() {
  Json out = {{"bench", "worker"}};
  std::puts("a worker's deaths and starts …");
  lives(out);
  std::puts("calls …");
  calls(out);
  std::puts("facts, each on disk before emit returns …");
  out["facts_per_s_batches_of_500"] = facts_per_s("1 400 500", 200'000);
  out["facts_per_s_64_single_emitters"] = facts_per_s("64 500 1", 32'000);
  out["idle_worker_private_kib"] = private_kib();
  std::puts(out.dump().c_str());
}
