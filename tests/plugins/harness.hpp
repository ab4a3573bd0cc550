// SPDX-License-Identifier: Apache-2.0
// What tests of workers share: a folder of their own, and a listener that remembers.
#pragma once

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "host/workers/supervisor.hpp"

namespace civicast::test {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "civicast-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  ~TempFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TempFolder(const TempFolder &) = delete;
  TempFolder &operator=(const TempFolder &) = delete;
  std::filesystem::path operator/(const std::string &name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

class Recorder final : public workers::Listener {
 public:
  void on_ready(const std::string &, std::uint64_t epoch) override { ready.push_back(epoch); }
  bool on_facts(const workers::Origin &origin, const std::vector<wire::Fact> &said) override {
    if (!takes_facts) return false;
    origins.push_back(origin);
    facts.insert(facts.end(), said.begin(), said.end());
    return true;
  }
  void on_gone(const workers::Gone &how) override { gone.push_back(how); }
  void on_log(const std::string &, int level, const std::string &line) override {
    lines.push_back(std::to_string(level) + " " + line);
  }

  std::vector<std::uint64_t> ready;
  std::vector<workers::Origin> origins;
  std::vector<wire::Fact> facts;
  std::vector<workers::Gone> gone;
  std::vector<std::string> lines;
  bool takes_facts = true;
};

/// Deaths are forgiven at once, so that a test can kill often.
inline workers::Pace hasty() {
  workers::Pace pace;
  pace.healthy_ms = 0;
  pace.first_wait_ms = 5;
  pace.longest_wait_ms = 20;
  pace.status_every_ms = 50;
  return pace;
}

inline workers::WorkerSpec spec_of(const std::string &plugin, const std::filesystem::path &state) {
  workers::WorkerSpec spec;
  spec.channel = "one";
  spec.plugin_dir = std::filesystem::path(CIVICAST_TEST_PLUGINS) / plugin;
  spec.state_dir = state;
  spec.runner = CIVICAST_RUNNER;
  return spec;
}

/// Steps until `is_so`, for at most a minute: machines that build and test at once are slow.
inline bool step_until(workers::Supervisor &supervisor, const std::function<bool()> &is_so) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!is_so() && std::chrono::steady_clock::now() < until) supervisor.step(20);
  return is_so();
}

inline wire::Placement placement(const std::string &id, const std::string &command) {
  wire::Placement out;
  out.id = id;
  out.start_ns = 1'000'000'000;
  out.end_ns = 2'000'000'000;
  out.body = R"({"kind":"placement","text":{"zh":"","en":")" + command + R"("}})";
  return out;
}

}  // namespace civicast::test
