// SPDX-License-Identifier: Apache-2.0
// bench-selfcheck: what looking at a packet costs, against copying it, for packets of the engine's
// own signal; both in one run, each the best of several rounds.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "plugins/cable/ts/selfcheck.hpp"
#include "tests/unit/cable/rig.hpp"

namespace {

using namespace civicast::cable;

template <class Work>
double ns_of(Work &&work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
  return took.count();
}

/// So much lies in the ring at a time.
constexpr std::size_t kRing = 7 * 1024;

std::vector<std::uint8_t> signal_of(std::int64_t seconds) {
  std::vector<std::uint8_t> bytes;
  Rig rig;
  rig.output.bytes = &bytes;
  rig.plan("filler", house_file({.frames = 75}), 0, seconds * 25, Kind::filler, 75);
  rig.run_for_ms(seconds * 1000);
  return bytes;
}

struct Costs {
  double look_ns = std::numeric_limits<double>::max(), copy_ns = look_ns;
  std::int64_t violations = 0;
};

void measure(const std::vector<std::uint8_t> &bytes, Costs &best) {
  const std::size_t packets = bytes.size() / 188;
  std::vector<std::uint8_t> ring(kRing * 188);
  SelfCheck check(4'000'000);
  double look = 0, copy = 0;
  for (std::size_t at = 0; at < packets; at += kRing) {
    const std::size_t count = std::min(kRing, packets - at);
    copy += ns_of([&] {
      for (std::size_t i = 0; i < count; ++i)
        std::memcpy(&ring[i * 188], &bytes[(at + i) * 188], 188);
    });
    look += ns_of([&] {
      for (std::size_t i = 0; i < count; ++i) check.look(&ring[i * 188]);
    });
  }
  if (check.counters().packets != static_cast<std::int64_t>(packets))
    throw std::logic_error("not every packet was looked at");
  best.look_ns = std::min(best.look_ns, look / static_cast<double>(packets));
  best.copy_ns = std::min(best.copy_ns, copy / static_cast<double>(packets));
  best.violations = check.counters().violations();
}

}  // namespace

int main(int argc, char **argv) {
  CLI::App app{"看一个包的代价 · What looking at a packet costs"};
  std::int64_t seconds = 60;
  int rounds = 20;
  app.add_option("--seconds", seconds, "信号长度 · Length of the signal")
      ->check(CLI::PositiveNumber);
  app.add_option("--rounds", rounds, "轮数 · Rounds")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  const std::vector<std::uint8_t> bytes = signal_of(seconds);
  Costs costs;
  for (int i = 0; i < rounds; ++i) measure(bytes, costs);
  std::printf(
      "{\"packets\":%zu,\"look_ns\":%.2f,\"memcpy_ns\":%.2f,\"ratio\":%.2f,\"violations\":%lld}\n",
      bytes.size() / 188, costs.look_ns, costs.copy_ns, costs.look_ns / costs.copy_ns,
      static_cast<long long>(costs.violations));
}
