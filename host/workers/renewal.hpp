// SPDX-License-Identifier: Apache-2.0
// A new version of a running channel's plugin, from the moment a person trusts it until it runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "host/workers/manifest.hpp"
#include "host/workers/process.hpp"
#include "host/workers/supervisor.hpp"
#include "host/workers/trust.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/result.hpp"

namespace civicast::workers {

/// plugins.lock, noticed when it changes.
class LockWatch {
 public:
  explicit LockWatch(std::filesystem::path lock) : lock_(std::move(lock)) {}
  /// Whether it is another file than when this was last asked. The first time: no.
  bool has_changed();
  const std::filesystem::path &file() const { return lock_; }

 private:
  std::filesystem::path lock_;
  std::optional<std::string> stamp_;
};

class Renewal {
 public:
  /// Offers what the lock trusts now. True: it is another version than `running`, and its manifest
  /// and the channel's settings fit; a binary is first loaded on trial, in a process of its own.
  /// False: it is the running one. A fault: it cannot be taken up.
  Result<bool, Faults> offer(const std::optional<Trusted> &running, const LockWatch &lock,
                             const WorkerSpec &spec);
  /// What is started on trial: the version on offer, loaded and ended at once.
  Result<void> begin_trial(const Program &program, std::int64_t now_ms);
  /// Looks after the trial. A fault: it failed.
  Result<void> on_time(std::int64_t now_ms);

  /// Starts the successor while the old worker still runs: it loads the plugin, and waits for the
  /// channel's folder.
  Result<void> begin_successor(const Program &program);
  /// The one that was started, if it still runs.
  std::optional<Process> take_successor();
  void end_successor() { successor_.reset(); }

  bool is_on_trial() const { return trial_.has_value(); }
  /// Tried, and waiting for a good moment.
  bool is_ready() const { return is_offered_ && !trial_; }
  const Trusted &version() const { return version_; }
  const Manifest &manifest() const { return manifest_; }
  void forget();

 private:
  bool is_offered_ = false;
  Trusted version_;
  Manifest manifest_;
  std::optional<Process> trial_, successor_;
  std::int64_t trial_until_ms_ = 0;
};

}  // namespace civicast::workers
