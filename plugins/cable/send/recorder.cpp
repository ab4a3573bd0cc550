// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/recorder.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kQueueSeconds = 8, kPatienceMs = 1000;
/// The disk is written about twice a second, so that the thread costs no wake-ups.
constexpr std::size_t kWakesASecond = 2;

}  // namespace

std::int64_t LossCount::datagrams(std::size_t &rest, std::size_t bytes) {
  rest += bytes;
  const std::size_t whole = rest / Backlog::kMostBytes;
  rest %= Backlog::kMostBytes;
  return static_cast<std::int64_t>(whole);
}

void LossCount::written(std::size_t bytes) {
  tally_.sent(datagrams(written_rest_, bytes));
}

void LossCount::lost(std::size_t bytes, const Cause &cause, int error) {
  if (bytes > 0) tally_.failed_apart(datagrams(lost_rest_, bytes), cause, error);
}

Recorder::Recorder(const Target &target, Load load)
    : tally_(target.rel, target.href),
      backlog_(datagrams_of(target.rate, kQueueSeconds),
               datagrams_of(target.rate, 1) / kWakesASecond),
      now_ns_(target.now_ns),
      thread_([this, load = std::move(load)] { run(load); }) {}

Recorder::~Recorder() {
  backlog_.close();
  thread_.join();
}

std::int64_t Recorder::send(const std::vector<iovec> &datagrams) {
  const auto dropped = static_cast<std::int64_t>(backlog_.put(datagrams, now_ns_()));
  if (dropped > 0) tally_.failed(dropped, causes::queue_full);
  return dropped + tally_.take_news();
}

void Recorder::run(const Load &load) {
  LossCount loss(tally_);
  const std::unique_ptr<Tape> tape = load(loss);
  Cutter cutter(*tape);
  for (;;) {
    const std::size_t count = backlog_.wait(kPatienceMs);
    for (std::size_t i = 0; i < count; ++i) {
      const Backlog::Datagram &datagram = backlog_.at(i);
      tape->now(datagram.at_ns);
      cutter.feed(datagram.bytes, datagram.size, datagram.at_ns);
    }
    backlog_.release(count);
    tape->flush();
    if (count == 0 && backlog_.is_closed()) break;
  }
  cutter.flush();
  tape->close();
}

}  // namespace civicast::cable
