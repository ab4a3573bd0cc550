// SPDX-License-Identifier: Apache-2.0
// What a worker is asked, and what it says.
#include <algorithm>
#include <utility>

#include "host/workers/faults.hpp"
#include "host/workers/printable.hpp"
#include "host/workers/worker.hpp"
#include "sdk/wire/words.hpp"

namespace civicast::workers {

// ---- what the worker says

void Worker::on(const wire::Hello &hello) {
  if (state_ == State::ending) return;  // it was asked to end before it could say so
  const bool is_ours = hello.plugin == manifest_.id && hello.plugin_version == manifest_.version;
  if (state_ != State::starting || !is_ours || hello.abi.rfind("1.", 0) != 0)
    return break_off(Fault(faults::hello_wrong,
                           {{"is", (hello.plugin + " " + hello.plugin_version).substr(0, 200)},
                            {"abi", hello.abi.substr(0, 20)},
                            {"wanted", manifest_.id + " " + manifest_.version}}));
  if (hello.outbox_seq < acked_) acked_ = 0;  // its outbox was begun anew
  wire::Welcome welcome;
  welcome.epoch = epoch_;
  welcome.acked = acked_;
  welcome.clock_offset_ns = spec_.clock_offset_ns;
  welcome.settings = to_text(settings_);
  welcome.state_dir = std::filesystem::absolute(spec_.state_dir).string();
  welcome.locale = spec_.locale;
  state_ = State::opening;
  state_since_ms_ = steady_ms();
  send(welcome);
}

void Worker::on(const wire::Answer &answer) {
  if (answer.re == 0) return on_opened(answer);
  if (!in_hand_ || answer.re != in_hand_->call.id)
    return break_off(Fault(faults::answer_unasked, {{"re", std::to_string(answer.re)}}));
  const Asked asked = std::move(*in_hand_);
  in_hand_.reset();
  asked.done(answer);
  pump();
}

void Worker::on_opened(const wire::Answer &answer) {
  if (state_ != State::opening) return;
  const std::int64_t now_ms = steady_ms();
  if (answer.verdict != wire::Verdict::done) {
    std::string reason;
    for (const wire::Note &note : answer.notes)
      reason += note.message + (note.at.empty() ? " " : " (" + note.at + ") ");
    reason_ = about(faults::worker_not_opened, {"reason", printable(reason)});
    return end(now_ms);
  }
  state_ = State::ready;
  state_since_ms_ = ready_ms_ = now_ms;
  next_status_ms_ = now_ms;
  listener_.on_ready(spec_.channel, epoch_);
  pump();
}

void Worker::on(wire::FactBatch batch) {
  stuck_ = std::move(batch);
  take_batch();
}

void Worker::take_batch() {
  const wire::FactBatch &batch = *stuck_;
  Origin origin{spec_.channel, epoch_, batch.seq, manifest_.id, manifest_.version};
  origin.best = wire::evidence(manifest_.evidence).value_or(wire::Evidence::inferred);
  if (!listener_.on_facts(origin, batch.facts)) {
    stuck_until_ms_ = steady_ms() + pace_.resend_ms;
    return;
  }
  acked_ = std::max(acked_, batch.seq);
  stuck_.reset();
  send(wire::Acked{acked_});
}

void Worker::on(const wire::Alive &alive) {
  busy_ms_ = alive.busy_ms;
}

void Worker::on(const wire::Bye &bye) {
  if (bye.notes.empty() || reason_) return;
  reason_ = about(faults::worker_not_opened, {"reason", printable(bye.notes.front().message)});
}

// ---- calls

std::int64_t Worker::limit_ms(wire::CallKind kind) const {
  const Limits &limits = manifest_.limits;
  const double seconds[] = {limits.open_s,   limits.check_s,  limits.publish_s, limits.withdraw_s,
                            limits.recall_s, limits.status_s, limits.handover_s};
  return static_cast<std::int64_t>(seconds[static_cast<std::size_t>(kind)] * 1000);
}

void Worker::call(wire::CallKind kind, wire::Placement placement, Supervisor::Done done) {
  Asked asked;
  asked.call.id = next_call_++;
  asked.call.kind = kind;
  asked.call.within_ms = limit_ms(kind);
  asked.call.placement = std::move(placement);
  asked.done = std::move(done);
  waiting_.push_back(std::move(asked));
  pump();
}

void Worker::pump() {
  if (state_ != State::ready || in_hand_ || waiting_.empty()) return;
  in_hand_ = std::move(waiting_.front());
  waiting_.pop_front();
  in_hand_->deadline_ms = steady_ms() + in_hand_->call.within_ms;
  if (send(in_hand_->call)) return;
  // It ended before, which is heard next: it must not be blamed, nor the call be thought to be out.
  waiting_.push_front(*std::exchange(in_hand_, std::nullopt));
}

void Worker::ask_status(std::int64_t now_ms) {
  next_status_ms_ = now_ms + pace_.status_every_ms;
  call(wire::CallKind::status, {}, [this](const wire::Answer &answer) {
    if (answer.verdict == wire::Verdict::refused) has_status_ = false;
    if (answer.verdict == wire::Verdict::done && !answer.status.empty())
      if (const Result<Json> read = parse_json(answer.status)) status_ = *read;
  });
}

void Worker::fail_calls() {
  // A callback may ask again; what it asks waits for the next life.
  std::deque<Asked> never_sent = std::move(waiting_);
  waiting_.clear();
  std::optional<Asked> was_in_hand = std::move(in_hand_);
  in_hand_.reset();
  wire::Answer answer;
  answer.notes.push_back({3, 0, "worker.ended", "", "The channel's worker ended.", ""});
  if (was_in_hand) {
    answer.re = was_in_hand->call.id;
    answer.verdict = wire::Verdict::unknown;
    was_in_hand->done(answer);
  }
  answer.verdict = wire::Verdict::later;
  for (const Asked &asked : never_sent) {
    answer.re = asked.call.id;
    asked.done(answer);
  }
}

}  // namespace civicast::workers
