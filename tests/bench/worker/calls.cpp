// SPDX-License-Identifier: Apache-2.0
// A call's round trip, and as its limit the same bytes between two processes that do nothing else.
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "sdk/base/disk.hpp"
#include "sdk/base/short_wait.hpp"
#include "sdk/wire/frame.hpp"
#include "tests/bench/worker/measure.hpp"

namespace civicast::bench {
namespace {

constexpr std::size_t rounds = 20'000;

/// Reads one message that `other` wrote whole. `waiting`: asks a few times before it sleeps.
bool get(int socket, ShortWait *waiting) {
  char chunk[4096];
  ssize_t got = -1;
  const auto ask = [&](int flags) {
    got = ::recv(socket, chunk, sizeof chunk, flags);
    return got >= 0;
  };
  if (waiting && waiting->is_there([&] { return ask(MSG_DONTWAIT); })) return got > 0;
  ask(0);
  if (waiting) waiting->slept();
  return got > 0;
}

double ping_pong_us(const std::string &ping, const std::string &pong, bool is_eager) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::runtime_error("socketpair");
  Fd ours(ends[0]), theirs(ends[1]);
  ShortWait waiting;
  ShortWait *const how = is_eager ? &waiting : nullptr;
  const pid_t other = ::fork();
  if (other < 0) throw std::runtime_error("fork");
  if (other == 0) {
    ours.reset();
    while (get(theirs.get(), how) && write_all(theirs.get(), pong)) {
    }
    ::_exit(0);
  }
  theirs.reset();
  std::vector<double> times;
  for (std::size_t i = 0; i < rounds; ++i) {
    const Instant start = now();
    if (!write_all(ours.get(), ping) || !get(ours.get(), how))
      throw std::runtime_error("ping-pong");
    times.push_back(us_since(start));
  }
  ours.reset();
  ::waitpid(other, nullptr, 0);
  return quantile(times, 0.5);
}

}  // namespace

void calls(Json &out) {
  const wire::Placement what = test::placement("p", "0 0 0");
  wire::Call call;
  call.id = rounds;
  call.kind = wire::CallKind::check;
  call.placement = what;
  wire::Answer answer;
  answer.re = rounds;
  const std::string ping = wire::frame(wire::write(wire::ToWorker(call)));
  const std::string pong = wire::frame(wire::write(wire::ToHost(answer)));

  workers::Pace pace;
  pace.status_every_ms = 60'000;
  Bench bench("spout", pace);
  bench.supervisor.poll(100);
  const double asleep_us = ping_pong_us(ping, pong, false);
  const double eager_us = ping_pong_us(ping, pong, true);
  std::vector<double> times;
  for (std::size_t i = 0; i < rounds; ++i)
    times.push_back(bench.call_us(wire::CallKind::check, what));
  out["call_us"] = spread(times, 0.99, "p99");
  out["call_us"]["limit_ping_pong"] = eager_us;
  out["call_us"]["limit_ping_pong_asleep"] = asleep_us;
  out["call_us"]["times_limit"] = quantile(times, 0.5) / eager_us;
  out["call_us"]["times_limit_asleep"] = quantile(times, 0.5) / asleep_us;
}

}  // namespace civicast::bench
