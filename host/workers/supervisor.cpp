// SPDX-License-Identifier: Apache-2.0
#include "host/workers/supervisor.hpp"

#include <poll.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "host/workers/faults.hpp"
#include "host/workers/schema.hpp"
#include "host/workers/worker.hpp"

namespace civicast::workers {

struct Supervisor::Inside {
  Listener &listener;
  Pace pace;
  std::map<std::string, std::unique_ptr<Worker>> workers;

  Worker &at(const std::string &channel) const {
    const auto found = workers.find(channel);
    if (found == workers.end()) throw std::logic_error("supervisor: no channel " + channel);
    return *found->second;
  }
  bool is_all_stopped() const {
    return std::all_of(workers.begin(), workers.end(),
                       [](const auto &entry) { return entry.second->is_stopped(); });
  }
};

Supervisor::Supervisor(Listener &listener, Pace pace) : inside_(new Inside{listener, pace, {}}) {}

Supervisor::~Supervisor() = default;

Result<void, Faults> Supervisor::add(WorkerSpec spec) {
  if (inside_->workers.count(spec.channel))
    return Faults{Fault(faults::channel_twice, {{"channel", spec.channel}})};
  Result<Manifest, Faults> manifest = read_manifest(spec.plugin_dir);
  if (!manifest) return manifest.fault();
  if (auto typed = typed_settings(*manifest, spec.settings); !typed) return typed.fault();
  const std::string channel = spec.channel;
  inside_->workers.emplace(channel, std::make_unique<Worker>(std::move(spec), std::move(*manifest),
                                                             inside_->listener, inside_->pace));
  return {};
}

bool Supervisor::is_ready(const std::string &channel) const {
  const auto found = inside_->workers.find(channel);
  return found != inside_->workers.end() && found->second->is_ready();
}

bool Supervisor::is_renewable(const std::string &channel) const {
  const auto found = inside_->workers.find(channel);
  return found != inside_->workers.end() && found->second->is_renewable();
}

void Supervisor::renew(const std::string &channel) {
  inside_->at(channel).renew();
}

const Manifest &Supervisor::manifest(const std::string &channel) const {
  return inside_->at(channel).manifest();
}

void Supervisor::call(const std::string &channel, wire::CallKind kind, wire::Placement placement,
                      Done done) {
  inside_->at(channel).call(kind, std::move(placement), std::move(done));
}

bool Supervisor::step(int timeout_ms) {
  std::vector<pollfd> entries(inside_->workers.size() * Worker::poll_entries);
  std::int64_t next_ms = steady_ms() + timeout_ms;
  std::size_t at = 0;
  for (const auto &[channel, worker] : inside_->workers) {
    worker->watch(&entries[at]);
    at += Worker::poll_entries;
    next_ms = std::min(next_ms, worker->next_time_ms());
  }
  const std::int64_t wait_ms = std::clamp<std::int64_t>(next_ms - steady_ms(), 0, timeout_ms);
  const int found = ::poll(entries.data(), entries.size(), static_cast<int>(wait_ms));
  bool any = false;
  at = 0;
  for (const auto &[channel, worker] : inside_->workers) {
    if (found > 0) any |= worker->handle(&entries[at]);
    at += Worker::poll_entries;
  }
  // After what was said, so that a pause of our own is not held against a worker.
  for (const auto &[channel, worker] : inside_->workers) worker->on_time(steady_ms());
  return any;
}

void Supervisor::poll(int timeout_ms) {
  const std::int64_t until_ms = steady_ms() + timeout_ms;
  do {
    step(static_cast<int>(std::max<std::int64_t>(until_ms - steady_ms(), 0)));
  } while (steady_ms() < until_ms);
}

void Supervisor::stop() {
  const std::int64_t now_ms = steady_ms();
  for (const auto &[channel, worker] : inside_->workers) worker->stop(now_ms);
  // A process that even SIGKILL cannot end (a disk that hangs) is left to the kernel.
  const std::int64_t until_ms = now_ms + inside_->pace.bye_ms + inside_->pace.term_ms + 2'000;
  while (!inside_->is_all_stopped() && steady_ms() < until_ms) step(100);
}

Json Supervisor::snapshot() const {
  Json out = Json::object();
  for (const auto &[channel, worker] : inside_->workers) out[channel] = worker->snapshot();
  return out;
}

}  // namespace civicast::workers
