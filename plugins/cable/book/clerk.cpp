// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/book/clerk.hpp"

#include <chrono>

namespace civicast::cable {
namespace {

constexpr auto kRetry = std::chrono::milliseconds(200);
constexpr int kLastRetries = 10;

}  // namespace

bool settle(Unsettled &entry, Host host, History &history, Journal &journal) {
  if (!entry.is_in_history) {
    try {
      history.add(entry.fact);
    } catch (const std::runtime_error &e) {
      host.log(CIV_ERROR, std::string("the history cannot be written: ") + e.what());
      return false;
    }
    entry.is_in_history = true;
  }
  if (!host.emit(entry.fact)) return false;
  if (entry.slot >= 0) journal.free(entry.slot);
  return true;
}

Clerk::Clerk(Host host, History &history, Journal &journal)
    : host_(host), history_(history), journal_(journal), thread_([this] { run(); }) {}

Clerk::~Clerk() {
  {
    const std::scoped_lock lock(mutex_);
    is_closing_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Clerk::put(Fact fact, int slot) {
  {
    const std::scoped_lock lock(mutex_);
    queue_.push_back({std::move(fact), slot, false});
  }
  wake_.notify_one();
}

void Clerk::run() {
  int retries_left = kLastRetries;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return is_closing_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Unsettled entry = std::move(queue_.front());
    lock.unlock();
    const bool is_settled = settle(entry, host_, history_, journal_);
    lock.lock();
    if (is_settled) {
      queue_.pop_front();
      continue;
    }
    queue_.front() = std::move(entry);
    // What cannot be settled before the process ends is still in the journal or the history.
    if (is_closing_ && --retries_left == 0) return;
    lock.unlock();
    std::this_thread::sleep_for(kRetry);
    lock.lock();
  }
}

}  // namespace civicast::cable
