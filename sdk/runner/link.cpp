// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/link.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sdk/runner/host_side.hpp"

namespace civicast::runner {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto alive_every = 1s;
/// A call that lasts longer has the io thread read in the plugin's place. Shorter, and a bye is
/// seen sooner; longer, and the timer wakes a busy worker more rarely.
constexpr auto read_instead_after = 5ms;
/// How long a plugin may take to close once the host said bye or is gone.
constexpr auto patience_to_close = 3s;
/// How long the last facts may take to be acked; they stay in the outbox anyway.
constexpr auto patience_at_end = 1s;
constexpr int exit_broken = 70;

void drain(int fd) {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(fd, &count, sizeof count);
}

[[noreturn]] void end_broken(const std::exception &breakdown) {
  write_log(3, std::string("the worker's link failed: ") + breakdown.what());
  ::_exit(exit_broken);
}

}  // namespace

Link::Link(Fd socket, Outbox &outbox, const wire::Hello &hello)
    : socket_(std::move(socket)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)),
      outbox_(outbox),
      sender_(socket_.get(), outbox),
      next_alive_(steady_clock::now() + alive_every),
      left_(steady_clock::now()) {
  outbox_.on_put([this] {
    try {
      heed(sender_.push());
    } catch (const std::exception &breakdown) {
      end_broken(breakdown);
    }
  });
  heed(sender_.say(hello));
  thread_ = std::thread([this] { run(); });
}

Link::~Link() {
  {
    const std::lock_guard lock(mutex_);
    is_finishing_ = true;
    changed_.notify_all();
  }
  give_up();
  thread_.join();
  outbox_.on_put(nullptr);
}

// ---- the plugin's side

Task Link::next() {
  std::unique_lock lock(mutex_);
  call_.reset();
  is_listening_ = true;
  while (tasks_.empty() && !is_gone_) {
    if (reader_ == Reader::io) {
      changed_.wait(lock);
      continue;
    }
    reader_ = Reader::plugin;
    lock.unlock();
    wait_and_receive();
    lock.lock();
    reader_ = Reader::nobody;
  }
  is_listening_ = false;
  left_ = steady_clock::now();
  if (!is_armed_) arm(left_ + read_instead_after);
  if (tasks_.empty()) return Close{};
  Task task = std::move(tasks_.front());
  tasks_.pop_front();
  const auto *call = std::get_if<wire::Call>(&task);
  call_ = call ? call->id : 0;
  return task;
}

void Link::answer(const wire::Answer &answer) {
  heed(sender_.answer(answer));
}

void Link::finish() {
  std::unique_lock lock(mutex_);
  is_finishing_ = true;
  changed_.notify_all();
  wake();
  changed_.wait_for(lock, patience_at_end, [this] { return is_gone_.load(); });
}

// ---- the reader: the plugin thread or the io thread, never both

void Link::wait_and_receive() {
  if (waiting_.is_there([this] { return receive(); })) return;
  // Not in recv(2): that wakes each time the host has read what we sent, only to sleep again.
  pollfd entry{socket_.get(), POLLIN, 0};
  if (::poll(&entry, 1, -1) == 1) receive();
  waiting_.slept();
}

/// False: nothing was there.
bool Link::receive() {
  char chunk[64 * 1024];
  const ssize_t got = ::recv(socket_.get(), chunk, sizeof chunk, MSG_DONTWAIT);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return false;
  if (got <= 0) {
    give_up();
    return true;
  }
  frames_.feed({chunk, static_cast<std::size_t>(got)});
  bool may_send = false;
  for (;;) {
    const auto text = frames_.next();
    const bool has = text && *text;
    if (text && !has) break;
    const Result<wire::ToWorker> message =
        has ? wire::read_to_worker(**text) : Result<wire::ToWorker>(text.fault());
    if (!message) {
      write_log(3, message.fault().sentence(Lang::en));
      give_up();
      return true;
    }
    may_send |= on(*message);
  }
  if (may_send) heed(sender_.push());
  return true;
}

/// True: something that waited may go now.
bool Link::on(const wire::ToWorker &message) {
  if (const auto *acked = std::get_if<wire::Acked>(&message)) {
    outbox_.acked(acked->seq);
    return true;
  }
  if (const auto *welcome = std::get_if<wire::Welcome>(&message)) {
    heed(sender_.welcome(welcome->acked));
    put_task(*welcome);
  } else if (const auto *call = std::get_if<wire::Call>(&message)) {
    put_task(*call);
  } else {
    put_task(Close{});
  }
  return false;
}

// ---- what every thread may do

