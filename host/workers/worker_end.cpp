// SPDX-License-Identifier: Apache-2.0
// Deadlines, and every way in which a worker ends.
#include <signal.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "host/workers/backtrace.hpp"
#include "host/workers/faults.hpp"
#include "host/workers/printable.hpp"
#include "host/workers/worker.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::workers {
namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

}  // namespace

// ---- time

std::int64_t Worker::next_time_ms() const {
  if (lock_.file().empty() || state_ == State::stopped) return due_ms();
  return std::min(due_ms(), next_look_ms(steady_ms()));
}

std::int64_t Worker::due_ms() const {
  switch (state_) {
    case State::waiting:
      return wait_until_ms_;
    case State::stopped:
      return never;
    case State::starting:
      return deadline_ms();
    case State::opening:
      return stuck_ ? stuck_until_ms_
                    : std::min(deadline_ms(), heard_ms_ + pace_.heartbeat_lost_ms);
    case State::ending:
      return stuck_ ? std::min(stuck_until_ms_, std::min(term_at_ms_, kill_at_ms_))
                    : std::min(term_at_ms_, kill_at_ms_);
    case State::ready:
      break;
  }
  if (stuck_) return stuck_until_ms_;
  const std::int64_t next = std::min(heard_ms_ + pace_.heartbeat_lost_ms, deadline_ms());
  if (in_hand_) return next;
  return has_status_ ? std::min(next, next_status_ms_) : next;
}

void Worker::on_time(std::int64_t now_ms) {
  if (!is_stop_wanted_) look_for_renewal(now_ms);
  if (state_ == State::waiting && now_ms >= wait_until_ms_) return start(now_ms);
  if (stuck_ && now_ms >= stuck_until_ms_) {
    take_batch();
    if (stuck_) return;
    // While nothing was read, nothing could be heard: all limits begin anew.
    heard_ms_ = now_ms;
    if (state_ == State::opening) state_since_ms_ = now_ms;
    if (in_hand_) in_hand_->deadline_ms = now_ms + in_hand_->call.within_ms;
    read_frames();
  }
  if (stuck_ || due_ms() > now_ms || !process_) return;
  if (state_ == State::ending) return press(now_ms);
  if (now_ms >= deadline_ms()) return kill(late(limit_of_state_ms()));
  if (now_ms >= heard_ms_ + pace_.heartbeat_lost_ms && state_ != State::starting)
    return kill(about(faults::worker_silent, {"limit", std::to_string(pace_.heartbeat_lost_ms)}));
  if (state_ == State::ready) ask_status(now_ms);
}

/// What it was told to do by now: say hello, open, answer.
std::int64_t Worker::deadline_ms() const {
  if (state_ == State::ready) return in_hand_ ? in_hand_->deadline_ms : never;
  return state_since_ms_ + limit_of_state_ms();
}

std::int64_t Worker::limit_of_state_ms() const {
  if (state_ == State::starting) return pace_.hello_ms;
  if (state_ == State::opening) return limit_ms(wire::CallKind::open);
  return in_hand_ ? in_hand_->call.within_ms : pace_.bye_ms;
}

Fault Worker::late(std::int64_t limit_ms) const {
  const Fault::Fact limit{"limit", std::to_string(limit_ms)};
  if (state_ == State::starting) return about(faults::worker_no_hello, limit);
  return about(faults::worker_late, limit, {"what", in_hand(Lang::en)},
               {"what_zh", in_hand(Lang::zh)});
}

/// It was asked to end and has not.
void Worker::press(std::int64_t now_ms) {
  if (!reason_) reason_ = late(pace_.bye_ms);
  const bool is_last = now_ms >= kill_at_ms_;
  process_->signal_group(is_last ? SIGKILL : SIGTERM);
  term_at_ms_ = never;
  if (is_last) kill_at_ms_ = never;
}

// ---- ending

void Worker::stop(std::int64_t now_ms) {
  is_stop_wanted_ = true;
  if (!process_) {
    state_ = State::stopped;
    fail_calls();
  } else if (state_ != State::ending) {
    end(now_ms);
  }
}

void Worker::end(std::int64_t now_ms) {
  state_ = State::ending;
  term_at_ms_ = now_ms + pace_.bye_ms;
  kill_at_ms_ = term_at_ms_ + pace_.term_ms;
  send(wire::Bye{});
}

void Worker::kill(Fault reason) {
  if (!reason_) reason_ = std::move(reason);
  state_ = State::ending;
  term_at_ms_ = kill_at_ms_ = never;
  process_->signal_group(SIGKILL);
}

