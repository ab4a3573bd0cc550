// SPDX-License-Identifier: Apache-2.0
#include "host/workers/supervisor.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "host/workers/faults.hpp"
#include "host/workers/leftovers.hpp"
#include "host/workers/schema.hpp"
#include "host/workers/watch.hpp"
#include "host/workers/worker.hpp"

namespace civicast::workers {

struct Supervisor::Inside {
  Listener &listener;
  Pace pace;
  struct Watched {
    std::unique_ptr<Worker> worker;
    std::size_t number;  ///< in the watch
  };
  std::map<std::string, Watched> workers;
  Watch watch;

  const Watched &at(const std::string &channel) const {
    const auto found = workers.find(channel);
    if (found == workers.end()) throw std::logic_error("supervisor: no channel " + channel);
    return found->second;
  }
  bool is_all_stopped() const {
    return std::all_of(workers.begin(), workers.end(),
                       [](const auto &entry) { return entry.second.worker->is_stopped(); });
  }
};

Supervisor::Supervisor(Listener &listener, Pace pace)
    : inside_(new Inside{listener, pace, {}, {}}) {}

Supervisor::~Supervisor() = default;

Result<void, Faults> Supervisor::add(WorkerSpec spec) {
  if (inside_->workers.count(spec.channel))
    return Faults{Fault(faults::channel_twice, {{"channel", spec.channel}})};
  Result<Manifest, Faults> manifest = read_manifest(spec.plugin_dir);
  if (!manifest) return manifest.fault();
  if (auto typed = typed_settings(*manifest, spec.settings, spec.house_format); !typed)
    return typed.fault();
  const std::string channel = spec.channel;
  auto worker = std::make_unique<Worker>(std::move(spec), std::move(*manifest), inside_->listener,
                                         inside_->pace);
  const std::size_t number = inside_->watch.add(*worker);
  inside_->workers.emplace(channel, Inside::Watched{std::move(worker), number});
  return {};
}

bool Supervisor::is_ready(const std::string &channel) const {
  const auto found = inside_->workers.find(channel);
  return found != inside_->workers.end() && found->second.worker->is_ready();
}

bool Supervisor::is_renewable(const std::string &channel) const {
  const auto found = inside_->workers.find(channel);
  return found != inside_->workers.end() && found->second.worker->is_renewable();
}

void Supervisor::renew(const std::string &channel) {
  const Inside::Watched &watched = inside_->at(channel);
  watched.worker->renew();
  inside_->watch.touch(watched.number);
}

const Manifest &Supervisor::manifest(const std::string &channel) const {
  return inside_->at(channel).worker->manifest();
}

void Supervisor::call(const std::string &channel, wire::CallKind kind, wire::Placement placement,
                      Done done) {
  const Inside::Watched &watched = inside_->at(channel);
  watched.worker->call(kind, std::move(placement), std::move(done));
  inside_->watch.touch(watched.number);
}

bool Supervisor::step(int timeout_ms) {
  return inside_->watch.step(timeout_ms);
}

void Supervisor::poll(int timeout_ms) {
  const std::int64_t until_ms = steady_ms() + timeout_ms;
  do {
    step(static_cast<int>(std::max<std::int64_t>(until_ms - steady_ms(), 0)));
  } while (steady_ms() < until_ms);
}

void Supervisor::stop() {
  const std::int64_t now_ms = steady_ms();
  for (const auto &[channel, watched] : inside_->workers) {
    watched.worker->stop(now_ms);
    inside_->watch.touch(watched.number);
  }
  // A process that even SIGKILL cannot end (a disk that hangs) is left to the kernel.
  const std::int64_t until_ms = now_ms + inside_->pace.bye_ms + inside_->pace.term_ms + 2'000;
  while (!inside_->is_all_stopped() && steady_ms() < until_ms) step(100);
  std::set<std::filesystem::path> folders;
  for (const auto &[channel, watched] : inside_->workers)
    folders.insert(std::filesystem::absolute(watched.worker->state_dir()));
  if (!folders.empty()) kill_leftovers(folders);
}

Json Supervisor::snapshot() const {
  Json out = Json::object();
  for (const auto &[channel, watched] : inside_->workers) out[channel] = watched.worker->snapshot();
  return out;
}

}  // namespace civicast::workers
