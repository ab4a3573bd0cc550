// SPDX-License-Identifier: Apache-2.0
// How soon a worker is there, and how soon the host knows that it is not.
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "host/workers/process.hpp"
#include "sdk/wire/frame.hpp"
#include "tests/bench/worker/measure.hpp"

namespace civicast::bench {
namespace {

constexpr std::size_t rounds = 100;

void wait_readable(int fd) {
  pollfd entry{fd, POLLIN, 0};
  if (::poll(&entry, 1, 60'000) != 1) throw std::runtime_error("nothing to read");
}

const std::filesystem::path plugin_dir = test::spec_of("echo", {}).plugin_dir;

workers::Process spawned(const std::vector<std::string> &command,
                         const std::filesystem::path &state) {
  std::filesystem::create_directories(state);
  auto process = workers::Process::spawn({command, plugin_dir, state, 0, 0});
  if (!process) throw std::runtime_error(process.fault().text());
  return std::move(*process);
}

double spawn_to_hello_ms(const std::filesystem::path &state) {
  const Instant start = now();
  workers::Process process = spawned({CIVICAST_RUNNER, plugin_dir.string()}, state);
  wire::FrameReader frames;
  for (;;) {
    wait_readable(process.socket());
    char chunk[4096];
    const ssize_t got = ::recv(process.socket(), chunk, sizeof chunk, 0);
    if (got <= 0) throw std::runtime_error("no hello");
    frames.feed({chunk, static_cast<std::size_t>(got)});
    const auto text = frames.next();
    if (text && *text) break;
  }
  const double ms = ms_since(start);
  process.close_socket();
  wait_readable(process.pidfd());
  return ms;
}

/// A program that does nothing, started the same way, until it has ended.
double bare_start_ms(const std::filesystem::path &state) {
  const Instant start = now();
  const workers::Process process = spawned({"/bin/true"}, state);
  wait_readable(process.pidfd());
  return ms_since(start);
}

/// A program that only sleeps, from its kill until the kernel says that it has ended.
double bare_noticed_ms(const std::filesystem::path &state) {
  const workers::Process process = spawned({"/bin/sleep", "60"}, state);
  pollfd not_yet{process.pidfd(), POLLIN, 0};
  ::poll(&not_yet, 1, 5);  // it shall be asleep
  const Instant killed = now();
  ::kill(process.pid(), SIGKILL);
  wait_readable(process.pidfd());
  return ms_since(killed);
}

}  // namespace

void lives(Json &out) {
  const test::TempFolder folder;
  std::vector<double> hello, bare, bare_noticed, noticed, again;
  for (std::size_t i = 0; i < rounds; ++i) {
    bare.push_back(bare_start_ms(folder / "bare"));
    bare_noticed.push_back(bare_noticed_ms(folder / "bare"));
    hello.push_back(spawn_to_hello_ms(folder / "state"));
  }
  workers::Pace pace = test::hasty();
  pace.status_every_ms = 60'000;
  Bench bench("echo", pace);
  for (std::size_t i = 0; i < rounds; ++i) {
    bench.supervisor.poll(5);
    const pid_t pid = bench.pid();
    const Instant killed = now();
    ::kill(pid, SIGKILL);
    while (bench.recorder.gone.size() <= i) bench.supervisor.step(100);
    noticed.push_back(ms_since(killed));
    const Instant gone = now();
    bench.wait_ready();
    again.push_back(ms_since(gone));
  }
  out["spawn_to_hello_ms"] = spread(hello, 0.95, "p95");
  out["spawn_to_hello_ms"]["limit_bin_true"] = quantile(bare, 0.5);
  out["spawn_to_hello_ms"]["times_limit"] = quantile(hello, 0.5) / quantile(bare, 0.5);
  out["death_to_open_ms"] = spread(again, 0.95, "p95");
  out["crash_noticed_ms"] = spread(noticed, 0.95, "p95");
  out["crash_noticed_ms"]["limit_bin_sleep"] = quantile(bare_noticed, 0.5);
  out["crash_noticed_ms"]["times_limit"] = quantile(noticed, 0.5) / quantile(bare_noticed, 0.5);
  out["idle_worker_private_kib"] = kib_of(Bench("echo").pid(), "Private_Dirty");
}

}  // namespace civicast::bench