void Worker::break_off(const Fault &reason) {
  kill(about(faults::worker_protocol, {"reason", printable(reason.sentence(Lang::en))},
             {"reason_zh", printable(reason.sentence(Lang::zh))}));
  process_->close_socket();
}

std::string Worker::in_hand(Lang lang) const {
  if (state_ == State::opening) return "open";
  if (!in_hand_) return state_ == State::ending ? "close" : "";
  const std::string call(word(in_hand_->call.kind));
  const std::string &id = in_hand_->call.placement.id;
  if (id.empty()) return call;
  return lang == Lang::zh ? call + "（播出项 " + id + "）" : call + " of placement " + id;
}

std::string Worker::doing(Lang lang) const {
  const bool is_zh = lang == Lang::zh;
  if (state_ == State::starting)
    return is_zh ? "，当时还没有报到（hello）" : " before it said hello";
  const std::string what = in_hand(lang);
  if (what.empty()) return is_zh ? "，当时空闲" : " while idle";
  return is_zh ? "，当时正在执行 " + what : " while it had " + what + " in hand";
}

Fault Worker::about(const FaultKind &kind, const Fault::Fact &first, const Fault::Fact &second,
                    const Fault::Fact &third) const {
  const bool is_again = !is_stop_wanted_;
  return Fault(kind, {{"channel", spec_.channel},
                      {"plugin", manifest_.id},
                      {"version", manifest_.version},
                      {"doing", doing(Lang::en)},
                      {"doing_zh", doing(Lang::zh)},
                      {"next", is_again ? "It is started again by itself. " : ""},
                      {"next_zh", is_again ? "它会自动重新启动。" : ""},
                      first,
                      second,
                      third});
}

Fault Worker::death_fault(const Ending &ending) const {
  if (reason_) return *reason_;
  if (is_stop_wanted_ && ending.is_clean) return about(faults::worker_stopped);
  return about(faults::worker_ended, {"how", ending.how});
}

/// To the operator: in the log, and as the fault that the console shows.
void Worker::tell(const Fault &fault) {
  last_fault_ = to_json(fault);
  last_fault_["detail"] = fault.detail();
  last_fault_["time"] = rfc3339(SystemClock().now_ns() + spec_.clock_offset_ns);
  listener_.on_log(spec_.channel, 3, fault.text());
}

void Worker::on_death(const Ending &ending) {
  const std::int64_t now_ms = steady_ms();
  if (process_->out() >= 0) read_pipe(process_->out(), out_lines_, false);
  if (process_->err() >= 0) read_pipe(process_->err(), err_lines_, true);
  read_frames();
  read_socket();
  Gone gone{spec_.channel,
            epoch_,
            ready_ms_ != 0,
            is_stop_wanted_ || is_renewing_,
            death_fault(ending).with_detail(demangled(err_lines_.last_lines())),
            wire::CallKind::status,
            {}};
  if (in_hand_) {
    gone.call = in_hand_->call.kind;
    gone.placement = in_hand_->call.placement.id;
  }
  const std::int64_t lived_ms = ready_ms_ ? now_ms - ready_ms_ : 0;
  process_.reset();
  stuck_.reset();
  ready_ms_ = 0;
  busy_ms_ = -1;
  status_ = nullptr;
  const bool is_renewed = std::exchange(is_renewing_, false) && !is_stop_wanted_;
  is_renewal_asked_ = false;
  if (!gone.reason.is(faults::worker_stopped) && !is_renewed) {
    tell(gone.reason);
  }
  if (is_stop_wanted_) {
    state_ = State::stopped;
  } else if (is_renewed) {
    state_ = State::waiting;
    wait_until_ms_ = now_ms;
    listener_.on_log(spec_.channel, 1, gone.reason.text());
  } else {
    ++restarts_;
    is_unclean_ = true;
    state_ = State::waiting;
    wait_until_ms_ = now_ms + backoff_.after_death_ms(lived_ms);
  }
  state_since_ms_ = now_ms;
  if (!is_renewed) fail_calls();  // what waits for its turn waits for the new version
  listener_.on_gone(gone);
}

Json Worker::snapshot() const {
  static constexpr const char *names[] = {"waiting", "starting", "opening",
                                          "ready",   "ending",   "stopped"};
  return {{"state", names[static_cast<std::size_t>(state_)]},
          {"pid", process_ ? process_->pid() : 0},
          {"epoch", epoch_},
          {"plugin", manifest_.id},
          {"version", manifest_.version},
          {"restarts", restarts_},
          {"deaths_in_a_row", backoff_.streak()},
          {"last_fault", last_fault_},
          {"busy_ms", busy_ms_},
          {"new_version", renewal_.is_ready() ? Json(renewal_.version().version) : Json(nullptr)},
          {"status", status_}};
}

}  // namespace civicast::workers
