// SPDX-License-Identifier: Apache-2.0
#include "host/workers/watch.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace civicast::workers {
namespace {

constexpr std::size_t per_worker = Worker::poll_entries;
/// Starting a process takes milliseconds: when many are due, those that speak are heard in between.
constexpr std::int64_t due_work_ms = 20;

static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT && EPOLLHUP == POLLHUP &&
              EPOLLERR == POLLERR);

[[noreturn]] void fail(const char *what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Watch::Watch() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) fail("epoll_create1");
}

std::size_t Watch::add(Worker &worker) {
  Entry entry{worker, {}, 0, never, false, false, {}};
  entry.watched.fill({-1, 0, 0});
  entries_.push_back(entry);
  touch(entries_.size() - 1);
  return entries_.size() - 1;
}

void Watch::touch(std::size_t number) {
  if (std::exchange(entries_[number].is_touched, true)) return;
  touched_.push_back(number);
}

bool Watch::step(int timeout_ms) {
  for (const std::size_t number : std::exchange(touched_, {})) {
    entries_[number].is_touched = false;
    settle(number);
  }
  const std::int64_t left_ms = due_.empty() ? timeout_ms : due_.begin()->first - steady_ms();
  const bool any = handle(wait(static_cast<int>(std::clamp<std::int64_t>(left_ms, 0, timeout_ms))));
  // After what was said, so that a pause of our own is not held against a worker.
  work_due();
  return any;
}

// ---- what the kernel and the clock shall tell of a worker

void Watch::settle(std::size_t number) {
  settle_descriptors(number);
  Entry &entry = entries_[number];
  const std::int64_t next_ms = entry.worker.next_time_ms();
  // Too early costs one look in vain; each answer puts its worker's instants off.
  if (next_ms >= entry.due_ms) return;
  due_.erase({entry.due_ms, number});
  due_.emplace(next_ms, number);
  entry.due_ms = next_ms;
}

void Watch::settle_descriptors(std::size_t number) {
  Entry &entry = entries_[number];
  pollfd wanted[per_worker];
  entry.worker.watch(wanted);
  // The descriptors of an earlier process are closed, and the kernel has forgotten them.
  if (std::exchange(entry.life, entry.worker.epoch()) != entry.worker.epoch())
    entry.watched.fill({-1, 0, 0});
  for (std::size_t i = 0; i < per_worker; ++i) {
    const pollfd was = std::exchange(entry.watched[i], wanted[i]);
    const bool is_same = was.fd == wanted[i].fd;
    if (is_same && was.events == wanted[i].events) continue;
    if (was.fd >= 0 && !is_same) control(EPOLL_CTL_DEL, was, 0);
    if (wanted[i].fd >= 0)
      control(is_same ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, wanted[i], number * per_worker + i);
  }
}

void Watch::control(int operation, const pollfd &what, std::uint64_t tag) {
  epoll_event event{};
  event.events = static_cast<std::uint32_t>(what.events);
  event.data.u64 = tag;
  if (::epoll_ctl(epoll_.get(), operation, what.fd, &event) == 0) return;
  // Closed already: then it is not watched any more.
  if (operation != EPOLL_CTL_DEL) fail("epoll_ctl");
}

// ---- a step

std::size_t Watch::wait(int timeout_ms) {
  events_.resize(std::max<std::size_t>(entries_.size() * per_worker, 1));
  int found = 0;
  const auto look = [&](int wait_ms) {
    found = ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), wait_ms);
    return found != 0;
  };
  if (timeout_ms == 0) {
    look(0);
  } else if (!waiting_.is_there([&] { return look(0); })) {
    look(timeout_ms);
    waiting_.slept();
  }
  return static_cast<std::size_t>(std::max(found, 0));
}

bool Watch::handle(std::size_t events) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < events; ++i) {
    const std::size_t number = events_[i].data.u64 / per_worker;
    entries_[number].found[events_[i].data.u64 % per_worker] =
        static_cast<short>(events_[i].events);
    if (!std::exchange(entries_[number].is_found, true)) found.push_back(number);
  }
  bool any = false;
  for (const std::size_t number : found) {
    Entry &entry = entries_[number];
    pollfd now[per_worker];
    entry.worker.watch(now);
    for (std::size_t i = 0; i < per_worker; ++i)
      if (now[i].fd >= 0) now[i].revents = entry.found[i];
    entry.found = {};
    entry.is_found = false;
    any |= entry.worker.handle(now);
    settle(number);
  }
  return any;
}

void Watch::work_due() {
  const std::int64_t now_ms = steady_ms();
  std::vector<std::size_t> due;
  for (auto at = due_.begin(); at != due_.end() && at->first <= now_ms; ++at)
    due.push_back(at->second);
  for (const std::size_t number : due) {
    Entry &entry = entries_[number];
    due_.erase({std::exchange(entry.due_ms, never), number});
    entry.worker.on_time(steady_ms());
    settle(number);
    if (steady_ms() - now_ms >= due_work_ms) return;
  }
}

}  // namespace civicast::workers
