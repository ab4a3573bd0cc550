// SPDX-License-Identifier: Apache-2.0
// Many channels in one host: how soon all are ready, what they cost while nothing happens, how many
// calls they answer, and how soon a death among them is noticed.
#include <signal.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>

#include "tests/bench/worker/measure.hpp"

namespace civicast::bench {
namespace {

constexpr int idle_ms = 10'000;
constexpr double calls_ms = 5'000;
constexpr std::size_t kills = 50;

class Crowd {
 public:
  explicit Crowd(std::size_t channels) : supervisor_(recorder_) {
    for (std::size_t i = 0; i < channels; ++i) {
      const std::string name = "channel-" + std::to_string(i);
      workers::WorkerSpec spec = test::spec_of("echo", folder_ / name);
      spec.channel = name;
      if (!supervisor_.add(spec)) throw std::runtime_error(name);
      names_.push_back(name);
    }
  }

  double ready_ms() {
    const Instant start = now();
    if (!test::step_until(supervisor_, [this] { return recorder_.ready.size() == names_.size(); }))
      throw std::runtime_error("not all are ready");
    return ms_since(start);
  }

  Json idle() {
    supervisor_.poll(1'000);  // what starting left to do
    const std::vector<pid_t> pids = all_pids();
    const double host_ms = cpu_ms_of(::getpid()), workers_ms = sum(pids, cpu_ms_of),
                 sleeps = sum(pids, sleeps_of);
    const Instant start = now();
    supervisor_.poll(idle_ms);
    const double ms = ms_since(start), count = static_cast<double>(pids.size());
    return {{"host_cpu_percent", 100 * (cpu_ms_of(::getpid()) - host_ms) / ms},
            {"workers_cpu_percent", 100 * (sum(pids, cpu_ms_of) - workers_ms) / ms},
            {"wakes_per_worker_per_s", (sum(pids, sleeps_of) - sleeps) / ms * 1000 / count},
            {"workers_private_mib",
             sum(pids, [](pid_t pid) { return kib_of(pid, "Private_Dirty"); }) / 1024},
            {"workers_pss_mib", sum(pids, [](pid_t pid) { return kib_of(pid, "Pss"); }) / 1024},
            {"host_private_mib", kib_of(::getpid(), "Private_Dirty") / 1024}};
  }

  /// Each channel has a call in hand at all times.
  double calls_per_s() {
    std::size_t answered = 0, open = 0;
    bool is_over = false;
    const wire::Placement what = test::placement("p", "");
    std::function<void(const std::string &)> ask = [&](const std::string &name) {
      ++open;
      supervisor_.call(name, wire::CallKind::check, what, [&, name](const wire::Answer &answer) {
        --open;
        if (answer.verdict != wire::Verdict::done) throw std::runtime_error(name);
        ++answered;
        if (!is_over) ask(name);
      });
    };
    const Instant start = now();
    for (const std::string &name : names_) ask(name);
    while (ms_since(start) < calls_ms) supervisor_.step(100);
    const double per_s = static_cast<double>(answered) / ms_since(start) * 1000;
    is_over = true;
    while (open > 0) supervisor_.step(100);
    return per_s;
  }

  Json crash_noticed_ms() {
    const std::vector<pid_t> pids = all_pids();
    std::vector<double> noticed;
    for (std::size_t i = 0; i < std::min(kills, pids.size()); ++i) {
      supervisor_.poll(5);
      const std::size_t before = recorder_.gone.size();
      const Instant killed = now();
      ::kill(pids[i], SIGKILL);
      while (recorder_.gone.size() == before) supervisor_.step(100);
      noticed.push_back(ms_since(killed));
    }
    return spread(noticed, 0.95, "p95");
  }

  double stop_ms() {
    const Instant start = now();
    supervisor_.stop();
    return ms_since(start);
  }

 private:
  std::vector<pid_t> all_pids() const {
    std::vector<pid_t> out;
    for (const auto &worker : supervisor_.snapshot()) out.push_back(worker["pid"].get<pid_t>());
    return out;
  }
  template <class Measure>
  static double sum(const std::vector<pid_t> &pids, Measure measure) {
    double total = 0;
    for (const pid_t pid : pids) total += measure(pid);
    return total;
  }

  test::TempFolder folder_;
  test::Recorder recorder_;
  workers::Supervisor supervisor_;
  std::vector<std::string> names_;
};

}  // namespace

void crowd(Json &out, std::size_t channels) {
  Crowd crowd(channels);
  Json &mine = out["channels"];
  mine = {{"count", channels}};
  mine["all_ready_ms"] = crowd.ready_ms();
  mine["idle"] = crowd.idle();
  mine["calls_per_s"] = crowd.calls_per_s();
  mine["crash_noticed_ms"] = crowd.crash_noticed_ms();
  mine["all_stopped_ms"] = crowd.stop_ms();
}

}  // namespace civicast::bench
