// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/recorder.hpp"

#include <algorithm>

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
  told_bytes_ += bytes;
  tally_.sent(datagrams(written_rest_, bytes));
}

void LossCount::lost(std::size_t bytes, const Cause &cause, int error) {
  if (bytes == 0) return;
  const std::int64_t count = datagrams(lost_rest_, bytes);
  tally_.failed(count, cause, error);
  losses_.push_back({told_bytes_, told_bytes_ + bytes, std::max<std::int64_t>(1, count)});
  told_bytes_ += bytes;
}

void ByteMap::add(std::int64_t number, std::size_t bytes) {
  const std::size_t from = std::exchange(bytes_, bytes_ + bytes);
  if (!stretches_.empty()) {
    Stretch &last = stretches_.back();
    const std::size_t so_far = last.to_bytes - last.from_bytes;
    const auto next = last.number + static_cast<std::int64_t>(so_far / Backlog::kMostBytes);
    if (so_far % Backlog::kMostBytes == 0 && next == number) {
      last.to_bytes = bytes_;
      return;
    }
  }
  stretches_.push_back({from, bytes_, number});
}

std::int64_t ByteMap::number_at(std::size_t at) const {
  for (auto one = stretches_.rbegin(); one != stretches_.rend(); ++one)
    if (at >= one->from_bytes)
      return one->number + static_cast<std::int64_t>((at - one->from_bytes) / Backlog::kMostBytes);
  return 0;
}

void ByteMap::forget_before(std::size_t at) {
  while (!stretches_.empty() && stretches_.size() > 1 && stretches_.front().to_bytes <= at)
    stretches_.pop_front();
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
  const auto count = static_cast<std::int64_t>(datagrams.size());
  const auto dropped = static_cast<std::int64_t>(backlog_.put(datagrams, now_ns_(), handed_));
  if (dropped < count) queued_ = handed_ + count - dropped;
  handed_ += count;
  if (dropped > 0) tally_.failed(dropped, causes::queue_full);
  return dropped;
}

News Recorder::news() {
  News news = fate_.read();
  if (news.certain >= queued_) news.certain = handed_;  // what had no room is told already
  return news;
}

/// [thread] What the tape has told, in datagrams.
void Recorder::tell(LossCount &loss, ByteMap &map) {
  for (const LossCount::Loss &one : loss.take()) {
    const std::int64_t first = map.number_at(one.from_bytes);
    fate_.lost(first, std::max(first, map.number_at(one.to_bytes - 1)) + 1, one.datagrams);
  }
  map.forget_before(loss.told_bytes());
  fate_.certain_until(map.number_at(loss.told_bytes()));
}

void Recorder::run(const Load &load) {
  LossCount loss(tally_);
  const std::unique_ptr<Tape> tape = load(loss);
  Cutter cutter(*tape);
  ByteMap map;
  for (;;) {
    const std::size_t count = backlog_.wait(kPatienceMs);
    for (std::size_t i = 0; i < count; ++i) {
      const Backlog::Datagram &datagram = backlog_.at(i);
      map.add(datagram.number, datagram.size);
      tape->now(datagram.at_ns);
      cutter.feed(datagram.bytes, datagram.size, datagram.at_ns);
    }
    backlog_.release(count);
    tape->flush();
    tell(loss, map);
    if (count == 0 && backlog_.is_closed()) break;
  }
  cutter.flush();
  tape->close();
}

}  // namespace civicast::cable
