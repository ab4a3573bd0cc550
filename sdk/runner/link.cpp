// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/link.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sdk/base/json.hpp"
#include "sdk/runner/host_side.hpp"

namespace civicast::runner {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto alive_every = 1s;
/// How long a plugin may take to close once the host is gone.
constexpr auto patience_when_gone = 3s;
/// How long the last facts may take to be acked; they stay in the outbox anyway.
constexpr auto patience_at_end = 1s;
constexpr std::size_t send_bytes = 1024 * 1024;
constexpr int exit_host_gone = 75;

}  // namespace

Link::Link(Fd socket, Outbox &outbox, const wire::Hello &hello)
    : socket_(std::move(socket)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      outbox_(outbox),
      next_alive_(steady_clock::now() + alive_every) {
  ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  outbox_.on_put([this] { wake(); });
  send(hello);
  thread_ = std::thread([this] { run(); });
}

Link::~Link() {
  is_gone_ = true;
  wake();
  thread_.join();
}

void Link::wake() const {
  const std::uint64_t one = 1;
  // It fails only when the counter is full: awake already.
  [[maybe_unused]] const ssize_t put = ::write(wake_.get(), &one, sizeof one);
}

// ---- the plugin's side

Task Link::next() {
  std::unique_lock lock(mutex_);
  is_busy_ = false;
  has_task_.wait(lock, [this] { return !tasks_.empty(); });
  Task task = std::move(tasks_.front());
  tasks_.pop_front();
  is_busy_ = true;
  busy_since_ = steady_clock::now();
  const auto *call = std::get_if<wire::Call>(&task);
  busy_call_ = call ? call->id : 0;
  return task;
}

void Link::answer(wire::Answer answer) {
  const std::uint64_t after = outbox_.last_seq();
  {
    const std::lock_guard lock(mutex_);
    due_.push_back({after, std::move(answer)});
  }
  wake();
}

void Link::finish() {
  std::unique_lock lock(mutex_);
  is_finishing_ = true;
  is_finished_.notify_all();
  wake();
  is_finished_.wait_for(lock, patience_at_end, [this] { return is_gone_.load(); });
}

void Link::put_task(Task task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  has_task_.notify_one();
}

// ---- the io thread

void Link::run() {
  try {
    while (!is_gone_) turn();
  } catch (const std::exception &breakdown) {
    write_log(3, std::string("the worker's link failed: ") + breakdown.what());
    ::_exit(70);
  }
  put_task(Close{});
  // The plugin may be inside a call that never ends, and nobody is left to end us.
  std::unique_lock lock(mutex_);
  is_finished_.notify_all();
  if (!is_finished_.wait_for(lock, patience_when_gone, [this] { return is_finishing_; }))
    ::_exit(exit_host_gone);
}

void Link::turn() {
  fill();
  flush();
  if (is_over()) {
    is_gone_ = true;
    return;
  }
  pollfd entries[] = {
      {socket_.get(), static_cast<short>(POLLIN | (to_send_.empty() ? 0 : POLLOUT)), 0},
      {wake_.get(), POLLIN, 0}};
  const auto wait =
      std::chrono::duration_cast<std::chrono::milliseconds>(next_alive_ - steady_clock::now());
  ::poll(entries, 2, static_cast<int>(std::clamp<std::int64_t>(wait.count() + 1, 0, 1000)));
  if (entries[1].revents) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof count);
  }
  if (entries[0].revents & (POLLIN | POLLHUP | POLLERR)) read();
  if (steady_clock::now() < next_alive_) return;
  next_alive_ = steady_clock::now() + alive_every;
  wire::Alive alive;
  {
    const std::lock_guard lock(mutex_);
    if (is_busy_) {
      alive.call = busy_call_;
      alive.busy_ms =
          std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - busy_since_)
              .count();
    }
  }
  send(alive);
}

bool Link::is_over() {
  const std::lock_guard lock(mutex_);
  return is_finishing_ && to_send_.empty() && due_.empty() && outbox_.is_all_acked();
}

/// Answers whose facts have gone before them, and facts, as long as the socket keeps up.
void Link::fill() {
  if (!is_welcome_) return;
  while (to_send_.size() < send_bytes) {
    std::unique_lock lock(mutex_);
    if (!due_.empty() && due_.front().after_seq <= outbox_.taken_seq()) {
      const wire::Answer answer = std::move(due_.front().answer);
      due_.pop_front();
      lock.unlock();
      send(answer);
      continue;
    }
    lock.unlock();
    const std::optional<std::string> batch = outbox_.take();
    if (!batch) return;
    to_send_ += wire::frame(*batch);
  }
}

void Link::flush() {
  std::size_t sent = 0;
  while (sent < to_send_.size()) {
    const ssize_t put =
        ::send(socket_.get(), to_send_.data() + sent, to_send_.size() - sent, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno != EAGAIN) is_gone_ = true;
    if (put < 0) break;
    sent += static_cast<std::size_t>(put);
  }
  to_send_.erase(0, sent);
}

void Link::send(const wire::ToHost &message) {
  to_send_ += wire::frame(wire::write(message));
}

void Link::read() {
  char chunk[64 * 1024];
  const ssize_t got = ::recv(socket_.get(), chunk, sizeof chunk, 0);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) {
    is_gone_ = true;
    return;
  }
  frames_.feed({chunk, static_cast<std::size_t>(got)});
  for (;;) {
    const auto text = frames_.next();
    const bool has = text && *text;
    if (text && !has) return;
    const Result<wire::ToWorker> message =
        has ? wire::read_to_worker(**text) : Result<wire::ToWorker>(text.fault());
    if (!message) {
      write_log(3, message.fault().sentence(Lang::en));
      is_gone_ = true;
      return;
    }
    on(*message);
  }
}

void Link::on(const wire::ToWorker &message) {
  if (const auto *acked = std::get_if<wire::Acked>(&message)) {
    outbox_.acked(acked->seq);
  } else if (const auto *welcome = std::get_if<wire::Welcome>(&message)) {
    outbox_.skip(welcome->acked);
    is_welcome_ = true;
    put_task(*welcome);
  } else if (const auto *call = std::get_if<wire::Call>(&message)) {
    put_task(*call);
  } else {
    put_task(Close{});
  }
}

}  // namespace civicast::runner
