// SPDX-License-Identifier: Apache-2.0
#include "host/workers/worker.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <limits>

#include "host/workers/faults.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::workers {
namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
/// So much is read from one worker before the others have their turn.
constexpr std::size_t bytes_per_turn = 4 * 1024 * 1024;

std::uint32_t seed_of(const std::string &channel) {
  return static_cast<std::uint32_t>(std::hash<std::string>()(channel));
}

}  // namespace

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Worker::Worker(WorkerSpec spec, Manifest manifest, Listener &listener, const Pace &pace)
    : spec_(std::move(spec)),
      manifest_(std::move(manifest)),
      listener_(listener),
      pace_(pace),
      backoff_(pace, seed_of(spec_.channel)),
      out_lines_([this](int level, const std::string &line) {
        listener_.on_log(spec_.channel, level, line);
      }),
      err_lines_([this](int level, const std::string &line) {
        listener_.on_log(spec_.channel, level, line);
      }) {}

// ---- starting

Result<void> Worker::take_epoch() {
  const auto file = spec_.state_dir / "epoch";
  std::error_code error;
  std::uint64_t last = epoch_;
  if (std::filesystem::exists(file, error)) {
    const Result<std::string> text = read_file(file, 64);
    if (!text) return text.fault();
    std::uint64_t read = 0;
    std::from_chars(text->data(), text->data() + text->size(), read);
    last = std::max(last, read);
  }
  // On disk before the worker exists: a number is never given twice.
  const Result<void> written = write_file_atomically(file, std::to_string(last + 1) + "\n", 0600);
  if (written) epoch_ = last + 1;
  return written;
}

void Worker::start(std::int64_t now_ms) {
  std::error_code error;
  std::filesystem::create_directories(spec_.state_dir, error);
  const auto failed = [&](const Fault &cause) {
    const Fault fault = about(faults::worker_not_started, cause.sentence(Lang::en));
    last_fault_ = to_json(fault);
    listener_.on_log(spec_.channel, 3, fault.text());
    wait_until_ms_ = now_ms + std::max<std::int64_t>(backoff_.after_death_ms(0), 50);
  };
  if (const Result<void> epoch = take_epoch(); !epoch) return failed(epoch.fault());
  Result<Process> process = Process::spawn(spec_.runner, spec_.plugin_dir, spec_.state_dir);
  if (!process) return failed(process.fault());
  process_.emplace(std::move(*process));
  frames_ = {};
  to_send_.clear();
  stuck_.reset();
  reason_.reset();
  has_status_ = true;
  state_ = State::starting;
  state_since_ms_ = heard_ms_ = now_ms;
}

// ---- what poll(2) is for

void Worker::watch(pollfd *entries) const {
  std::fill_n(entries, poll_entries, pollfd{-1, 0, 0});
  if (!process_) return;
  entries[0] = {process_->pidfd(), POLLIN, 0};
  const short writing = to_send_.empty() ? 0 : POLLOUT;
  const short reading = stuck_ ? 0 : POLLIN;
  // poll(2) tells POLLHUP unasked; with nothing to ask it would only spin.
  if (writing || reading)
    entries[1] = {process_->socket(), static_cast<short>(reading | writing), 0};
  entries[2] = {process_->out(), POLLIN, 0};
  entries[3] = {process_->err(), POLLIN, 0};
}

bool Worker::handle(const pollfd *entries) {
  if (!process_) return false;
  bool any = false;
  for (std::size_t i = 0; i < poll_entries; ++i)
    any |= entries[i].fd >= 0 && entries[i].revents != 0;
  if (!any) return false;
  if (entries[2].revents) read_pipe(process_->out(), out_lines_, false);
  if (entries[3].revents) read_pipe(process_->err(), err_lines_, true);
  if (entries[1].revents & POLLOUT) flush();
  if (entries[1].revents & (POLLIN | POLLHUP | POLLERR)) read_socket();
  // Last, so that everything it said before it died has been heard.
  if (entries[0].revents)
    if (const auto ending = process_->reap()) on_death(*ending);
  return true;
}

