// SPDX-License-Identifier: Apache-2.0
// How a new version of the plugin is taken up: offered by plugins.lock, tried, and put in the place
// of the old one when whoever knows the placements says that the moment is good.
#include <algorithm>

#include "host/workers/faults.hpp"
#include "host/workers/program.hpp"
#include "host/workers/worker.hpp"

namespace civicast::workers {
namespace {

constexpr std::int64_t look_every_ms = 500;
constexpr std::int64_t trial_every_ms = 10;
constexpr std::int64_t ask_again_ms = 1'000;

}  // namespace

/// Reads again what will be started: trusted, its manifest, its settings.
Result<void, Faults> Worker::take_version() {
  std::optional<Trusted> version;
  if (!lock_.file().empty()) {
    Result<Trusted> found = confirmed(lock_.file(), spec_.plugin_dir);
    if (!found) return Faults{found.fault()};
    version = *std::move(found);
  }
  Result<Manifest, Faults> manifest = read_manifest(spec_.plugin_dir);
  if (!manifest) return manifest.fault();
  Result<Json, Faults> settings = typed_settings(*manifest, spec_.settings, spec_.house_format);
  if (!settings) return settings.fault();
  running_ = std::move(version);
  manifest_ = *std::move(manifest);
  settings_ = *std::move(settings);
  renewal_.forget();
  return {};
}

/// The successor that waits already, and is of the version that was on offer; nothing if there is
/// none, or if it has ended.
std::optional<Process> Worker::take_successor() {
  std::optional<Process> successor = renewal_.take_successor();
  if (!successor) return successor;
  Result<Json, Faults> settings =
      typed_settings(renewal_.manifest(), spec_.settings, spec_.house_format);
  if (!settings) return std::nullopt;
  running_ = renewal_.version();
  manifest_ = renewal_.manifest();
  settings_ = *std::move(settings);
  renewal_.forget();
  return successor;
}

void Worker::refuse_renewal(const Fault &cause) {
  Fault refused = about(faults::renewal_refused, {"reason", cause.sentence(Lang::en)},
                        {"reason_zh", cause.sentence(Lang::zh)});
  listener_.on_log(spec_.channel, 3, std::move(refused).with_detail(cause.detail()).text());
}

void Worker::look_for_renewal(std::int64_t now_ms) {
  if (lock_.file().empty()) return;
  if (const auto tried = renewal_.on_time(now_ms); !tried) refuse_renewal(tried.fault());
  if (now_ms < next_look_ms_) return;
  next_look_ms_ = now_ms + look_every_ms;
  if (!lock_.has_changed()) return;
  // Waiting after a death, or refused: the person who changed the lock waits for it.
  if (state_ == State::waiting) wait_until_ms_ = std::min(wait_until_ms_, now_ms);
  if (!process_) return;
  const auto offered = renewal_.offer(running_, lock_, spec_);
  if (!offered) return refuse_renewal(offered.fault().front());
  if (!*offered || !renewal_.manifest().command.empty()) return;
  const auto program =
      program_of({spec_.runner, spec_.plugin_dir, spec_.state_dir}, renewal_.manifest());
  const Result<void> begun =
      program ? renewal_.begin_trial(*program, now_ms) : Result<void>(program.fault());
  if (!begun) refuse_renewal(begun.fault());
}

std::int64_t Worker::next_look_ms(std::int64_t now_ms) const {
  return renewal_.is_on_trial() ? now_ms + trial_every_ms : next_look_ms_;
}

bool Worker::is_renewable() const {
  return state_ == State::ready && renewal_.is_ready() && !is_renewal_asked_ &&
         steady_ms() >= renewal_again_ms_;
}

void Worker::renew() {
  if (!is_renewable()) return;
  // The lock may have changed again since.
  const auto still = confirmed(lock_.file(), spec_.plugin_dir);
  const auto program =
      program_of({spec_.runner, spec_.plugin_dir, spec_.state_dir}, renewal_.manifest());
  if (!still || *still != renewal_.version() || !program) return renewal_.forget();
  if (const auto begun = renewal_.begin_successor(*program); !begun) {
    renewal_again_ms_ = steady_ms() + ask_again_ms;
    return refuse_renewal(begun.fault());
  }
  is_renewal_asked_ = true;
  if (!manifest_.can_hand_over) return hand_over(wire::Verdict::done);
  call(wire::CallKind::handover, {},
       [this](const wire::Answer &answer) { hand_over(answer.verdict); });
}

void Worker::hand_over(wire::Verdict verdict) {
  is_renewal_asked_ = false;
  // It ended while it was asked: the next start takes the new version anyway.
  if (state_ != State::ready || !renewal_.is_ready()) return;
  if (verdict != wire::Verdict::done) {
    renewal_again_ms_ = steady_ms() + ask_again_ms;
    return renewal_.end_successor();
  }
  const std::string to = renewal_.version().version;
  reason_ = Fault(faults::worker_renewed, {{"channel", spec_.channel},
                                           {"plugin", manifest_.id},
                                           {"version", manifest_.version},
                                           {"to", to}});
  is_renewing_ = true;
  end(steady_ms());
}

}  // namespace civicast::workers
