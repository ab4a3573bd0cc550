// SPDX-License-Identifier: Apache-2.0
// Facts that are on disk before emit returns, until the host has them all; and as their limit a
// file that gets the same bytes with as many syncs as a perfect group commit needs.
#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

#include "sdk/base/disk.hpp"
#include "tests/bench/worker/measure.hpp"

namespace civicast::bench {
namespace {

struct Load {
  std::size_t threads, batches, facts;
  std::size_t total() const { return threads * batches * facts; }
  std::string command() const {
    return std::to_string(threads) + " " + std::to_string(batches) + " " + std::to_string(facts);
  }
};

double facts_per_s(const Load &load) {
  Bench bench("spout", workers::Pace{});
  const double us = bench.call_us(wire::CallKind::publish, test::placement("p", load.command()));
  if (bench.recorder.facts.size() != load.total()) throw std::runtime_error("facts lost");
  return static_cast<double>(load.total()) / us * 1e6;
}

/// All threads' facts of one round in one write and one sync.
double limit_per_s(const Load &load) {
  wire::Fact fact;
  fact.placement = "p";
  fact.place = "screen-10";
  fact.status = wire::Status::aired_without_discrepancy;
  fact.start_ns = 1'700'000'000'000'000'000;
  fact.end_ns = 1'700'000'015'000'000'000;
  fact.proof = R"({"frames":375})";
  const std::size_t group = load.threads * load.facts;
  std::string bytes;
  for (std::size_t i = 0; i < group; ++i) bytes += wire::write_fact(fact);
  const test::TempFolder folder;
  const Fd file(::open((folder / "raw").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const Instant start = now();
  for (std::size_t i = 0; i < load.batches; ++i)
    if (!write_all(file.get(), bytes) || ::fdatasync(file.get()) != 0)
      throw std::runtime_error(std::strerror(errno));
  return static_cast<double>(load.total()) / us_since(start) * 1e6;
}

Json measured(const Load &load) {
  const double limit = limit_per_s(load), ours = facts_per_s(load);
  return {{"facts_per_s", ours}, {"limit_fdatasync", limit}, {"of_limit", ours / limit}};
}

}  // namespace

void facts(Json &out) {
  out["batches_of_500"] = measured({1, 400, 500});
  out["64_single_emitters"] = measured({64, 500, 1});
}

}  // namespace civicast::bench