void Worker::read_pipe(int fd, LineCutter &cutter, bool is_err) {
  char chunk[16 * 1024];
  for (int turn = 0; turn < 16; ++turn) {
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got > 0) {
      cutter.feed({chunk, static_cast<std::size_t>(got)}, steady_ms());
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      cutter.finish(steady_ms());
      return is_err ? process_->close_err() : process_->close_out();
    } else {
      return;
    }
  }
}

void Worker::read_socket() {
  char chunk[64 * 1024];
  for (std::size_t total = 0; total < bytes_per_turn && !stuck_ && process_->socket() >= 0;) {
    const ssize_t got = ::recv(process_->socket(), chunk, sizeof chunk, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return process_->close_socket();  // its end comes by the pidfd
    total += static_cast<std::size_t>(got);
    heard_ms_ = steady_ms();
    frames_.feed({chunk, static_cast<std::size_t>(got)});
    read_frames();
  }
}

void Worker::read_frames() {
  while (!stuck_ && process_->socket() >= 0) {
    const auto text = frames_.next();
    if (!text) return break_off(text.fault().sentence(Lang::en));
    if (!*text) return;
    Result<wire::ToHost> message = wire::read_to_host(**text);
    if (!message) return break_off(message.fault().sentence(Lang::en));
    std::visit([this](auto &said) { on(std::move(said)); }, *message);
  }
}

void Worker::send(const wire::ToWorker &message) {
  if (!process_ || process_->socket() < 0) return;
  to_send_ += wire::frame(wire::write(message));
  flush();
}

void Worker::flush() {
  while (!to_send_.empty()) {
    const ssize_t put = ::send(process_->socket(), to_send_.data(), to_send_.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      // EAGAIN waits for POLLOUT; anything else is its death, which the pidfd tells.
      if (errno != EAGAIN) to_send_.clear();
      return;
    }
    to_send_.erase(0, static_cast<std::size_t>(put));
  }
}

// ---- what the worker says

void Worker::on(const wire::Hello &hello) {
  const bool is_ours = hello.plugin == manifest_.id && hello.plugin_version == manifest_.version;
  if (state_ != State::starting || !is_ours || hello.abi.rfind("1.", 0) != 0)
    return break_off("it says hello as " + hello.plugin + " " + hello.plugin_version + ", abi " +
                     hello.abi);
  if (hello.outbox_seq < acked_) acked_ = 0;  // its outbox was begun anew
  wire::Welcome welcome;
  welcome.epoch = epoch_;
  welcome.acked = acked_;
  welcome.clock_offset_ns = spec_.clock_offset_ns;
  welcome.settings = to_text(spec_.settings);
  welcome.state_dir = std::filesystem::absolute(spec_.state_dir).string();
  welcome.locale = spec_.locale;
  state_ = State::opening;
  state_since_ms_ = steady_ms();
  send(welcome);
}

void Worker::on(const wire::Answer &answer) {
  if (answer.re == 0) return on_opened(answer);
  if (!in_hand_ || answer.re != in_hand_->call.id) return break_off("an answer to no question");
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
    reason_ = about(faults::worker_not_opened, reason);
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
  const Origin origin{spec_.channel, epoch_, batch.seq, manifest_.id, manifest_.version};
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
  reason_ = about(faults::worker_not_opened, bye.notes.front().message);
}

// ---- calls

std::int64_t Worker::limit_ms(wire::CallKind kind) const {
  const Limits &limits = manifest_.limits;
  const double seconds[] = {limits.open_s,     limits.check_s,  limits.publish_s,
                            limits.withdraw_s, limits.recall_s, limits.status_s};
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
  send(in_hand_->call);
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

// ---- time

std::int64_t Worker::next_time_ms() const {
  switch (state_) {
    case State::waiting:
      return wait_until_ms_;
    case State::stopped:
      return never;
    case State::starting:
    case State::opening:
      return state_since_ms_ +
             (state_ == State::starting ? pace_.hello_ms : limit_ms(wire::CallKind::open));
    case State::ending:
      return stuck_ ? std::min(stuck_until_ms_, std::min(term_at_ms_, kill_at_ms_))
                    : std::min(term_at_ms_, kill_at_ms_);
    case State::ready:
      break;
  }
  if (stuck_) return stuck_until_ms_;
  std::int64_t next = heard_ms_ + pace_.heartbeat_lost_ms;
  if (in_hand_) return std::min(next, in_hand_->deadline_ms);
  return has_status_ ? std::min(next, next_status_ms_) : next;
}

void Worker::on_time(std::int64_t now_ms) {
  if (state_ == State::waiting && now_ms >= wait_until_ms_) return start(now_ms);
  if (stuck_ && now_ms >= stuck_until_ms_) {
    take_batch();
    if (stuck_) return;
    // While nothing was read, nothing could be heard: all limits begin anew.
    heard_ms_ = now_ms;
    if (in_hand_) in_hand_->deadline_ms = now_ms + in_hand_->call.within_ms;
    read_frames();
  }
  if (stuck_ || next_time_ms() > now_ms || !process_) return;

  if (state_ == State::ending) {
    const bool is_last = now_ms >= kill_at_ms_;
    process_->signal_group(is_last ? SIGKILL : SIGTERM);
    term_at_ms_ = never;
    if (is_last) kill_at_ms_ = never;
  } else if (state_ == State::ready && in_hand_ && now_ms >= in_hand_->deadline_ms) {
    kill(Fault(faults::worker_late, {{"channel", spec_.channel},
                                     {"plugin", manifest_.id},
                                     {"version", manifest_.version},
                                     {"limit", std::to_string(in_hand_->call.within_ms)},
                                     {"call", std::string(word(in_hand_->call.kind))},
                                     {"placement", in_hand_->call.placement.id}}));
  } else if (state_ == State::ready && now_ms < heard_ms_ + pace_.heartbeat_lost_ms) {
    ask_status(now_ms);
  } else {
    const std::int64_t limit = state_ == State::starting  ? pace_.hello_ms
                               : state_ == State::opening ? limit_ms(wire::CallKind::open)
                                                          : pace_.heartbeat_lost_ms;
    kill(Fault(faults::worker_silent,
               {{"channel", spec_.channel}, {"limit", std::to_string(limit)}}));
  }
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

void Worker::break_off(const std::string &reason) {
  kill(about(faults::worker_protocol, reason));
  process_->close_socket();
}

Fault Worker::about(const FaultKind &kind, const std::string &reason) const {
  return Fault(kind, {{"channel", spec_.channel},
                      {"plugin", manifest_.id},
                      {"version", manifest_.version},
                      {"reason", reason}});
}

Fault Worker::death_fault(const Ending &ending) const {
  if (is_stop_wanted_ && !reason_) return about(faults::worker_stopped);
  if (reason_) return *reason_;
  std::string doing, doing_zh;
  if (in_hand_) {
    const std::string call(word(in_hand_->call.kind));
    const std::string id = in_hand_->call.placement.id;
    doing = " while it had " + call + (id.empty() ? "" : " of placement " + id) + " in hand";
    doing_zh = "，当时正在执行 " + call + (id.empty() ? "" : "（播出项 " + id + "）");
  }
  return Fault(faults::worker_ended, {{"channel", spec_.channel},
                                      {"plugin", manifest_.id},
                                      {"version", manifest_.version},
                                      {"how", ending.how},
                                      {"doing", doing},
                                      {"doing_zh", doing_zh}});
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
            is_stop_wanted_,
            death_fault(ending).with_detail(err_lines_.last_lines()),
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
  if (is_stop_wanted_) {
    state_ = State::stopped;
  } else {
    ++restarts_;
    last_fault_ = to_json(gone.reason);
    last_fault_["detail"] = gone.reason.detail();
    state_ = State::waiting;
    wait_until_ms_ = now_ms + backoff_.after_death_ms(lived_ms);
    listener_.on_log(spec_.channel, 3, gone.reason.text());
  }
  state_since_ms_ = now_ms;
  fail_calls();
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
          {"last_fault", last_fault_},
          {"busy_ms", busy_ms_},
          {"status", status_}};
}

}  // namespace civicast::workers
