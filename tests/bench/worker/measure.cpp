// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/worker/measure.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace civicast::bench {

Instant now() {
  return std::chrono::steady_clock::now();
}
double ms_since(Instant start) {
  return std::chrono::duration<double, std::milli>(now() - start).count();
}
double us_since(Instant start) {
  return 1000 * ms_since(start);
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values.at(static_cast<std::size_t>(share * static_cast<double>(values.size() - 1)));
}

Json spread(const std::vector<double> &values, double share, const char *name) {
  return {{"median", quantile(values, 0.5)}, {name, quantile(values, share)}};
}

namespace {

/// The number behind `name` in a file of lines "name: number".
double number_in(const std::string &file, const std::string &name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.rfind(name + ":", 0) == 0) return std::stod(line.substr(name.size() + 1));
  throw std::runtime_error(file + " lacks " + name);
}

std::filesystem::path folder_of(pid_t pid) {
  return "/proc/" + std::to_string(pid);
}

}  // namespace

double kib_of(pid_t pid, const std::string &line) {
  return number_in(folder_of(pid) / "smaps_rollup", line);
}

double cpu_ms_of(pid_t pid) {
  double total_ns = 0;
  for (const auto &thread : std::filesystem::directory_iterator(folder_of(pid) / "task")) {
    std::ifstream in(thread.path() / "schedstat");
    double on_cpu_ns = 0;
    in >> on_cpu_ns;
    total_ns += on_cpu_ns;
  }
  return total_ns / 1e6;
}

double sleeps_of(pid_t pid) {
  double total = 0;
  for (const auto &thread : std::filesystem::directory_iterator(folder_of(pid) / "task"))
    total += number_in(thread.path() / "status", "voluntary_ctxt_switches");
  return total;
}

Bench::Bench(const std::string &plugin, workers::Pace pace) : supervisor(recorder, pace) {
  if (!supervisor.add(test::spec_of(plugin, folder / "state"))) throw std::runtime_error(plugin);
  wait_ready();
}

void Bench::wait_ready() {
  if (!test::step_until(supervisor, [this] { return supervisor.is_ready("one"); }))
    throw std::runtime_error("not ready");
}

double Bench::call_us(wire::CallKind kind, const wire::Placement &what) {
  const Instant start = now();
  bool is_done = false;
  supervisor.call("one", kind, what, [&](const wire::Answer &) { is_done = true; });
  while (!is_done) supervisor.step(100);
  return us_since(start);
}

pid_t Bench::pid() const {
  return supervisor.snapshot()["one"]["pid"].get<pid_t>();
}

}  // namespace civicast::bench
