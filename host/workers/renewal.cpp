// SPDX-License-Identifier: Apache-2.0
#include "host/workers/renewal.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "host/workers/faults.hpp"

namespace civicast::workers {
namespace {

constexpr std::int64_t trial_ms = 10'000;
constexpr std::size_t max_words_bytes = 4096;

/// What it said on its standard error before it ended.
std::string last_words(const Process &process) {
  std::string out(max_words_bytes, '\0');
  const ssize_t got = ::read(process.err(), out.data(), out.size());
  out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return out;
}

}  // namespace

bool LockWatch::has_changed() {
  struct stat info {};
  std::string now;
  if (::stat(lock_.c_str(), &info) == 0)
    now = std::to_string(info.st_ino) + " " + std::to_string(info.st_size) + " " +
          std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
  const bool is_new = stamp_ && *stamp_ != now;
  stamp_ = now;
  return is_new;
}

Result<bool, Faults> Renewal::offer(const std::optional<Trusted> &running, const LockWatch &lock,
                                    const WorkerSpec &spec) {
  forget();
  Result<Trusted> version = confirmed(lock.file(), spec.plugin_dir);
  if (!version) return Faults{version.fault()};
  if (running && *version == *running) return false;
  Result<Manifest, Faults> manifest = read_manifest(spec.plugin_dir);
  if (!manifest) return manifest.fault();
  if (auto typed = typed_settings(*manifest, spec.settings, spec.house_format); !typed)
    return typed.fault();
  version_ = *std::move(version);
  manifest_ = *std::move(manifest);
  is_offered_ = true;
  return true;
}

Result<void> Renewal::begin_trial(const Program &program, std::int64_t now_ms) {
  Program trial = program;
  trial.command.insert(trial.command.begin() + 1, "--try");
  Result<Process> process = Process::spawn(trial);
  if (!process) {
    forget();
    return process.fault();
  }
  trial_.emplace(*std::move(process));
  trial_until_ms_ = now_ms + trial_ms;
  return {};
}

Result<void> Renewal::on_time(std::int64_t now_ms) {
  if (!trial_) return {};
  const std::optional<Ending> ending = trial_->reap();
  if (!ending && now_ms < trial_until_ms_) return {};
  if (ending && ending->is_clean) {
    trial_.reset();
    return {};
  }
  Fault failed(faults::trial_failed, {{"how", ending ? ending->how : std::string("time-out")}});
  const std::string words = last_words(*trial_);
  forget();
  return std::move(failed).with_detail(words);
}

Result<void> Renewal::begin_successor(const Program &program) {
  Result<Process> process = Process::spawn(program);
  if (!process) return process.fault();
  successor_.emplace(*std::move(process));
  return {};
}

std::optional<Process> Renewal::take_successor() {
  if (successor_ && successor_->reap()) successor_.reset();
  std::optional<Process> taken;
  if (successor_) taken.emplace(*std::move(successor_));
  successor_.reset();
  return taken;
}

void Renewal::forget() {
  is_offered_ = false;
  trial_.reset();
  successor_.reset();
}

}  // namespace civicast::workers