void Link::heed(Sender::Sent sent) {
  if (sent == Sender::Sent::blocked) wake();
  if (sent == Sender::Sent::failed) give_up();
}

void Link::put_task(Task task) {
  const std::lock_guard lock(mutex_);
  if (std::holds_alternative<Close>(task) && !close_by_) {
    close_by_ = steady_clock::now() + patience_to_close;
    wake();
  }
  tasks_.push_back(std::move(task));
  changed_.notify_all();
}

/// The host is gone, or says what nobody understands.
void Link::give_up() {
  is_gone_ = true;
  ::shutdown(socket_.get(), SHUT_RDWR);  // for whoever waits to read
  wake();
}

void Link::wake() {
  if (is_woken_.exchange(true)) return;
  const std::uint64_t one = 1;
  // It fails only when the counter is full: awake already.
  [[maybe_unused]] const ssize_t put = ::write(wake_.get(), &one, sizeof one);
}

// ---- the io thread

void Link::run() {
  try {
    while (!is_gone_) turn();
  } catch (const std::exception &breakdown) {
    end_broken(breakdown);
  }
  put_task(Close{});
  // The plugin may be inside a call that never ends, and nobody is left to end us.
  std::unique_lock lock(mutex_);
  if (!changed_.wait_until(lock, *close_by_, [this] { return is_finishing_; }))
    ::_exit(wire::exit_not_closed);
}

void Link::turn() {
  bool is_finishing = false;
  {
    const std::lock_guard lock(mutex_);
    is_finishing = is_finishing_;
    if (!is_finishing && close_by_ && steady_clock::now() >= *close_by_)
      ::_exit(wire::exit_not_closed);
  }
  if (is_finishing && sender_.is_done()) return give_up();
  const bool is_reading = take_reading();
  wait_for_events(is_reading);
  if (is_reading) stop_reading();
  if (steady_clock::now() >= next_alive_) say_alive();
}

/// Whether the io thread must read now: the plugin thread is inside a call that lasts.
bool Link::take_reading() {
  const std::lock_guard lock(mutex_);
  if (is_listening_) return false;
  const Instant from = left_ + read_instead_after;
  if (!is_finishing_ && steady_clock::now() < from) {
    if (!is_armed_) arm(from);
    return false;
  }
  reader_ = Reader::io;
  return true;
}

void Link::stop_reading() {
  const std::lock_guard lock(mutex_);
  reader_ = Reader::nobody;
  changed_.notify_all();
}

void Link::wait_for_events(bool is_reading) {
  const bool is_blocked = sender_.is_blocked();
  const auto events = static_cast<short>((is_reading ? POLLIN : 0) | (is_blocked ? POLLOUT : 0));
  // poll(2) tells POLLHUP unasked; with nothing to ask it would only spin.
  pollfd entries[] = {{events ? socket_.get() : -1, events, 0},
                      {wake_.get(), POLLIN, 0},
                      {timer_.get(), POLLIN, 0}};
  const auto wait =
      std::chrono::ceil<std::chrono::milliseconds>(next_instant() - steady_clock::now());
  ::poll(entries, 3, static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, 1000)));
  if (entries[1].revents) {
    is_woken_ = false;
    drain(wake_.get());
  }
  if (entries[2].revents) {
    const std::lock_guard lock(mutex_);
    drain(timer_.get());
    is_armed_ = false;
  }
  constexpr short ended = POLLHUP | POLLERR;
  if (is_blocked && (entries[0].revents & (POLLOUT | ended))) heed(sender_.unblock());
  if (is_reading && (entries[0].revents & (POLLIN | ended))) receive();
}

Link::Instant Link::next_instant() {
  const std::lock_guard lock(mutex_);
  return close_by_ && !is_finishing_ ? std::min(next_alive_, *close_by_) : next_alive_;
}

void Link::say_alive() {
  const Instant now = steady_clock::now();
  next_alive_ = now + alive_every;
  wire::Alive alive;
  {
    const std::lock_guard lock(mutex_);
    if (call_) {
      alive.call = *call_;
      alive.busy_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - left_).count();
    }
  }
  heed(sender_.say(alive));
}

/// Has the timer wake the io thread at `until`. Called with the lock held.
void Link::arm(Instant until) {
  const auto since_boot = until.time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
  itimerspec at{};
  at.it_value.tv_sec = seconds.count();
  at.it_value.tv_nsec = std::chrono::nanoseconds(since_boot - seconds).count();
  is_armed_ = ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &at, nullptr) == 0;
}

}  // namespace civicast::runner
