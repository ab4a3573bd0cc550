// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/srt.hpp"

#include <srt/srt.h>
#include <time.h>

#include <utility>

namespace civicast::cable {
namespace {

constexpr std::int64_t kQueueSeconds = 3, kHeldSeconds = 1;
/// Without a signal: how soon a connection is looked after.
constexpr std::int64_t kPatienceMs = 100;

std::int64_t monotonic_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

/// libsrt counts its users itself; its threads end with the last of them.
void start_library() {
  srt_startup();
  srt_setloglevel(srt_logging::LogLevel::fatal);
}

}  // namespace

SrtOutput::SrtOutput(const Address &address, std::int64_t rate, const std::string &passphrase)
    : tally_("srt", address.url()),
      backlog_(datagrams_of(rate, kQueueSeconds), 1),
      most_held_(datagrams_of(rate, kHeldSeconds)) {
  start_library();
  link_ = address.is_listener ? srt_listener(address, passphrase, tally_, fate_)
                              : srt_caller(address, passphrase, tally_, fate_);
  // A listener is open before the first datagram comes; a call takes its time.
  if (address.is_listener) link_->tend(monotonic_ms());
  thread_ = std::thread([this] { run(); });
}

SrtOutput::~SrtOutput() {
  backlog_.close();
  thread_.join();
  link_.reset();
  srt_cleanup();
}

std::int64_t SrtOutput::send(const std::vector<iovec> &datagrams) {
  const auto count = static_cast<std::int64_t>(datagrams.size());
  const std::int64_t first = std::exchange(handed_, handed_ + count);
  const bool is_ready = link_->is_ready();
  if (!is_ready && !is_holding_) {
    tally_.failed(count, link_->why_not());
    return count;
  }
  if (is_ready && link_->receivers() == 0) return 0;  // nobody is there to miss it
  const auto dropped = static_cast<std::int64_t>(backlog_.put(datagrams, 0, first));
  if (dropped < count) queued_ = first + count - dropped;
  if (dropped > 0) tally_.failed(dropped, causes::queue_full);
  return dropped;
}

News SrtOutput::news() {
  News news = fate_.read();
  if (news.certain >= queued_) news.certain = handed_;  // the rest was told by send(), or unwanted
  return news;
}

OutputState SrtOutput::state() const {
  OutputState out = tally_.state();
  out.receivers = link_->receivers();
  return out;
}

/// Returns how many still wait: they are held.
std::size_t SrtOutput::take(std::size_t count) {
  if (link_->is_ready()) {
    is_holding_ = true;  // from the next break on
    for (std::size_t i = 0; i < count; ++i) {
      const Backlog::Datagram &datagram = backlog_.at(i);
      link_->send(datagram.bytes, datagram.size, datagram.number);
    }
  } else if (is_holding_ && count < most_held_) {
    return count;
  } else {
    is_holding_ = false;
    if (count > 0) {
      tally_.failed(static_cast<std::int64_t>(count), link_->why_not());
      const std::int64_t first = backlog_.at(0).number, end = backlog_.at(count - 1).number + 1;
      fate_.lost(first, end, static_cast<std::int64_t>(count));
      fate_.certain_until(end);
    }
  }
  backlog_.release(count);
  return 0;
}

void SrtOutput::run() {
  std::size_t held = 0;
  while (!backlog_.is_closed()) {
    const std::size_t count = backlog_.wait(kPatienceMs, held);
    link_->tend(monotonic_ms());
    held = take(count);
  }
}

}  // namespace civicast::cable
